import { useSyncExternalStore } from "react";
import type { QueryClient } from "@tanstack/react-query";
import { applyLiveEvent, keepAnswersCurrent, LIVE_EVENTS } from "./live-cache.ts";
import { meQuery } from "./queries.ts";

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
 * One event stream for the whole app. The browser resumes it by itself (`Last-Event-ID`) after a lost connection; when it
 * gives up, the stream is begun anew after the last event seen. When the server says `reload`, it can't fill the gap:
 * all that is on screen is asked again.
 */
export function startLive(client: QueryClient): { stop(): void } {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let offline: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let last_event_id = "";

  const connect = () => {
    clearTimeout(retry);
    source?.close();
    const after = last_event_id === "" ? "" : `?last_event_id=${encodeURIComponent(last_event_id)}`;
    source = new EventSource(`/api/v1/live${after}`);
    source.addEventListener("open", () => {
      clearTimeout(offline);
      offline = undefined;
      failures = 0;
      become("live");
      // What was answered before this stream began may lack what happened in between.
      if (last_event_id === "") {
        void client.invalidateQueries({ predicate: (query) => query.state.status === "success" });
      }
    });
    source.addEventListener("error", () => {
      become(navigator.onLine ? (state === "offline" ? "offline" : "reconnecting") : "offline");
      offline ??= setTimeout(() => become("offline"), OFFLINE_AFTER_MS);
      if (source?.readyState !== EventSource.CLOSED) return;
      // The browser gives up on any answer but 200. A session that ended shows here; the router then asks to sign in.
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
      const wait_ms = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
      retry = setTimeout(connect, wait_ms);
    });
    source.addEventListener("reload", (event: MessageEvent<string>) => {
      last_event_id = event.lastEventId;
      void client.invalidateQueries();
    });
    for (const name of LIVE_EVENTS) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (event.lastEventId !== "") last_event_id = event.lastEventId;
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
  const leaveAnswers = keepAnswersCurrent(client);
  connect();
  return {
    stop() {
      leaveAnswers();
      removeEventListener("online", online);
      removeEventListener("offline", gone);
      clearTimeout(retry);
      clearTimeout(offline);
      source?.close();
    },
  };
}
