import type { Worker } from "node:cluster";
import type { Order, Report } from "./process.ts";

/** How long a busy process may take to answer before the others' metrics are shown without its own. */
const PATIENCE_MS = 1_000;

/** Gathers the metrics of every process here, so that one scrape shows the machine whichever process answers it. */
export function createMetricsCollector() {
  let questions = 0;
  const open = new Map<number, { left: Set<Worker>; found: object[]; done: () => void }>();

  return {
    /** Metrics as Prometheus reads them: counters added, gauges added. */
    async collect(workers: Iterable<Worker>, ask: (worker: Worker, order: Order) => void): Promise<string> {
      const question = ++questions;
      const left = new Set(workers);
      const found: object[] = [];
      await new Promise<void>((resolve) => {
        const patience = setTimeout(resolve, PATIENCE_MS);
        const done = () => {
          clearTimeout(patience);
          resolve();
        };
        open.set(question, { left, found, done });
        for (const worker of left) ask(worker, { type: "measure", question });
        if (left.size === 0) done();
      });
      open.delete(question);
      // The supervisor needs it for nothing else.
      const { AggregatorRegistry } = await import("prom-client");
      return AggregatorRegistry.aggregate(found).metrics();
    },

    take(worker: Worker, report: Extract<Report, { type: "metrics" }>): void {
      const waiting = open.get(report.question);
      if (!waiting?.left.delete(worker)) return;
      waiting.found.push(report.metrics);
      if (waiting.left.size === 0) waiting.done();
    },
  };
}
