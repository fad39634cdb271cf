import { OperatorError, silentLog } from "../../base/base.ts";
import { RELEASES } from "../../app/releases.ts";
import { confirm, readHold, type Released } from "../../installation/installation.ts";
import { withDatabase } from "../database.ts";
import { findWharf } from "../running.ts";

/** `wharf restore --confirm`: beside a Wharf that runs, or before it is started. */
export async function confirmRestore(pending: "send" | "drop" | undefined): Promise<void> {
  await withDatabase(findWharf().config, silentLog, async (db) => {
    const hold = await readHold(db);
    if (hold === null) {
      console.log("Nothing is on hold: this Wharf sends.");
      return;
    }
    if (pending === undefined)
      throw new OperatorError(
        "Say what is to be done with webhooks that were waiting at the time of the backup: --pending send (endpoints may get some a second time, under the same id) or --pending drop (they are cancelled, and can be sent again one by one).",
      );
    const released = await confirm(db, pending, RELEASES);
    if (released === null) return;
    console.log(reportOf(released, pending));
  });
}

function reportOf(
  { sends, campaigns, deliveries }: Pick<Released, "sends" | "campaigns" | "deliveries">,
  pending: "send" | "drop",
): string {
  return [
    "Confirmed: this Wharf sends and delivers from now on.",
    ...(sends > 0
      ? [
          `${sends === 1 ? "1 message was" : `${sends} messages were`} about to be sent then and may have been: marked unconfirmed. Look at each in the Inbox, and send again what did not arrive.`,
        ]
      : []),
    ...(campaigns > 0
      ? [
          `${campaigns === 1 ? "1 campaign was" : `${campaigns} campaigns were`} under way and ${campaigns === 1 ? "is" : "are"} paused. Resume what is to go on here: it reaches those who had not got it at the time of the backup.`,
        ]
      : []),
    ...(pending === "drop"
      ? [`${deliveries === 1 ? "1 delivery was" : `${deliveries} deliveries were`} cancelled.`]
      : []),
  ].join("\n");
}
