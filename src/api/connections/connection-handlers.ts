import { Problem } from "../../base/base.ts";
import * as connections from "../../connections/connections.ts";
import type { ConnectionSettings, KnownNumber } from "../../connections/connections.ts";
import type { Reply } from "../../contract/contract.ts";
import { found, sql, type Queryable } from "../../db/db.ts";
import { listOutages } from "../../installation/installation.ts";
import { waitingOfAll } from "../../journal/journal.ts";
import { createGraph, type Graph } from "../../meta/meta.ts";
import type { HandlersUnder } from "../http/http.ts";
import type { Caller } from "../people/people.ts";
import { valueOf } from "./graph-answers.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

type Routes = Omit<HandlersUnder<"connections" | "unrouted" | "intake_health">, "GET /api/v1/connections">;
const DAY_MS = 86_400_000;
type View = Reply<"GET /api/v1/connections">["data"][number];

type AccountRoute = Extract<keyof Routes, `${string}/accounts${string}` | `${string}/unrouted${string}`>;

/** Meta apps of the workspace, their accounts, and what no workspace took. */
export function connectionHandlers(deps: ConnectionDeps): Routes {
  const view = (workspace_id: string, id: string) => viewOf(deps, workspace_id, id);
  return {
    "POST /api/v1/connections": async ({ caller, body }) => {
      const { graph_url } = deps.graph;
      const id = await deps.connections.add(caller.workspace_id, { ...body, graph_url });
      return view(caller.workspace_id, id);
    },
    "PATCH /api/v1/connections/:id": async ({ caller, params, body }) => {
      await deps.connections.change(caller.workspace_id, params.id, body);
      return view(caller.workspace_id, params.id);
    },
    "DELETE /api/v1/connections/:id": async ({ caller, params }) => {
      await deps.connections.remove(caller.workspace_id, params.id);
      return null;
    },
    "GET /api/v1/connections/:id/verify_token": async ({ caller, params }) => ({
      verify_token: await deps.connections.verifyToken(caller.workspace_id, params.id),
    }),
    "POST /api/v1/connections/:id/rotate-app-secret": async ({ caller, params, body }) => {
      const { from_environment } = await view(caller.workspace_id, params.id);
      if (from_environment)
        throw connections.stateOf(
          "environment",
          "The server's environment sets its app secret. Change META_APP_SECRET there and restart Wharf.",
        );
      const keep_ms = body.keep_hours * 3_600_000;
      await deps.connections.rotateAppSecret(caller.workspace_id, params.id, body.app_secret, keep_ms);
      return view(caller.workspace_id, params.id);
    },
    "POST /api/v1/connections/:id/check": async ({ caller, params, body }) => {
      await checkNow(deps, caller.workspace_id, params.id, body.callback_url ?? null);
      return view(caller.workspace_id, params.id);
    },
    "POST /api/v1/connections/:id/subscribe": async ({ caller, params, body }) => {
      await subscribeApp(deps, caller.workspace_id, params.id, body.callback_url);
      return view(caller.workspace_id, params.id);
    },
    ...accountHandlers(deps),
    "GET /api/v1/intake_health": async ({ caller, query }) => {
      const since = new Date(deps.clock.now() - query.days * DAY_MS);
      const [outages, rejects, waiting] = await Promise.all([
        listOutages(deps.db, since),
        connections.listRejects(deps.db, caller.workspace_id, since),
        waitingOfAll(deps.db),
      ]);
      return { outages, rejects, ...waiting };
    },
  };
}

/** The accounts of a connection, and webhooks of those that no workspace has. */
function accountHandlers(deps: ConnectionDeps): Pick<Routes, AccountRoute> {
  const { db, journal } = deps;
  return {
    "GET /api/v1/connections/:id/accounts": async ({ caller, params }) => ({
      data: await connections.listAccounts(db, caller.workspace_id, params.id),
    }),
    "POST /api/v1/connections/:id/accounts": async ({ caller, params, body }) => {
      const { waba_id } = body;
      const to = { caller, connection_id: params.id, waba_id };
      const mapping = await mappingOf(deps, to, body.workspace_id, true);
      await db.transaction((tx) => connections.mapAccount(tx, mapping));
      return { data: await connections.listAccounts(db, caller.workspace_id, params.id) };
    },
    "POST /api/v1/connections/:id/accounts/:waba_id/subscribe": async ({ caller, params, body }) => {
      const { id, waba_id } = params;
      const graph = await graphOf(deps, caller.workspace_id, id);
      try {
        const { callback_url } = body;
        const override =
          callback_url === null
            ? undefined
            : {
                callback_url,
                verify_token: await tokenFor(deps, caller.workspace_id, id, body.verify_token),
              };
        valueOf(await graph.subscribe(waba_id, override));
      } finally {
        await graph.stop();
      }
      return { data: await connections.listAccounts(db, caller.workspace_id, id) };
    },
    "GET /api/v1/unrouted": async ({ caller }) => ({
      data: await connections.listUnrouted(db, caller.workspace_id),
    }),
    "POST /api/v1/unrouted/adopt": async ({ caller, body }) => {
      const mapping = await mappingOf(deps, { caller, ...body }, body.workspace_id, false);
      return db.transaction(async (tx) => {
        await connections.mapAccount(tx, mapping);
        const ids = await connections.takeUnrouted(tx, { ...body, workspace_id: caller.workspace_id });
        return { webhooks: await journal.queueAgain(tx, ids) };
      });
    },
    "POST /api/v1/unrouted/discard": async ({ caller, body }) => ({
      webhooks: await connections.discardUnrouted(db, { ...body, workspace_id: caller.workspace_id }),
    }),
  };
}

