import { type LiveSignal, type LiveStream, startStream } from "./live-stream.ts";

/** What a tab says to the worker. */
export type TabSignal = { type: "join" | "leave" | "retry" | "ping" };
/** What the worker says to a tab; `pong` answers a `ping`. */
export type WorkerSignal = LiveSignal | { type: "pong" };

/**
 * One event stream for all tabs of a browser: HTTP/1.1 has six connections a host, and one stream a tab would leave
 * none for requests. Starts with the first tab that joins, ends with the last that leaves.
 */
const tabs = new Set<MessagePort>();
let stream: LiveStream | null = null;
let is_open = false;

const tell = (port: MessagePort, signal: WorkerSignal) => port.postMessage(signal);

function take(signal: LiveSignal): void {
  if (signal.type === "open") is_open = true;
  if (signal.type === "lost") is_open = false;
  for (const port of tabs) tell(port, signal);
}

function join(port: MessagePort): void {
  tabs.add(port);
  stream ??= startStream(take);
  tell(port, { type: is_open ? "open" : "lost" });
  // What this tab read before it joined may lack what the stream told the others.
  if (is_open) tell(port, { type: "reload" });
}

function leave(port: MessagePort): void {
  tabs.delete(port);
  if (tabs.size > 0) return;
  stream?.stop();
  stream = null;
  is_open = false;
}

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  port.addEventListener("message", ({ data: { type } }: MessageEvent<TabSignal>) => {
    if (type === "join") join(port);
    if (type === "leave") leave(port);
    if (type === "retry") stream?.retry();
    if (type === "ping") tell(port, { type: "pong" });
  });
  port.start();
});
