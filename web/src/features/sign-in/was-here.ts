const KEY = "wharf.was-here";

/** Whether this browser has been signed in before: it is greeted as one that comes back. */
export function wasHere(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export function rememberHere(): void {
  try {
    localStorage.setItem(KEY, "yes");
  } catch {
    // Without storage everyone is greeted as new.
  }
}
