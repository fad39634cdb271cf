/**
 * Saves what is being written by itself: what changed since the last saving goes out after a pause in typing, one saving
 * at a time. What failed stays changed, and goes with the next try.
 */
export interface Saver<Form> {
  put: (change: Partial<Form>) => void;
  /** Resolves when everything is saved; rejects when that failed. */
  flush: () => Promise<void>;
  state: () => SaverState<Form>;
  subscribe: (watcher: () => void) => () => void;
}
export interface SaverState<Form> {
  form: Form;
  saving: boolean;
  /** Something is not saved yet. */
  dirty: boolean;
  error: Error | null;
  /** How often it was saved. */
  version: number;
  saved_at: string | null;
}

const PAUSE_MS = 600;

export function createSaver<Form extends object>(
  saved: Form,
  save: (change: Partial<Form>) => Promise<unknown>,
  {
    sendable = (change) => change,
    pause_ms = PAUSE_MS,
    now,
  }: {
    /** Without what can't be saved as it is. */
    sendable?: (change: Partial<Form>) => Partial<Form>;
    pause_ms?: number;
    now: () => string;
  },
): Saver<Form> {
  let kept = saved;
  let state: SaverState<Form> = {
    form: saved,
    saving: false,
    dirty: false,
    error: null,
    version: 0,
    saved_at: null,
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under_way: Promise<void> | null = null;
  const watchers = new Set<() => void>();
  const become = (change: Partial<SaverState<Form>>) => {
    state = { ...state, ...change };
    for (const watcher of watchers) watcher();
  };

  const changed = (): Partial<Form> => {
    const names = (Object.keys(state.form) as (keyof Form)[]).filter(
      (name) => !same(state.form[name], kept[name]),
    );
    return sendable(Object.fromEntries(names.map((name) => [name, state.form[name]])) as Partial<Form>);
  };
  const isDirty = () => Object.keys(changed()).length > 0;

  async function run(): Promise<void> {
    for (;;) {
      const change = changed();
      if (Object.keys(change).length === 0) return;
      become({ saving: true });
      try {
        await save(change);
        kept = { ...kept, ...change };
        become({ error: null, version: state.version + 1, saved_at: now(), dirty: isDirty() });
      } catch (error) {
        become({ error: error as Error });
        throw error;
      }
    }
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    under_way ??= run().finally(() => {
      under_way = null;
      become({ saving: false, dirty: isDirty() });
    });
    return under_way;
  };

  return {
    put(change) {
      become({ form: { ...state.form, ...change } });
      become({ dirty: isDirty() });
      clearTimeout(timer);
      // What went wrong is in the state.
      timer = setTimeout(() => void flush().catch(() => {}), pause_ms);
    },
    flush,
    state: () => state,
    subscribe(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
