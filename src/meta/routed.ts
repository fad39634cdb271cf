import type { MetaEvent } from "./events.ts";

/** An event that is new to its workspace, on its way to the domain rooms. */
export interface RoutedEvent {
  workspace_id: string;
  /** `events.id`: the hash of workspace and key. */
  id: string;
  /** The row of phone_numbers (not Meta's id); null when the webhook names no number. */
  phone_number: string | null;
  journal_id: string;
  received_at: Date;
  /**
   * By Meta's clock; when it arrived where the item has no readable time, or one that is not believed
   * (believed-time.ts). Every module orders by this, never by what the item says.
   */
  occurred_at: Date;
  event: MetaEvent;
}
