/** Sign-in and sign-out reach every tab at once: the session is one cookie, whichever tab changed it. */

export type SessionChange = "signed-in" | "signed-out";

const NAME = "wharf.session";

/** Tells the other tabs. */
export function announceSession(change: SessionChange): void {
  const channel = new BroadcastChannel(NAME);
  channel.postMessage(change);
  channel.close();
}

/** Calls `listener` when another tab signs in or out; returns how to end that. */
export function watchSession(listener: (change: SessionChange) => void): () => void {
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", ({ data }: MessageEvent<SessionChange>) => listener(data));
  return () => channel.close();
}
