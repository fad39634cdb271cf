import { useSyncExternalStore } from "react";
import type { QueryClient } from "@tanstack/react-query";
import { createBatch } from "./live-batch.ts";
import { applyLiveEvent, keepAnswersCurrent } from "./live-cache.ts";
import { type LiveSignal, startStream } from "./live-stream.ts";
import type { TabSignal, WorkerSignal } from "./live-worker.ts";
import { meQuery } from "../server/queries.ts";
import { whenReachable } from "../page/reachable.ts";

export type LiveState = "live" | "reconnecting" | "offline";

const OFFLINE_AFTER_MS = 10_000;
/** The worker is asked this often whether it is still there: nothing else tells of one that has crashed with its tab. */
const PING_EVERY_MS = 10_000;
/** A worker that does not answer within this time has crashed. */
const PONG_MS = 5_000;

let state: LiveState = "reconnecting";
const watchers = new Set<() => void>();

export function useLiveState(): LiveState {
  return useSyncExternalStore(watchLiveState, () => state);
}

/** Calls `watcher` at every change of the state; returns how to end that. */
export function watchLiveState(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const liveState = (): LiveState => state;

function become(next: LiveState) {
  if (state === next) return;
  state = next;
  for (const watcher of watchers) watcher();
}

let started = false;

/**
 * Keeps what is on screen current for as long as it runs: events change the cache, and gaps are read again. `cursor` is
 * where the feed was before anything was read; after the first start something was.
 */
export function startLive(client: QueryClient, cursor: string): Source {
  const after = started ? "" : cursor;
  started = true;
  let offline: ReturnType<typeof setTimeout> | undefined;
  let open = false;
  type LiveEvent = Extract<LiveSignal, { type: "event" }>;
  const events = createBatch<LiveEvent>(({ name, data }) => applyLiveEvent(client, name, data));
  const take = (signal: LiveSignal) => {
    // What was told before is applied before.
    if (signal.type !== "event") events.now();
    switch (signal.type) {
      case "open":
        clearTimeout(offline);
        offline = undefined;
        open = true;
        if (navigator.onLine) return become("live");
        // The line went while this was on its way, or Wharf is on this machine and needs none.
        void whenReachable().then(() => open && become("live"));
        return;
      case "lost":
        open = false;
        become(navigator.onLine && state !== "offline" ? "reconnecting" : "offline");
        offline ??= setTimeout(() => become("offline"), OFFLINE_AFTER_MS);
        return;
      case "refused":
        // A session that has ended shows here; the router then asks to sign in.
        void client.invalidateQueries({ queryKey: meQuery.queryKey });
        return;
      case "reload":
        void client.invalidateQueries({ predicate: (query) => query.state.status !== "pending" });
        return;
      case "event":
        events.add(signal);
        return;
    }
  };

  const source = connect(take, after);
  const online = () => source.retry();
  const gone = () => become("offline");
  addEventListener("online", online);
  addEventListener("offline", gone);
  const leaveAnswers = keepAnswersCurrent(client);
  return {
    retry: online,
    stop() {
      events.now();
      leaveAnswers();
      removeEventListener("online", online);
      removeEventListener("offline", gone);
      clearTimeout(offline);
      open = false;
      source.stop();
      become("reconnecting");
    },
  };
}

interface Source {
  /** Connects now rather than after a pause. */
  retry(): void;
  stop(): void;
}

/**
 * The worker's stream, or one of this tab's own where the browser has no shared workers or they don't begin. A worker
 * that has answered and then crashed is followed by another one, which all tabs share again.
 */
function connect(take: (signal: LiveSignal) => void, after: string): Source {
  let source: Source = {} as Source;
  const join = (from: string) =>
    joinWorker(take, from, (answered) => {
      take({ type: "lost" });
      source = answered ? join("") : startStream(take, "");
    });
  source = typeof SharedWorker === "undefined" ? startStream(take, after) : join(after);
  return { retry: () => source.retry(), stop: () => source.stop() };
}

/** Calls `failed` when the worker is gone, with whether it had ever answered. */
function joinWorker(
  take: (signal: LiveSignal) => void,
  after: string,
  failed: (answered: boolean) => void,
): Source {
  const worker = new SharedWorker(new URL("./live-worker.ts", import.meta.url), {
    type: "module",
    name: "wharf-live",
  });
  let pong: ReturnType<typeof setTimeout> | undefined;
  let answered = false;
  const tell = (signal: TabSignal) => worker.port.postMessage(signal);
  const say = (type: "leave" | "retry" | "ping") => tell({ type });
  const stop = () => {
    clearTimeout(pong);
    clearInterval(pinging);
    say("leave");
    worker.port.close();
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", join);
    document.removeEventListener("visibilitychange", check);
  };
  const fail = () => {
    stop();
    failed(answered);
  };
  const ping = () => {
    say("ping");
    pong ??= setTimeout(fail, PONG_MS);
  };
  const pinging = setInterval(ping, PING_EVERY_MS);
  const check = () => {
    if (document.visibilityState === "visible") ping();
  };
  const leave = () => say("leave");
  // A page that the browser kept whole comes back with what it showed then.
  const join = (event: PageTransitionEvent) => {
    if (event.persisted) tell({ type: "join", after: "" });
  };
  worker.port.addEventListener("message", ({ data }: MessageEvent<WorkerSignal>) => {
    clearTimeout(pong);
    pong = undefined;
    answered = true;
    if (data.type !== "pong") take(data);
  });
  worker.addEventListener("error", fail, { once: true });
  worker.port.start();
  addEventListener("pagehide", leave);
  addEventListener("pageshow", join);
  document.addEventListener("visibilitychange", check);
  tell({ type: "join", after });
  check();
  return {
    retry() {
      say("retry");
      check();
    },
    stop,
  };
}
