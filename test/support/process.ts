import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Order, Outcome } from "./attempt-process.ts";
import { testProgram } from "./test-programs.ts";

/** A program of this folder in a process of its own, which ends with the tests of the file that started it. */
export async function startProcess(
  name: string,
  options: { args?: string[]; env?: Record<string, string> } = {},
): Promise<{ child: ChildProcess; ready: unknown }> {
  const child = fork(testProgram(name), options.args ?? [], {
    env: { ...process.env, ...options.env },
  });
  afterAll(async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  });
  const [ready] = (await once(child, "message")) as [unknown];
  return { child, ready };
}

/** A sender in a process of its own. */
export async function startAttempts(
  env: Record<string, string> = {},
): Promise<{ ask(order: Order): Promise<Outcome> }> {
  const { child } = await startProcess("attempt", { env });
  return {
    async ask(order) {
      const answer = once(child, "message");
      child.send(order);
      return ((await answer) as [Outcome])[0];
    },
  };
}

/** A certificate or key of test/fixtures/tls. */
export const pemPath = (name: string): string => join(import.meta.dirname, "../fixtures/tls", name);
