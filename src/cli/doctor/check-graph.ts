import { createSecretBox, systemClock } from "../../base/base.ts";
import { withMasterKeys, type Config } from "../../config.ts";
import {
  addedConnections,
  checkMeta,
  createConnections,
  inOneLine,
  type CheckedConnection,
  type MetaFinding,
} from "../../connections/connections.ts";
import { sql, type Database } from "../../db/db.ts";
import type { Finding } from "../finding.ts";

export type GraphSettings = Omit<CheckedConnection, "words">;

const IN_THE_ENVIRONMENT = { access_token: "META_ACCESS_TOKEN", app_secret: "META_APP_SECRET" };

/** What the page checks of a connection, in a terminal: of the environment's, by the names of its variables. */
export async function checkGraph(settings: GraphSettings, now_ms = Date.now()): Promise<Finding[]> {
  const { findings } = await checkMeta({ ...settings, words: IN_THE_ENVIRONMENT }, now_ms);
  return findings.map(asLine);
}

/** Those that were added in the page. `db` may be of an older schema, and a secret's master key may be gone. */
export async function checkStored(db: Database, config: Config): Promise<Finding[]> {
  const known = await db.first<{ known: boolean }>(sql`
    select exists (select from information_schema.columns
      where table_schema = 'public' and table_name = 'connections' and column_name = 'managed_by') as known`);
  if (known?.known !== true) return [];
  const box = createSecretBox(withMasterKeys(config).master_keys);
  const connections = createConnections({ db, box, clock: systemClock });
  const findings: Finding[] = [];
  for (const { id, name, waba_ids } of await addedConnections(db)) {
    const secrets = await connections.reach(id);
    if (!secrets?.access_token || !secrets.app_secret) {
      const lacks = secrets?.app_secret ? "access token" : "app secret";
      const text = `${name} has no ${lacks}; enter one under Settings, Connections`;
      findings.push({ state: "note", subject: "connection", text });
      continue;
    }
    const { access_token, app_secret, graph_url } = secrets;
    const { graph_version } = config.meta;
    const callback_url = config.public_url === null ? null : `${config.public_url}/webhooks/meta/${id}`;
    const given = { access_token, app_secret, graph_url, graph_version, callback_url, waba_ids };
    const { findings: found } = await checkMeta(given, Date.now());
    for (const finding of found)
      findings.push({ ...asLine(finding), text: `${name}: ${inOneLine(finding)}` });
  }
  return findings;
}

const SUBJECTS: Partial<Record<MetaFinding["check"], string>> = {
  account: "account",
  number: "number",
  callback: "callback URL",
  fields: "fields",
  app_mode: "app",
};

const asLine = (finding: MetaFinding): Finding => ({
  state: finding.state,
  subject: SUBJECTS[finding.check] ?? "Meta",
  text: inOneLine(finding),
});
