import { SingleBar } from "cli-progress";

/** How far it is, for who waits; a log gets a line a step. */
export interface Progress {
  /** Null: it is not known how much there is. */
  start(step: string, bytes: number | null): void;
  add(bytes: number): void;
  stop(): void;
}

export const silent: Progress = { start() {}, add() {}, stop() {} };

export function createProgress(): Progress {
  if (!process.stderr.isTTY)
    return {
      ...silent,
      start: (step, bytes) => console.error(bytes === null ? `${step} …` : `${step} (${megabytes(bytes)}) …`),
    };
  let bar: SingleBar | null = null;
  const stop = () => {
    bar?.stop();
    bar = null;
  };
  let done = 0;
  return {
    start(step, bytes) {
      stop();
      done = 0;
      const format = bytes === null ? `${step}  {done}` : `${step.padEnd(12)} {bar} {percentage}%  {done}`;
      bar = new SingleBar({ format, hideCursor: true, clearOnComplete: false });
      bar.start(Math.max(1, bytes ?? 1), 0, { done: megabytes(0) });
    },
    add(bytes) {
      done += bytes;
      bar?.update(done, { done: megabytes(done) });
    },
    stop,
  };
}

export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
