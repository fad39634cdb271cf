// For `node --import`: an SDK of OpenTelemetry that writes each span that ended as a line of TRACE_FILE.
import { appendFileSync } from "node:fs";
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

function lineOf(span) {
  const { name, attributes, status } = span;
  return `${JSON.stringify({ name, attributes, status, trace: span.spanContext().traceId, pid: process.pid })}\n`;
}

const exporter = {
  export(spans, done) {
    appendFileSync(process.env.TRACE_FILE, spans.map(lineOf).join(""));
    done({ code: 0 });
  },
  shutdown: async () => {},
};
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);
