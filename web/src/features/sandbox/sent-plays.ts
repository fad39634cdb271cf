import type { Message } from "../../lib/types.ts";
import { fileOf } from "./draft.ts";
import type { Play, Preview } from "./plays.ts";

/** What the customer did, and how the webhook was answered. */
export interface Delivery {
  state: "sending" | "answered" | "failed";
  status: number | null;
  duration_ms: number;
  /** An outage held the webhook back. */
  held: boolean;
  /** Wharf has it by now, however the first attempt was answered. */
  came: boolean;
  problem: string | null;
}
export const UNDER_WAY: Delivery = {
  state: "sending",
  status: null,
  duration_ms: 0,
  held: false,
  came: false,
  problem: null,
};
export interface SentPlay {
  key: string;
  /** Whose phone: `persona number`. */
  phone: string;
  /** The message that it made, or that it changed. */
  wamid: string | null;
  draft: Message | null;
  /** The file, as the phone itself has it. */
  preview: Preview | null;
  play: Play;
  delivery: Delivery;
}

/** What arrived, and what is on its way. */
export function shownOf(arrived: readonly Message[], mine: readonly SentPlay[]): Message[] {
  const known = new Set(arrived.map((message) => message.wamid));
  const waiting = mine.flatMap((each) => (each.draft && !known.has(each.wamid) ? [each.draft] : []));
  // Who sent a file has it, whether or not the business could fetch it.
  const previews = new Map(
    mine.flatMap(({ wamid, preview }) => (wamid && preview ? [[wamid, preview]] : [])),
  );
  const own = arrived.map((message) => {
    const preview = previews.get(message.wamid ?? "");
    return preview ? { ...message, media: fileOf(message.id, preview) } : message;
  });
  return [...own, ...waiting];
}

/** By the message that each made or changed. */
export function deliveriesOf(arrived: readonly Message[], mine: readonly SentPlay[]): Map<string, SentPlay> {
  const known = new Set(arrived.map((message) => message.wamid));
  const found = new Map<string, SentPlay>();
  for (const each of mine) {
    const { delivery, draft, wamid } = each;
    // Of what changes another message the webhook leaves no message to look for.
    const came = delivery.state === "answered" && draft !== null && known.has(wamid);
    found.set(wamid ?? each.key, came ? { ...each, delivery: { ...delivery, came } } : each);
  }
  return found;
}
