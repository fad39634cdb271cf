import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { auditing, createApi, createPeople, pruneAudit, type Sandbox } from "../api/api.ts";
import { projectDir, registry } from "../base/base.ts";
import { createHappened } from "../automations/automations.ts";
import { addressOf, installationOf } from "../config.ts";
import { paced } from "../db/db.ts";
import { createCallSecrets, createEndpoints, createSender, createTester } from "../delivery/delivery.ts";
import { beatIntake } from "../installation/installation.ts";
import { createIntake } from "../intake/intake.ts";
import { createLiveReader } from "../live/live.ts";
import { connectionsOf, graphsOf } from "./connections-part.ts";
import { environmentConnection } from "./environment-connection.ts";
import { createListen } from "./follow-messages.ts";
import { HOUR_MS, startChore, started, startPool, type Parts } from "./parts.ts";
import { filesOf, guardOf, openJournal, recoveriesOf } from "./shared-parts.ts";
import { JOIN_FOLLOWERS } from "./join-followers.ts";
import { RELEASES } from "./releases.ts";
import { TEMPLATE_USES } from "./template-uses.ts";
import { checkConfirmed } from "./while-held.ts";

/** How long one question of the API may occupy the database: who asked may long be gone. */
const API_STATEMENT_MS = 15_000;
/** Somewhat longer: the server's own word for it comes first while the line is alive. */
const API_QUERY_MS = 20_000;
/** How often the live feed is read while it moves: each time has its price, however little is new. */
const LIVE_PACE_MS = 100;
const LIVE_RETENTION_HOURS = 24;
/** How often intake says that it is alive. */
const BEAT_MS = 15_000;
/** How late wrong signatures show. */
const REJECTS_MS = 5_000;

export interface Front {
  address: string;
  sign_in_url: string | null;
}

/** Intake and the API: one server, whichever of the two it is for. */
export async function startFront(parts: Parts): Promise<Front> {
  const { config, box, log, clock } = parts;
  const db = startPool(parts, {
    name: "api",
    max: config.api_pool_size,
    statement_timeout_ms: API_STATEMENT_MS,
    query_timeout_ms: API_QUERY_MS,
  });
  const connections = connectionsOf(parts);
  const people = createPeople({ db, box, log: log.child({ part: "people" }) });
  const { workspace_id } = await people.ensureOwner({ url: null });
  if (config.api_key !== null) await people.ensureApiKey(config.api_key);
  const connection_id = await connections.ensureFromEnvironment(
    workspace_id,
    environmentConnection(config, box),
  );

  const journal = await openJournal(parts);
  const intake = parts.duties.includes("intake")
    ? started(parts, createIntake({ connections, journal, log: log.child({ part: "intake" }), clock }))
    : null;
  if (intake) {
    startChore(parts, REJECTS_MS, () => connections.recordRejects());
    startChore(parts, BEAT_MS, () => beatIntake(parts.db));
  }
  const sending_parts = {
    db: parts.db,
    box,
    guard: guardOf(parts),
    log: log.child({ part: "delivery" }),
    clock,
  };
  const tester = createTester(sending_parts);
  const sender = createSender(sending_parts);
  const graphs = graphsOf(parts);
  const api = await createApi({
    db,
    clock,
    box,
    log,
    people,
    intake,
    journal,
    recoveries: recoveriesOf(parts),
    releases: RELEASES,
    join_followers: JOIN_FOLLOWERS,
    call_secrets: createCallSecrets({ db, box }),
    endpoints: createEndpoints({ db: auditing(parts.db), box, guard: guardOf(parts), clock }),
    tester: { test: (...given) => checkConfirmed(db).then(() => tester.test(...given)) },
    sender: { send: (...given) => checkConfirmed(db).then(() => sender.send(...given)) },
    live: startLive(parts),
    files: filesOf(parts),
    graphs: { of: (id) => checkConfirmed(db).then(() => graphs.of(id)) },
    template_uses: TEMPLATE_USES,
    public_url: config.public_url,
    mail_configured: config.mail !== null,
    listen: createListen({ clock }),
    happened: createHappened({ clock }),
    sandbox: config.mode === "sandbox" ? await openSandbox(parts, workspace_id, connection_id) : null,
    connections,
    graph: config.meta,
    installation: installationOf(config),
    trusted_proxies: config.trusted_proxies,
    metrics: parts.options.metricsOfAll ?? (() => registry.metrics()),
    web_dir: join(projectDir, "dist/web"),
  });
  started(parts, { stop: () => api.close() });
  // Stopped before it, as the API waits for requests under way.
  started(parts, tester);
  started(parts, sender);
  await api.listen({ host: config.host, port: config.port });
  const address = addressOf(config.host, (api.server.address() as AddressInfo).port);
  return {
    address,
    sign_in_url: parts.options.greet ? (await people.ensureOwner({ url: address })).link : null,
  };
}

function startLive(parts: Parts) {
  const { db, listener, log } = parts;
  const live = started(
    parts,
    createLiveReader({ db, listener: paced(listener, LIVE_PACE_MS), log: log.child({ part: "live" }) }),
  );
  startChore(parts, HOUR_MS, () => live.retain(LIVE_RETENTION_HOURS));
  startChore(parts, HOUR_MS, () => pruneAudit(db));
  return live;
}

async function openSandbox(parts: Parts, workspace_id: string, connection_id: string): Promise<Sandbox> {
  const { openSimulator } = await import("./simulator-role.ts");
  return { workspace_id, ...openSimulator(parts, connection_id) };
}
