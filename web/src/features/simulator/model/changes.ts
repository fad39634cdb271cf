import type { SimulatorChange } from "../../../lib/types.ts";

/** While one still moves a slider, nothing is sent. */
const REST_MS = 200;

/** With the change laid over it. Codes and spans are changed as a whole. */
export function merged<T extends object>(value: T, change: object): T {
  const result = { ...value } as Record<string, unknown>;
  for (const [name, part] of Object.entries(change)) {
    const before = result[name];
    result[name] = isPart(part) && isPart(before) && name !== "codes" ? merged(before, part) : part;
  }
  return result as T;
}

const isPart = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What was changed here and the server has not taken yet: it is shown as if it had, and goes one after the other. */
export function createChanges(deps: {
  send: (change: SimulatorChange) => Promise<void>;
  onRefused: (error: Error) => void;
}) {
  const { send, onRefused } = deps;
  const watchers = new Set<() => void>();
  let waiting: SimulatorChange = {};
  let sent: SimulatorChange = {};
  let open: SimulatorChange = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tail = Promise.resolve();

  const tell = () => {
    open = merged(sent, waiting);
    for (const watcher of watchers) watcher();
  };
  async function sendOnce() {
    clearTimeout(timer);
    if (Object.keys(waiting).length === 0) return;
    sent = waiting;
    waiting = {};
    await send(sent).catch(onRefused);
    sent = {};
    tell();
  }
  const flush = () => (tail = tail.then(sendOnce));
  return {
    change: (change: SimulatorChange): void => {
      waiting = merged(waiting, change);
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), REST_MS);
      tell();
    },
    /** Sends at once what waits; resolves when it was taken or refused. */
    flush,
    open: () => open,
    watch: (watcher: () => void) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
