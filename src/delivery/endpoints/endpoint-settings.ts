import type { Subscription } from "../../meta/events.ts";
import type { HeaderChanges } from "../signing/signing.ts";
import type { RetryPreset } from "../policy/policy.ts";

/** What a user may set; the rest has a default. As zod hands it over: a key that was not sent may be undefined. */
export interface EndpointSettings {
  url: string;
  description?: string | null | undefined;
  enabled: boolean;
  events: readonly Subscription[];
  headers?: HeaderChanges | undefined;
  retry_preset?: RetryPreset | undefined;
  rate_limit_per_s?: number | null | undefined;
  concurrency?: number | undefined;
  timeout_ms?: number | undefined;
  give_up_after_s?: number | undefined;
}
export type EndpointChanges = { [Key in keyof EndpointSettings]?: EndpointSettings[Key] | undefined };
