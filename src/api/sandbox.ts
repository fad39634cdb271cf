import type { Reply, Seen } from "../contract/contract.ts";

/** What sandbox mode puts here: the simulator, playing Meta for one workspace. */
export interface Sandbox {
  workspace_id: string;
  describe(): Promise<Reply<"GET /api/v1/sandbox">>;
  /** Posts the webhook that Meta would; `status` is what intake answered. */
  play(
    message: Seen<"POST /api/v1/sandbox/messages">["body"],
  ): Promise<Reply<"POST /api/v1/sandbox/messages">>;
}
