let reloading = false;

/** Begins the page anew, where it is. What is kept comes back by itself, so leaving is not asked about. */
export function reloadPage(): void {
  reloading = true;
  location.reload();
}

export const isReloading = (): boolean => reloading;
