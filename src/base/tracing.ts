import {
  type Attributes,
  context,
  type ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";

/**
 * Spans of OpenTelemetry, for an SDK that `node --import` has loaded; without one nothing is done.
 *
 * A webhook is one trace from its POST to its last delivery, across processes and days, without anything stored for it:
 * the trace's id is the webhook's id in the journal, without hyphens.
 */
const tracer = trace.getTracer("wharf");

/** An SDK registers itself before our first module runs. */
const is_on =
  (trace.getTracerProvider() as Partial<ProxyTracerProvider>).getDelegateTracer?.("wharf") !== undefined;

const attributesOf = (webhook_id: string, more: Attributes = {}): Attributes => ({
  "wharf.webhook.id": webhook_id,
  ...more,
});

/** The first half of a trace: what every span of a webhook hangs on. */
function webhookContext(webhook_id: string) {
  const traceId = webhook_id.replaceAll("-", "");
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: traceId.slice(16),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
}

/** A step of some webhooks that is over now; `start_ms` is Unix time. */
export function recordSpans(
  name: string,
  steps: () => Iterable<{ webhook_id: string; start_ms: number; attributes?: Attributes }>,
): void {
  if (!is_on) return;
  for (const { webhook_id, start_ms, attributes } of steps())
    tracer
      .startSpan(
        name,
        { startTime: start_ms, attributes: attributesOf(webhook_id, attributes) },
        webhookContext(webhook_id),
      )
      .end();
}

/** A webhook in the journal, and what is said of what is done for it. */
export interface Traced {
  webhook_id: string;
  attributes: Attributes;
}

/** `work` as a client's span of the webhook; `endOf` says what came of it. What an SDK traces within it hangs below it. */
export async function inSpan<Result>(
  name: string,
  traced: (() => Traced) | undefined,
  work: () => Promise<Result>,
  endOf: (result: Result) => { attributes: Attributes; error: string | null },
): Promise<Result> {
  if (!is_on || traced === undefined) return work();
  const { webhook_id, attributes: more } = traced();
  const parent = webhookContext(webhook_id);
  const attributes = attributesOf(webhook_id, more);
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
  try {
    const result = await context.with(trace.setSpan(parent, span), work);
    const end = endOf(result);
    span.setAttributes(end.attributes);
    if (end.error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: end.error });
    return result;
  } finally {
    span.end();
  }
}
