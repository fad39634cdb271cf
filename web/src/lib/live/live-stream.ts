import type { LiveEventName } from "../../../../src/contract/contract.ts";
import { LIVE_EVENTS } from "../../../../src/contract/names.ts";

/** Pauses between attempts after the browser gave up, the last one for ever. */
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

export type LiveSignal =
  | { type: "open" }
  /** The connection was lost; the stream resumes by itself. */
  | { type: "lost" }
  /** The server answered with an error: mostly the session has ended. */
  | { type: "refused" }
  /** What was read before may lack changes: everything on screen is read again. */
  | { type: "reload" }
  | { type: "event"; name: LiveEventName; data: unknown };

export interface LiveStream {
  /** Connects now rather than after the pause between two attempts. */
  retry(): void;
  stop(): void;
}

/**
 * The server's event stream, from the cursor `after` on when there is one. The browser resumes it (`Last-Event-ID`) after a lost connection; when the browser gives
 * up, a new one starts after the last event seen. Runs in the shared worker, or in a page where there is none.
 */
export function startStream(emit: (signal: LiveSignal) => void, after = ""): LiveStream {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let connected_at = 0;
  let last_event_id = after;

  const connect = () => {
    clearTimeout(timer);
    source?.close();
    connected_at = Date.now();
    const query = last_event_id === "" ? "" : `?last_event_id=${encodeURIComponent(last_event_id)}`;
    source = new EventSource(`/api/v1/live${query}`);
    source.addEventListener("open", () => {
      failures = 0;
      emit({ type: "open" });
      // What was read before a stream without a cursor may lack what happened in between.
      if (last_event_id === "") emit({ type: "reload" });
    });
    source.addEventListener("error", () => {
      emit({ type: "lost" });
      // The browser gives up on any answer but 200.
      if (source?.readyState !== EventSource.CLOSED) return;
      emit({ type: "refused" });
      timer = setTimeout(connect, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
    });
    source.addEventListener("reload", (event: MessageEvent<string>) => {
      last_event_id = event.lastEventId;
      emit({ type: "reload" });
    });
    for (const name of LIVE_EVENTS)
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (event.lastEventId !== "") last_event_id = event.lastEventId;
        emit({ type: "event", name, data: JSON.parse(event.data) as unknown });
      });
  };
  connect();
  return {
    retry() {
      // A stream that looks open may be dead after the line was away; each tab asks, and one attempt does for all.
      if (Date.now() - connected_at >= RETRY_MS[0]!) connect();
      // It has only just begun, and outlived a line that was away for less than that: a tab that was told so still waits.
      else if (source?.readyState === EventSource.OPEN) emit({ type: "open" });
    },
    stop() {
      clearTimeout(timer);
      source?.close();
    },
  };
}
