/**
 * The browser's storage, which may be forbidden, full or damaged: nothing here throws. What it does not take lives as
 * long as the tab.
 */
export interface Kept {
  read(key: string): string | null;
  /** False: the browser did not take it. */
  write(key: string, value: string): boolean;
  remove(key: string): void;
  keys(): string[];
}

export function createKept(area: () => Storage): Kept {
  const in_this_tab = new Map<string, string>();
  const attempt = <T>(work: (storage: Storage) => T, otherwise: T): T => {
    try {
      return work(area());
    } catch {
      return otherwise;
    }
  };
  return {
    read: (key) => in_this_tab.get(key) ?? attempt((storage) => storage.getItem(key), null),
    write(key, value) {
      const taken = attempt((storage) => {
        storage.setItem(key, value);
        return true;
      }, false);
      if (taken) in_this_tab.delete(key);
      else in_this_tab.set(key, value);
      return taken;
    },
    remove(key) {
      in_this_tab.delete(key);
      attempt((storage) => storage.removeItem(key), undefined);
    },
    keys: () => [...new Set([...in_this_tab.keys(), ...attempt((storage) => Object.keys(storage), [])])],
  };
}

/** For all tabs, until it is removed. */
export const inBrowser = createKept(() => localStorage);
/** For this tab, over its reloads. */
export const inTab = createKept(() => sessionStorage);

/** What was kept as JSON; null when there is none, or none that can be read. */
export function parseKept(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
