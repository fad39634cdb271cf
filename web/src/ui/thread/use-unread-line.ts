import { useState } from "react";
import type { Message } from "../../lib/types.ts";

/** Where the unread messages began when one came; it stays there while one reads and more arrives. */
export function useUnreadLine(
  messages: readonly Message[],
  unread_count: number,
): { message_id: string; count: number } | null {
  const [line, setLine] = useState<{ message_id: string; count: number } | null>();
  if (line !== undefined || messages.length === 0) return line ?? null;
  const inbound = messages.filter(({ direction, type }) => direction === "INBOUND" && type !== "system");
  const first = unread_count > 0 ? inbound.at(-unread_count) : undefined;
  const found = first ? { message_id: first.id, count: unread_count } : null;
  setLine(found);
  return found;
}
