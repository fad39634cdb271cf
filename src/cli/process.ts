import { startApp, type App } from "../app.ts";
import { OperatorError } from "../base/base.ts";
import type { Config, Role } from "../config.ts";

/** What the supervisor tells a process, and what it hears. */
/** `greet`: make the owner's one-time link; only one process at the first start does. */
export type Order = { type: "start"; config: Config; roles: Role[]; greet: boolean } | { type: "stop" };
export type Report =
  | { type: "listening" }
  | { type: "ready"; address: string | null; sign_in_url: string | null }
  | { type: "failed"; message: string };

/**
 * One process under the supervisor. It gets its configuration by IPC, so that no secret is in its arguments, and ends
 * when the supervisor does: a worker of `node:cluster` exits by itself when its channel closes.
 */
export function runProcess(): void {
  if (!process.send) throw new OperatorError("`wharf process` is for Wharf itself; use `wharf start`.");
  // Ctrl-C and service managers signal the whole group; the supervisor says when it is time to stop.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => {});

  let app: Promise<App> | null = null;
  process.on("message", (order: Order) => {
    if (order.type === "start") {
      app = startApp(order.config, order.roles, order.greet);
      app.then(({ address, sign_in_url }) => report({ type: "ready", address, sign_in_url }), fail);
    } else {
      Promise.resolve(app)
        .then((started) => started?.stop())
        .then(() => process.exit(0), fail);
    }
  });
  // An order that comes before the listener above would be lost.
  report({ type: "listening" });
}

function report(message: Report): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  const message =
    error instanceof OperatorError ? error.message : (error instanceof Error && error.stack) || String(error);
  process.send?.({ type: "failed", message } satisfies Report, () => process.exit(1));
}