async function viewOf(
  deps: ConnectionDeps,
  workspace_id: string,
  id: string,
): Promise<ConnectionSettings & { findings: View["findings"] }> {
  const all = await deps.connections.list(workspace_id);
  return found(all.find((one) => one.id === id));
}

/** What only a connection with both can do. */
async function secretsOf(deps: ConnectionDeps, workspace_id: string, id: string) {
  const { graph_url, app_secret, access_token } = found(
    (await deps.connections.open(workspace_id, id)) ?? undefined,
  );
  if (access_token === null)
    throw connections.stateOf(
      "no_access_token",
      "It has no access token yet, so Meta can't be asked. Enter one first.",
    );
  return { graph_url, app_secret, access_token };
}

async function graphOf(deps: ConnectionDeps, workspace_id: string, id: string): Promise<Graph> {
  const { graph_url, access_token } = await secretsOf(deps, workspace_id, id);
  const { graph_version: version } = deps.graph;
  return createGraph({
    base_url: graph_url,
    ...(version === undefined ? {} : { version }),
    token: () => access_token,
    connect_timeout_ms: 5_000,
  });
}

async function checkNow(
  deps: ConnectionDeps,
  workspace_id: string,
  id: string,
  callback_url: string | null,
): Promise<void> {
  const { app_secret, ...secrets } = await secretsOf(deps, workspace_id, id);
  if (app_secret === null)
    throw connections.stateOf(
      "no_app_secret",
      "It has no app secret yet, so nothing can be checked. Enter one first.",
    );
  const { app_id } = await viewOf(deps, workspace_id, id);
  const known = await connections.listAccounts(deps.db, workspace_id, id);
  const { findings, app } = await connections.checkMeta(
    {
      ...secrets,
      app_secret,
      app_id,
      callback_url,
      graph_version: deps.graph.graph_version,
      waba_ids: known.map(({ waba_id }) => waba_id),
    },
    deps.clock.now(),
  );
  await deps.connections.recordCheck(id, findings, app?.id ?? null);
}

/** Meta asks the callback URL for the verify token before it answers. */
async function subscribeApp(
  deps: ConnectionDeps,
  workspace_id: string,
  id: string,
  callback_url: string,
): Promise<void> {
  const { app_secret } = await secretsOf(deps, workspace_id, id);
  const verify_token = await tokenFor(deps, workspace_id, id, undefined);
  const graph = await graphOf(deps, workspace_id, id);
  try {
    const app = valueOf(await graph.app());
    const fields = [...connections.NEEDED_FIELDS, ...connections.WANTED_FIELDS];
    const to = { callback_url, verify_token, fields };
    valueOf(await graph.subscribeApp({ id: app.id, secret: app_secret ?? "" }, to));
  } finally {
    await graph.stop();
  }
  await checkNow(deps, workspace_id, id, callback_url);
}

async function tokenFor(
  deps: ConnectionDeps,
  workspace_id: string,
  id: string,
  given: string | undefined,
): Promise<string> {
  const verify_token = given ?? (await deps.connections.verifyToken(workspace_id, id));
  if (verify_token === null)
    throw connections.stateOf(
      "no_verify_token",
      "It has no verify token yet. Enter one first, or one for this address.",
    );
  return verify_token;
}

interface To {
  caller: Caller;
  connection_id: string;
  waba_id: string;
}

/** `must_answer`: the account is added by hand, so Meta must know it; what was heard of it already needs no answer. */
async function mappingOf(
  deps: ConnectionDeps,
  { caller, connection_id, waba_id }: To,
  to_workspace_id = caller.workspace_id,
  must_answer = false,
): Promise<connections.Mapping> {
  await requireOwner(deps.db, caller, to_workspace_id);
  const base = { workspace_id: caller.workspace_id, connection_id, waba_id, to_workspace_id };
  const has_token = (await viewOf(deps, caller.workspace_id, connection_id)).has_access_token;
  if (!has_token && !must_answer) return { ...base, name: null, numbers: [] };
  const graph = await graphOf(deps, caller.workspace_id, connection_id);
  try {
    const account = await graph.account(waba_id);
    if (account.outcome !== "done" && !must_answer) return { ...base, name: null, numbers: [] };
    const { name } = valueOf(account);
    return { ...base, name, numbers: await numbersOf(graph, waba_id) };
  } finally {
    await graph.stop();
  }
}

async function numbersOf(graph: Graph, waba_id: string): Promise<KnownNumber[]> {
  const numbers: KnownNumber[] = [];
  for await (const page of graph.phoneNumbers(waba_id))
    for (const number of valueOf(page))
      numbers.push({
        phone_number_id: number.id,
        display_phone_number: number.display_phone_number.replace(/\D/g, ""),
        verified_name: number.verified_name,
        quality: number.quality_rating,
      });
  return numbers;
}

/** One gives accounts to one's own workspace, and to others of which one is an owner too. */
async function requireOwner(db: Queryable, caller: Caller, workspace_id: string): Promise<void> {
  if (workspace_id === caller.workspace_id) return;
  const owner = await db.first(sql`
    select from members where workspace_id = ${workspace_id} and user_id = ${caller.user?.id ?? null}
      and role = 'owner' and deactivated_at is null`);
  if (!owner) throw new Problem("FORBIDDEN", "You can give accounts only to workspaces that you own.");
}
