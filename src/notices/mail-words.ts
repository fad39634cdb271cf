/** A notice as an email tells it. */
export interface ToldNotice {
  severity: "info" | "warning" | "critical";
  title: string;
  detail: string | null;
  resolved: boolean;
  display_phone_number: string | null;
  occurred_at: Date;
}

export interface Digest {
  workspace_name: string;
  /** The newest ones, what is worst first. */
  notices: readonly ToldNotice[];
  /** How many there are in all. */
  count: number;
  /** Where people reach Wharf; null: it isn't known. */
  public_url: string | null;
}

/** More would be read by no one; the page has them all. */
export const MOST_TOLD = 30;

const MARKS = { critical: "CRITICAL", warning: "Warning", info: "Note" };
/** A line break in a header would begin another one. */
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** Subject and text: one notice, or a digest of several. */
export function mailOf({ workspace_name, notices, count, public_url }: Digest): {
  subject: string;
  text: string;
} {
  const [first] = notices;
  const name = inOneLine(workspace_name);
  const subject =
    count === 1 && first
      ? `${first.resolved ? "Over: " : ""}${inOneLine(first.title)} (${name})`
      : `${count} notices in ${name}`;
  const lines = notices.map((notice) => {
    const mark = notice.resolved ? "Over" : MARKS[notice.severity];
    const number =
      notice.display_phone_number === null ? "" : ` (+${notice.display_phone_number.replace(/^\+/, "")})`;
    const at = notice.occurred_at.toISOString().slice(0, 16).replace("T", " ");
    return [
      `${mark}: ${notice.title}${number}`,
      ...(notice.detail === null ? [] : [notice.detail]),
      `${at} UTC`,
    ].join("\n");
  });
  const more = count - notices.length;
  if (more > 0) lines.push(`And ${more} more. The page has all of them.`);
  const where = public_url === null ? "Open Wharf to see them." : `Open Wharf: ${public_url}`;
  const why =
    "You get this as a member of the workspace. Choose what you are told under Settings, Notices by email.";
  return { subject: subject.slice(0, 200), text: `${[...lines, where, why].join("\n\n")}\n` };
}
