import { useRef } from "react";
import { call } from "../../lib/server/api.ts";

/** Meta shows it for 25 seconds. */
const AGAIN_MS = 20_000;

/** Tells the customer that an agent is typing; best effort, nothing depends on it. */
export function useTyping(conversation_id: string): () => void {
  const told_at = useRef(-AGAIN_MS);
  return () => {
    const now = performance.now();
    if (now - told_at.current < AGAIN_MS) return;
    told_at.current = now;
    void call("POST /api/v1/conversations/:id/typing", { params: { id: conversation_id } }).catch(() => {});
  };
}
