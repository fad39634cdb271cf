import { sql, type Database } from "../../db/db.ts";
import { readBackups, readHold, WHY_HELD } from "../../installation/installation.ts";
import type { Finding } from "../finding.ts";

const DAY_MS = 86_400_000;
/** Of a Wharf that is backed up at all. */
const OLD_DAYS = 2;

/** Whether it may send, and how old its last backup is. `db` may be of an older schema. */
export async function checkInstallation(db: Database): Promise<Finding[]> {
  const known = await db.first<{ known: boolean }>(
    sql`select to_regclass('public.installation') is not null as known`,
  );
  if (known?.known !== true) return [];
  const hold = await readHold(db);
  const held: Finding[] =
    hold === null
      ? []
      : [
          {
            state: "problem",
            subject: "on hold",
            text: `${WHY_HELD[hold.reason]}; nothing is sent. Make sure that the other one does not run, then confirm in the page, or by \`wharf restore --confirm --pending send|drop\`.`,
          },
        ];
  return [...held, backupOf(await readBackups(db))];
}

function backupOf({ backed_up_at, failed_at, error }: Awaited<ReturnType<typeof readBackups>>): Finding {
  const subject = "backup";
  const last =
    backed_up_at === null ? "there is none yet" : `the last good one is of ${backed_up_at.toISOString()}`;
  if (failed_at !== null)
    return {
      state: "problem",
      subject,
      text: `it failed at ${failed_at.toISOString()} (${error}); ${last}. Correct that and run \`wharf backup\`.`,
    };
  if (backed_up_at === null)
    return { state: "note", subject, text: "there is none yet: `wharf backup --to FOLDER` writes one" };
  const days = (Date.now() - backed_up_at.getTime()) / DAY_MS;
  return days > OLD_DAYS
    ? {
        state: "note",
        subject,
        text: `${last}, ${Math.floor(days)} days ago; run \`wharf backup\` every day`,
      }
    : { state: "ok", subject, text: last };
}
