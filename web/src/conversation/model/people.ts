import type { Conversation, MarketingState } from "../../lib/types.ts";
import { CONSENT_LABELS, GROUP } from "../../lib/words/texts.ts";

type Named = Pick<Conversation["contact"], "display_name" | "phone" | "username">;

/** The line under the name; nothing when it would only repeat the name. */
export function secondLine(contact: Named): string | null {
  const handle = contact.username ? `@${contact.username}` : null;
  const rest = [contact.phone, handle].filter((each) => each !== null && each !== contact.display_name);
  return rest[0] ?? null;
}

/** The line under a conversation's name: who a person is, or how many are in a group. */
export function underName({ contact, group }: Pick<Conversation, "contact" | "group">): string | null {
  if (!group) return secondLine(contact);
  if (group.state !== "active") return group.state === "deleted" ? GROUP.deleted : GROUP.suspended;
  return GROUP.people(group.participants);
}

/** Up to two letters; null for a bare number, which has none. */
export function initials(name: string): string | null {
  const words = name
    .replace(/^@/, "")
    .split(/[\s._-]+/u)
    .filter((word) => /^\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => /^\p{L}/u.exec(word ?? "")?.[0] ?? "",
  );
  return letters.join("").toUpperCase() || null;
}

/** A hue of its own for each contact, the same on every screen. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** Meta gives the business's numbers with and without a plus; North American ones are grouped as they are read there. */
export function withPlus(phone: string): string {
  const american = /^\+?1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  if (american) return `+1 ${american.slice(1).join(" ")}`;
  return /^\d/.test(phone) ? `+${phone}` : phone;
}
export const digits = (phone: string | null) => (phone ?? "").replace(/\D/g, "");

export const CONSENT: Record<MarketingState, { label: string; tone: "good" | "warn" | "bad" | "quiet" }> = {
  SUBSCRIBED: { label: CONSENT_LABELS.SUBSCRIBED, tone: "good" },
  PENDING: { label: CONSENT_LABELS.PENDING, tone: "warn" },
  NOT_SUBSCRIBED: { label: CONSENT_LABELS.NOT_SUBSCRIBED, tone: "quiet" },
  UNSUBSCRIBED: { label: CONSENT_LABELS.UNSUBSCRIBED, tone: "bad" },
  UNKNOWN: { label: CONSENT_LABELS.UNKNOWN, tone: "quiet" },
  INVALID: { label: CONSENT_LABELS.INVALID, tone: "bad" },
  REDACTED: { label: CONSENT_LABELS.REDACTED, tone: "quiet" },
};
