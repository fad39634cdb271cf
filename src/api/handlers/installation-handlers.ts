import { countPending } from "../../delivery/delivery.ts";
import { confirm, readBackups, readHold } from "../../installation/installation.ts";
import { countQueued } from "../../sending/sending.ts";
import type { HandlersUnder } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** Whether this Wharf may send, and an owner's word that it may. */
export function installationHandlers({ db, releases }: HandlerDeps): HandlersUnder<"installation"> {
  return {
    "GET /api/v1/installation": async ({ caller }) => {
      const [hold, { backed_up_at, failed_at }] = await Promise.all([readHold(db), readBackups(db)]);
      const { workspace_id } = caller;
      const [pending_deliveries, pending_sends] =
        hold === null
          ? [0, 0]
          : await Promise.all([countPending(db, workspace_id), countQueued(db, workspace_id)]);
      return {
        hold: hold && {
          reason: hold.reason,
          since: hold.since.toISOString(),
          snapshot_at: hold.snapshot_at?.toISOString() ?? null,
        },
        pending_deliveries,
        pending_sends,
        backed_up_at: backed_up_at?.toISOString() ?? null,
        backup_failed_at: failed_at?.toISOString() ?? null,
      };
    },
    "POST /api/v1/installation/confirm": async ({ body }) => {
      // Two owners may press the button at once.
      const released = await confirm(db, body.pending, releases);
      const { sends = 0, campaigns = 0, deliveries = 0 } = released ?? {};
      return { unconfirmed_sends: sends, paused_campaigns: campaigns, cancelled_deliveries: deliveries };
    },
  };
}
