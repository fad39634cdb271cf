import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * A part of a bench in a process of its own, so that its CPU is its own. `file` lies in bench/support; it sends one
 * message when it is ready, and then one for each `ask`.
 */
export async function startChild(
  file: string,
  args: string[],
): Promise<{ ready: unknown; pid: number; ask<T>(question?: object): Promise<T>; stop(): Promise<void> }> {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const child = fork(fileURLToPath(new URL(`${file}${extension}`, import.meta.url)), args, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ready = await answerOf(child, file);
  return {
    ready,
    pid: child.pid!,
    async ask<T>(question: object = {}) {
      const answer = answerOf(child, file);
      child.send(question);
      return (await answer) as T;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

function answerOf(child: ChildProcess, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${file} ended with ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}

/** The other side: answers by `handle`, and ends the process when the bench goes away. */
export function serveParent(ready: object, handle: (question: unknown) => Promise<object>): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (question: unknown) => {
    void handle(question).then((answer) => process.send!(answer));
  });
  process.send!(ready);
}
