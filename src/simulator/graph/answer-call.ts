import { tableOf } from "../../base/base.ts";
import { type Call, createTable, type GraphWorld, type Parameters, parametersOf } from "./calls/calls.ts";
import { GraphFault, graphFault, unknownField, unknownObject } from "./protocol/protocol.ts";
import type { ManagementPace } from "./state/state.ts";

/** What decides how a call is answered, beside the world. */
export interface Answering {
  world: GraphWorld;
  table: ReturnType<typeof createTable>;
  management: ManagementPace;
  isDown: () => boolean;
}

/** What the call answers; throws a GraphFault. */
export async function answerCall(
  { world, table, management, isDown }: Answering,
  call: Call,
): Promise<unknown> {
  const { app, token } = world;
  const { method, path } = call;
  let read: Promise<Parameters> | null = null;
  const parameters = () => (read ??= parametersOf(call));
  if (isDown()) throw new GraphFault(2, "Service temporarily unavailable");
  const [id, ...rest] = path;
  const kind = table.kindOf(id);
  const given = call.token === "" && method !== "GET" ? await tokenIn(parameters()) : call.token;
  // The app's own token is as good as a person's.
  const isApp = app.secret !== undefined && given === `${app.id}|${app.secret}`;
  if (!isApp && !table.isOpen(kind)) checkToken(given, token);
  if (!isApp && kind !== undefined) checkScope(app.scopes, method, kind, rest);
  // What a number sends and uploads is no management.
  const managed =
    id === undefined || (kind === "number" && rest.length > 0) ? undefined : table.accountOf(id);
  if (managed !== undefined) management.take(managed);
  const row = kind === undefined ? undefined : table.find(method, kind, rest);
  if (!row)
    throw kind !== undefined && method === "GET" && rest.length > 0
      ? unknownField(rest[0]!, TYPE_NAMES[kind] ?? kind)
      : unknownObject(method, id ?? "");
  return row({
    ...call,
    token: given,
    id: id ?? "",
    rest,
    parameters: async () => (await parameters()).values,
    files: async () => (await parameters()).files,
  });
}

/** Accounts, numbers and templates are managed by one permission, and written from by the other. */
function checkScope(scopes: readonly string[], method: string, kind: string, rest: readonly string[]): void {
  if (!MANAGED.has(kind)) return;
  const needed =
    kind === "number" && method === "POST" && rest[0] === "messages"
      ? "whatsapp_business_messaging"
      : "whatsapp_business_management";
  if (!scopes.includes(needed))
    throw graphFault(`(#200) You do not have permission to access this object: ${needed} is missing.`, 200);
}
const MANAGED = new Set(["account", "number", "template"]);

/** As Graph calls them. */
const TYPE_NAMES = tableOf<string>({
  number: "WhatsAppBusinessPhoneNumber",
  account: "WhatsAppBusinessAccount",
  template: "WhatsAppMessageTemplate",
});

/** A body may hold it, too. */
const tokenIn = (parameters: Promise<Parameters>): Promise<string> =>
  parameters.then(
    ({ values: { access_token } }) => (typeof access_token === "string" ? access_token : ""),
    () => "",
  );

function checkToken(given: string, token: string | undefined): void {
  if (given === "") throw graphFault("An access token is required to request this resource.", 104);
  if (token !== undefined && given !== token)
    throw new GraphFault(190, "Invalid OAuth access token - Cannot parse access token");
}
