import { inBrowser } from "../../lib/page/kept.ts";

const KEY = "wharf.was-here";

/** Whether this browser has been signed in before: it is greeted as one that comes back. */
export function wasHere(): boolean {
  return inBrowser.read(KEY) !== null;
}

export function rememberHere(): void {
  inBrowser.write(KEY, "yes");
}
