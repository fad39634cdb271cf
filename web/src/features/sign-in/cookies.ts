const PROBE = "wharf_probe";

/** Whether the browser keeps a cookie of this site: without one one is signed out again at once, and a one-time link is used up. */
export function keepsCookies(): boolean {
  try {
    document.cookie = `${PROBE}=1; path=/; SameSite=Lax`;
    const kept = document.cookie.includes(`${PROBE}=`);
    document.cookie = `${PROBE}=; path=/; max-age=0; SameSite=Lax`;
    return kept;
  } catch {
    return false;
  }
}
