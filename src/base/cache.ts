export interface Cache<Value> {
  get: (key: string) => Promise<Value>;
  /** Something changed here: each key is loaded again at its next call. */
  forget: () => void;
  /** What is known of all keys, once nothing is being loaded. */
  known: () => Promise<Value[]>;
}

interface Entry<Value> {
  at_ms: number;
  is_loading: boolean;
  answer: Promise<Value>;
  loaded: { value: Value } | null;
}

/**
 * Answers that are kept for `fresh_ms`, also that there is nothing (null). A key is loaded once at a time, and those who ask
 * meanwhile get that answer. With `patience_ms`, what was known answers where loading fails or takes longer, again for
 * `fresh_ms`; without it a failure is answered, and the next call loads again. Of `max_entries` the oldest go first.
 */
export function createCache<Value>(options: {
  load: (key: string, before: Value | undefined) => Promise<Value>;
  fresh_ms: number;
  patience_ms?: number;
  max_entries?: number;
  now: () => number;
}): Cache<Value> {
  const { load, fresh_ms, patience_ms, max_entries = Infinity, now } = options;
  const entries = new Map<string, Entry<Value>>();

  const look = (key: string, before: Entry<Value> | undefined): Entry<Value> => {
    const loading = load(key, before?.loaded?.value);
    const known = before?.loaded;
    const answer =
      known && patience_ms !== undefined
        ? Promise.race([loading, endOf(patience_ms)]).catch(() => known.value)
        : loading;
    const entry: Entry<Value> = { at_ms: now(), is_loading: true, answer, loaded: known ?? null };
    loading.then(
      (value) => Object.assign(entry, { is_loading: false, loaded: { value }, answer: loading }),
      () => (entry.is_loading = false),
    );
    answer.catch(() => {
      if (entries.get(key) !== entry) return;
      if (known) entry.at_ms = -Infinity;
      else entries.delete(key);
    });
    return entry;
  };

  return {
    get(key) {
      const before = entries.get(key);
      if (before && (before.is_loading || now() - before.at_ms < fresh_ms)) return before.answer;
      const entry = look(key, before);
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > max_entries) entries.delete(entries.keys().next().value!);
      return entry.answer;
    },
    forget: () => entries.clear(),
    async known() {
      await Promise.allSettled([...entries.values()].map(({ answer }) => answer));
      return [...entries.values()].flatMap(({ loaded }) => (loaded ? [loaded.value] : []));
    },
  };
}

/** Rejects when what is known is to be used. */
function endOf(patience_ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error("what is known answers")), patience_ms).unref();
  });
}
