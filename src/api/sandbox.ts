import type { Reply, Seen } from "../contract/contract.ts";

/** What sandbox mode puts here: the simulator, playing Meta for one workspace. It may run in another process. */
export interface Sandbox {
  workspace_id: string;
  describe(): Promise<Reply<"GET /api/v1/sandbox">>;
  /** Posts the webhook that Meta would; `status` is what intake answered. */
  play(
    message: Seen<"POST /api/v1/sandbox/messages">["body"],
  ): Promise<Reply<"POST /api/v1/sandbox/messages">>;
  state(): Promise<Reply<"GET /api/v1/sandbox/simulator">>;
  change(change: Seen<"PATCH /api/v1/sandbox/simulator">["body"]): Promise<void>;
  take(step: Seen<"POST /api/v1/sandbox/simulator/steps">["body"]): Promise<void>;
  start(play: Seen<"POST /api/v1/sandbox/simulator/play">["body"]): Promise<void>;
  halt(): Promise<void>;
}
