import { z } from "zod";
import { manage } from "./permissions.ts";
import type { Endpoint } from "./endpoint.ts";
import { Time } from "./shapes.ts";

export const Hold = z.object({
  reason: z
    .enum(["restored", "copied", "older"])
    .describe("From a backup; not where it last ran; or its database went back in time"),
  since: Time,
  snapshot_at: Time.nullable().describe("The moment of the backup; null: not known"),
});

/** Whether this Wharf may send: one that was restored or copied waits for an owner's word. */
export const installationRoutes = {
  "GET /api/v1/installation": {
    needs: "everyone",
    summary: "Whether this Wharf is on hold, and when it was last backed up",
    response: z.object({
      hold: Hold.nullable().describe("Null: it sends"),
      pending_deliveries: z.number().int().describe("While on hold: webhooks that wait, of your workspace"),
      pending_sends: z.number().int().describe("While on hold: messages that wait, of your workspace"),
      backed_up_at: Time.nullable(),
      backup_failed_at: Time.nullable().describe("Since the last good one; null: none failed"),
    }),
  },
  "POST /api/v1/installation/confirm": {
    needs: manage("settings"),
    summary: "Let a Wharf that was restored or copied send again",
    body: z
      .object({
        pending: z
          .enum(["send", "drop"])
          .describe(
            "What is done with webhooks that waited at the time of the backup: sent, under the same ids, or cancelled. Messages of that time are marked unconfirmed in either case.",
          ),
      })
      .strict(),
    response: z.object({
      unconfirmed_sends: z.number().int(),
      paused_campaigns: z.number().int(),
      cancelled_deliveries: z.number().int(),
    }),
  },
} satisfies Record<string, Endpoint>;
