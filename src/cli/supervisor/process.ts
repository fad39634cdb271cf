import { getPriority, setPriority } from "node:os";
import { loadRoles, startApp, type App } from "../../app/app.ts";
import { OperatorError, registry } from "../../base/base.ts";
import type { Config, Duty } from "../../config.ts";
import { letYoungGrow } from "./heap.ts";
import { explainListening } from "../listen-error.ts";

/**
 * What the supervisor tells a process. `load` comes at once, while the database is made ready; `greet`: make the owner's
 * one-time link, as one process at the first start does.
 */
export type Order =
  | { type: "load"; duties: Duty[] }
  | { type: "start"; config: Config; duties: Duty[]; greet: boolean }
  | { type: "measure"; question: number }
  | { type: "measured"; question: number; text: string }
  | { type: "stop" };
/** What it hears. A process that is asked for metrics asks the supervisor for those of all. */
export type Report =
  | { type: "listening" }
  | { type: "ask metrics"; question: number }
  | { type: "metrics"; question: number; metrics: object[] }
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
  let asked = 0;
  const waiting = new Map<number, (text: string) => void>();
  const metricsOfAll = () =>
    new Promise<string>((resolve) => {
      waiting.set(++asked, resolve);
      report({ type: "ask metrics", question: asked });
    });

  process.on("message", (order: Order) => {
    if (order.type === "load") {
      if (!order.duties.some((duty) => duty === "intake" || duty === "api")) standBack();
      loadRoles(order.duties).catch(fail);
    } else if (order.type === "start") {
      app = startApp(order.config, order.duties, { greet: order.greet, metricsOfAll });
      app.then(ready, (error) => fail(explainListening(error, order.config)));
    } else if (order.type === "measure") {
      const { question } = order;
      void registry.getMetricsAsJSON().then((metrics) => report({ type: "metrics", question, metrics }));
    } else if (order.type === "measured") {
      waiting.get(order.question)?.(order.text);
      waiting.delete(order.question);
    } else {
      Promise.resolve(app)
        .then((started) => started?.stop())
        .then(() => process.exit(0), fail);
    }
  });
  // An order that comes before the listener above would be lost.
  report({ type: "listening" });
}

function ready({ address, sign_in_url }: App): void {
  letYoungGrow();
  report({ type: "ready", address, sign_in_url });
}

/** With few cores, intake gets priority over the pipeline. */
function standBack(): void {
  try {
    setPriority(Math.min(19, getPriority() + 5));
  } catch {
    // Some systems forbid it; then all are equal.
  }
}

function report(message: Report): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  const message =
    error instanceof OperatorError ? error.message : (error instanceof Error && error.stack) || String(error);
  process.send?.({ type: "failed", message } satisfies Report, () => process.exit(1));
}
