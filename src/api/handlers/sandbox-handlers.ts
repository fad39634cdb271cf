import type { HandlersUnder } from "../http/http.ts";
import type { Caller } from "../people/people.ts";
import type { HandlerDeps } from "./handler-deps.ts";
import { sandboxOf, type Sandbox } from "../whole/whole.ts";

/** The simulator of Meta, in sandbox mode. */
export function sandboxHandlers(deps: HandlerDeps): HandlersUnder<"sandbox"> {
  const sandbox = (caller: Caller) => sandboxOf(deps.sandbox, caller);
  const drive = async (caller: Caller, work: (meta: Sandbox) => Promise<void>) => {
    const meta = sandbox(caller);
    await work(meta);
    return meta.state();
  };
  return {
    "GET /api/v1/sandbox": async ({ caller }) => sandbox(caller).describe(),
    "POST /api/v1/sandbox/messages": async ({ caller, body }) => sandbox(caller).play(body),
    "GET /api/v1/sandbox/simulator": async ({ caller }) => sandbox(caller).state(),
    "PATCH /api/v1/sandbox/simulator": ({ caller, body }) => drive(caller, (meta) => meta.change(body)),
    "POST /api/v1/sandbox/simulator/steps": ({ caller, body }) => drive(caller, (meta) => meta.take(body)),
    "POST /api/v1/sandbox/simulator/play": ({ caller, body }) => drive(caller, (meta) => meta.start(body)),
    "DELETE /api/v1/sandbox/simulator/play": ({ caller }) => drive(caller, (meta) => meta.halt()),
  };
}
