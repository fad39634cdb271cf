import { createGraph, type Failed, type Graph } from "../../meta/meta.ts";
import type { Finding } from "../finding.ts";

export interface GraphSettings {
  graph_url: string;
  graph_version: string;
  access_token: string;
  app_secret: string;
}

const NEEDED = ["whatsapp_business_messaging", "whatsapp_business_management"];
const ACCOUNTS_ASKED = 20;
const DAY_S = 86_400;

/** Asks Meta whether the token, the app secret and the subscriptions of the accounts are what Wharf needs. */
export async function checkGraph(settings: GraphSettings, now_ms = Date.now()): Promise<Finding[]> {
  const { graph_url, graph_version, access_token, app_secret } = settings;
  const graph = createGraph({
    base_url: graph_url,
    version: graph_version,
    token: () => access_token,
    timeout_ms: 10_000,
    connect_timeout_ms: 5_000,
  });
  try {
    const app = await graph.app();
    if (app.outcome !== "done")
      return [problem("Meta", `META_ACCESS_TOKEN can't be checked: ${reasonOf(app, graph_url)}`)];
    const { id, name } = app.value;
    const shown = name === null ? id : `${name} (${id})`;
    const token = await graph.inspectToken({ id, secret: app_secret });
    if (token.outcome !== "done") {
      const isSecret = token.outcome === "refused" && [1, 101, 190].includes(token.error.code ?? 0);
      return [
        problem(
          "Meta",
          isSecret
            ? `META_APP_SECRET is not the secret of ${shown}, whose token META_ACCESS_TOKEN is; copy it from the app's basic settings.`
            : `the token of ${shown} can't be checked: ${reasonOf(token, graph_url)}`,
        ),
      ];
    }
    const { is_valid, expires_at, scopes, granular_scopes } = token.value;
    if (!is_valid)
      return [problem("Meta", `META_ACCESS_TOKEN is no longer valid; make a new one for the system user.`)];
    const missing = NEEDED.filter((scope) => !scopes.includes(scope));
    if (missing.length > 0)
      return [problem("Meta", `the token lacks ${missing.join(" and ")}; make one with both permissions.`)];
    const ends_s = expires_at ? expires_at - now_ms / 1_000 : Number.POSITIVE_INFINITY;
    const findings: Finding[] = [
      ends_s > 14 * DAY_S
        ? { state: "ok", subject: "Meta", text: `app ${shown}, Graph API ${graph_version} at ${graph_url}` }
        : problem(
            "Meta",
            `the token of ${shown} ends in ${Math.max(0, Math.floor(ends_s / DAY_S))} days; make one that does not expire, for a system user.`,
          ),
    ];
    const accounts =
      granular_scopes.find(({ scope }) => scope === "whatsapp_business_management")?.target_ids ?? [];
    for (const account of accounts.slice(0, ACCOUNTS_ASKED))
      findings.push(await checkAccount(graph, account, id, graph_url));
    if (accounts.length === 0)
      findings.push({
        state: "note",
        subject: "Meta",
        text: "the token does not say which accounts it may see",
      });
    return findings;
  } finally {
    await graph.stop();
  }
}

async function checkAccount(
  graph: Graph,
  waba_id: string,
  app_id: string,
  graph_url: string,
): Promise<Finding> {
  const subject = "account";
  const subscriptions = await graph.subscriptions(waba_id);
  if (subscriptions.outcome !== "done")
    return problem(subject, `${waba_id} can't be seen: ${reasonOf(subscriptions, graph_url)}`);
  const own = subscriptions.value.find((subscription) => subscription.app_id === app_id);
  if (!own)
    return problem(
      subject,
      `${waba_id} does not send its webhooks to this app; subscribe it (POST /${waba_id}/subscribed_apps).`,
    );
  const numbers: string[] = [];
  for await (const page of graph.phoneNumbers(waba_id)) {
    if (page.outcome !== "done")
      return problem(subject, `${waba_id}'s numbers can't be seen: ${reasonOf(page, graph_url)}`);
    for (const { display_phone_number, quality_rating } of page.value)
      numbers.push(`${display_phone_number}${quality_rating === null ? "" : ` (${quality_rating})`}`);
  }
  const where = own.override_callback_uri === null ? "to this app" : `to ${own.override_callback_uri}`;
  return {
    state: own.override_callback_uri === null ? "ok" : "note",
    subject,
    text: `${waba_id} sends its webhooks ${where}; numbers: ${numbers.join(", ") || "none"}`,
  };
}

const problem = (subject: string, text: string): Finding => ({ state: "problem", subject, text });

function reasonOf(failed: Failed, graph_url: string): string {
  if (failed.outcome === "refused") return `${failed.error.says} ${failed.error.advice}`;
  return `${graph_url} did not answer (${failed.reason.replace(/\.$/, "")}); check the network, or META_GRAPH_URL.`;
}
