import { idOf, newId } from "../../src/base/base.ts";
import type { EventData } from "../../src/meta/events.ts";
import type { RoutedEvent } from "../../src/meta/routed.ts";

/** The tests' time begins here. */
export const timeAt = (at_s: number) => new Date(1_790_000_000_000 + at_s * 1_000);

/** What a webhook told of a template, as it comes to the templates room; told again it is the same event. */
export function templateEvent(
  workspace_id: string,
  data: EventData,
  at_s: number,
  waba_id: string | null,
): RoutedEvent {
  const key = JSON.stringify([data, at_s, waba_id]);
  return {
    workspace_id,
    id: idOf(`${workspace_id}:${key}`),
    phone_number: null,
    journal_id: newId(),
    received_at: new Date(),
    occurred_at: timeAt(at_s),
    event: {
      data,
      key,
      waba_id,
      subscription: "template_status",
      occurred_at_ms: null,
      position: 0,
      path: { entry: 0, change: 0, list: null, index: 0 },
      phone_number_id: null,
      display_phone_number: null,
      payload: "{}",
      problem: null,
    },
  };
}
