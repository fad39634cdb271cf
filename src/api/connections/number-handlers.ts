import { Problem } from "../../base/base.ts";
import { noteNumber, readNumber, setSilence, stateOf } from "../../connections/connections.ts";
import type { Reply } from "../../contract/contract.ts";
import { publish } from "../../live/live.ts";
import type { Called, Graph } from "../../meta/meta.ts";
import type { HandlersUnder } from "../http/http.ts";
import { valueOf } from "./graph-answers.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

type State = Reply<"GET /api/v1/phone_numbers/:id/settings">;
type Routes = Omit<
  HandlersUnder<"phone_numbers">,
  "GET /api/v1/phone_numbers" | "POST /api/v1/phone_numbers/:id/resume"
>;

export type NumberRoute = keyof Routes;

/** What an operator sees and sets of a number, at Meta. */
export function numberHandlers(deps: ConnectionDeps): Routes {
  const act = async (
    { workspace_id }: { workspace_id: string },
    id: string,
    call?: (graph: Graph, meta_id: string) => Promise<Called<unknown>>,
  ): Promise<State> => {
    const { graph, number } = await reach(deps, workspace_id, id);
    if (call) valueOf(await call(graph, number.phone_number_id));
    return readState(deps, workspace_id, id);
  };
  return {
    "GET /api/v1/phone_numbers/:id/settings": ({ caller, params }) => act(caller, params.id),
    "PATCH /api/v1/phone_numbers/:id/settings": async ({ caller, params, body }) => {
      await setSilence(deps.db, caller.workspace_id, params.id, body.silence_after_s);
      return act(caller, params.id);
    },
    "PATCH /api/v1/phone_numbers/:id/profile": ({ caller, params, body }) =>
      act(caller, params.id, (graph, id) => graph.changeProfile(id, body)),
    "POST /api/v1/phone_numbers/:id/register": ({ caller, params, body }) =>
      act(caller, params.id, (graph, id) => graph.register(id, body.pin)),
    "POST /api/v1/phone_numbers/:id/deregister": ({ caller, params }) =>
      act(caller, params.id, (graph, id) => graph.deregister(id)),
    "POST /api/v1/phone_numbers/:id/pin": ({ caller, params, body }) =>
      act(caller, params.id, (graph, id) => graph.setPin(id, body.pin)),
    "POST /api/v1/phone_numbers/:id/request-code": ({ caller, params, body }) =>
      act(caller, params.id, (graph, id) => graph.requestCode(id, body.method, body.language)),
    "POST /api/v1/phone_numbers/:id/verify-code": ({ caller, params, body }) =>
      act(caller, params.id, (graph, id) => graph.verifyCode(id, body.code.replace("-", ""))),
    "POST /api/v1/phone_numbers/:id/override": async ({ caller, params, body }) => {
      const { callback_url } = body;
      if (callback_url === null) return act(caller, params.id, (graph, id) => graph.overrideNumber(id, null));
      const verify_token = body.verify_token ?? (await tokenOf(deps, caller.workspace_id, params.id));
      return act(caller, params.id, (graph, id) => graph.overrideNumber(id, { callback_url, verify_token }));
    },
  };
}

/** Throws NOT_FOUND, and NOT_CONNECTED where there is no access token. */
async function reach({ db, graphs }: ConnectionDeps, workspace_id: string, id: string) {
  const number = await readNumber(db, workspace_id, id);
  const graph = await graphs.of(number.connection_id);
  if (!graph) throw new Problem("NOT_CONNECTED");
  return { graph, number };
}

/** A number of a connection that others manage needs a token of its own. */
async function tokenOf(
  { db, connections }: ConnectionDeps,
  workspace_id: string,
  id: string,
): Promise<string> {
  const { connection_id } = await readNumber(db, workspace_id, id);
  const token = await connections.verifyToken(workspace_id, connection_id).catch(() => null);
  if (token === null) throw stateOf("no_verify_token", "Enter the verify token that this address expects.");
  return token;
}

/** As Meta says now; what of it the lists show is kept. */
async function readState(deps: ConnectionDeps, workspace_id: string, id: string): Promise<State> {
  const { db, clock } = deps;
  const { graph, number } = await reach(deps, workspace_id, id);
  const [state, profile] = await Promise.all([
    graph.numberState(number.phone_number_id),
    graph.profile(number.phone_number_id),
  ]);
  const told = valueOf(state);
  const { verified_name, quality_rating, webhook_configuration: webhooks } = told;
  await db.transaction(async (tx) => {
    const said = { verified_name, quality: quality_rating };
    if (await noteNumber(tx, { workspace_id, id }, said, clock.now()))
      await publish(tx, [{ workspace_id, name: "PhoneNumberUpdated", data: { phone_number_id: id } }]);
  });
  return {
    display_phone_number: told.display_phone_number,
    verified_name,
    name_status: told.name_status,
    quality_rating,
    messaging_limit: told.whatsapp_business_manager_messaging_limit,
    throughput: told.throughput,
    registered: told.status === null ? null : told.status === "CONNECTED",
    verified: told.code_verification_status === null ? null : told.code_verification_status === "VERIFIED",
    has_pin: told.is_pin_enabled,
    test_number: told.account_mode === "SANDBOX",
    callback_url: webhooks?.phone_number ?? webhooks?.whatsapp_business_account ?? null,
    silence_after_s: number.silence_after_s,
    profile: valueOf(profile),
  };
}
