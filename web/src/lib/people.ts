import type { Conversation, MarketingState } from "./types.ts";

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
  if (group.state !== "active") return group.state === "deleted" ? "Group, deleted" : "Group, suspended";
  return group.participants === 1 ? "Group, 1 person" : `Group, ${group.participants} people`;
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
  SUBSCRIBED: { label: "Subscribed", tone: "good" },
  PENDING: { label: "Confirmation pending", tone: "warn" },
  NOT_SUBSCRIBED: { label: "Not subscribed", tone: "quiet" },
  UNSUBSCRIBED: { label: "Unsubscribed", tone: "bad" },
  UNKNOWN: { label: "No preference recorded", tone: "quiet" },
  INVALID: { label: "Number not on WhatsApp", tone: "bad" },
  REDACTED: { label: "Erased", tone: "quiet" },
};

/** How a consent event came about, in words. */
export const CONSENT_SOURCE: Record<string, string> = {
  STOP_KEYWORD: "wrote a stop word",
  START_KEYWORD: "wrote a start word",
  BUTTON: "tapped a button",
  META_PREFERENCE: "changed it in WhatsApp",
  META_ERROR_131050: "WhatsApp refused a send: opted out",
  AGENT: "set by a colleague",
  IMPORT: "from an import",
  API: "set through the API",
};
