import { type LiveSignal, type LiveStream, startStream } from "./live-stream.ts";

/** What a tab says to the worker. */
export type TabSignal =
  /** `after`: the feed's cursor before the tab read anything; "" when it isn't known. */
  { type: "join"; after: string } | { type: "leave" | "retry" | "ping" };
/** What the worker says to a tab; `pong` answers a `ping`. */
export type WorkerSignal = LiveSignal | { type: "pong" };

/**
 * One event stream for all tabs of a browser: HTTP/1.1 has six connections a host, and one stream a tab would leave
 * none for requests. Starts with the first tab that joins, ends with the last that leaves.
 */
const tabs = new Set<MessagePort>();
/** Tabs that joined a stream which another had begun, and which was not open yet. */
const late = new Set<MessagePort>();
let stream: LiveStream | null = null;
let is_open = false;

const tell = (port: MessagePort, signal: WorkerSignal) => port.postMessage(signal);

function take(signal: LiveSignal): void {
  if (signal.type === "open") is_open = true;
  if (signal.type === "lost") is_open = false;
  for (const port of tabs) tell(port, signal);
  if (signal.type !== "open") return;
  for (const port of late) tell(port, { type: "reload" });
  late.clear();
}

function join(port: MessagePort, after: string): void {
  tabs.add(port);
  tell(port, { type: is_open ? "open" : "lost" });
  if (!stream) stream = startStream(take, after);
  // What this tab read before it joined may lack what the stream told the others.
  else if (is_open) tell(port, { type: "reload" });
  else late.add(port);
}

function leave(port: MessagePort): void {
  tabs.delete(port);
  late.delete(port);
  if (tabs.size > 0) return;
  stream?.stop();
  stream = null;
  is_open = false;
}

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  port.addEventListener("message", ({ data }: MessageEvent<TabSignal>) => {
    if (data.type === "join") join(port, data.after);
    if (data.type === "leave") leave(port);
    if (data.type === "retry") stream?.retry();
    if (data.type === "ping") tell(port, { type: "pong" });
  });
  port.start();
});
