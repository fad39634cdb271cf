import { useSyncExternalStore } from "react";
import type { QueryClient } from "@tanstack/react-query";
import { applyLiveEvent, LIVE_EVENTS } from "./live-cache.ts";

export type LiveState = "live" | "reconnecting" | "offline";

const OFFLINE_AFTER_MS = 10_000;
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

let state: LiveState = "reconnecting";
const watchers = new Set<() => void>();

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

function become(next: LiveState) {
  if (state === next) return;
  state = next;
  for (const watcher of watchers) watcher();
}

/**
 * One event stream for the whole app. The browser resumes it by itself (`Last-Event-ID`) after a lost connection; when
 * it gives up, or the server says `reload`, the stream begins anew and all that is on screen is asked again.
 */
export function startLive(client: QueryClient): { stop(): void } {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let offline: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const connect = () => {
    clearTimeout(retry);
    source?.close();
    let opened = false;
    source = new EventSource("/api/v1/live");
    source.addEventListener("open", () => {
      clearTimeout(offline);
      offline = undefined;
      failures = 0;
      become("live");
      // What was answered before this stream began may lack what happened in between.
      if (!opened) void client.invalidateQueries({ predicate: (query) => query.state.status === "success" });
      opened = true;
    });
    source.addEventListener("error", () => {
      become(navigator.onLine ? (state === "offline" ? "offline" : "reconnecting") : "offline");
      offline ??= setTimeout(() => become("offline"), OFFLINE_AFTER_MS);
      if (source?.readyState !== EventSource.CLOSED) return;
      const wait_ms = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
      retry = setTimeout(connect, wait_ms);
    });
    source.addEventListener("reload", () => void client.invalidateQueries());
    for (const name of LIVE_EVENTS) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        applyLiveEvent(client, name, JSON.parse(event.data) as unknown);
      });
    }
  };

  const online = () => {
    if (state !== "live") connect();
  };
  const gone = () => become("offline");
  addEventListener("online", online);
  addEventListener("offline", gone);
  connect();
  return {
    stop() {
      removeEventListener("online", online);
      removeEventListener("offline", gone);
      clearTimeout(retry);
      clearTimeout(offline);
      source?.close();
    },
  };
}
