import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Every metric of Wharf, with its help text. Labels have few values: no ids, numbers or URLs. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: "wharf_" });

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export const metrics = {
  intake_webhooks: new Counter({
    name: "wharf_intake_webhooks_total",
    help: "POSTs from Meta, by the answer that they got.",
    labelNames: ["status"],
    registers: [registry],
  }),
  intake_seconds: new Histogram({
    name: "wharf_intake_seconds",
    help: "From the first byte of a POST to its answer.",
    buckets: seconds,
    registers: [registry],
  }),
  journal_append_seconds: new Histogram({
    name: "wharf_journal_append_seconds",
    help: "One group commit into the journal.",
    buckets: seconds,
    registers: [registry],
  }),
  journal_append_rows: new Histogram({
    name: "wharf_journal_append_rows",
    help: "Webhooks in one group commit.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [registry],
  }),
  journal_webhooks: new Gauge({
    name: "wharf_journal_webhooks",
    help: "Webhooks that wait or are dead, by state.",
    labelNames: ["state"],
    // Each process counts the same rows.
    aggregator: "max",
    registers: [registry],
  }),
  pipeline_webhooks: new Counter({
    name: "wharf_pipeline_webhooks_total",
    help: "Webhooks taken through the pipeline, by outcome.",
    labelNames: ["outcome"],
    registers: [registry],
  }),
  pipeline_events: new Counter({
    name: "wharf_pipeline_events_total",
    help: "Events found in webhooks, by kind and outcome.",
    labelNames: ["kind", "outcome"],
    registers: [registry],
  }),
  pipeline_batch_seconds: new Histogram({
    name: "wharf_pipeline_batch_seconds",
    help: "One batch through the pipeline, commit included.",
    buckets: seconds,
    registers: [registry],
  }),
  pipeline_lag_seconds: new Histogram({
    name: "wharf_pipeline_lag_seconds",
    help: "From the arrival of a webhook to the commit of its effects.",
    buckets: seconds,
    registers: [registry],
  }),
  unmatched_messages: new Gauge({
    name: "wharf_unmatched_messages",
    help: "Messages that a status, reaction, edit, deletion or payment told of and that never came; counted up to 10,000.",
    aggregator: "max",
    registers: [registry],
  }),
  delivery_attempts: new Counter({
    name: "wharf_delivery_attempts_total",
    help: "HTTP attempts to endpoints, by outcome.",
    labelNames: ["outcome"],
    registers: [registry],
  }),
  delivery_attempt_seconds: new Histogram({
    name: "wharf_delivery_attempt_seconds",
    help: "One HTTP attempt to an endpoint, body included.",
    buckets: seconds,
    registers: [registry],
  }),
  delivery_lag_seconds: new Histogram({
    name: "wharf_delivery_lag_seconds",
    help: "From the creation of a delivery to its first success.",
    buckets: seconds,
    registers: [registry],
  }),
  delivery_oldest_due_seconds: new Gauge({
    name: "wharf_delivery_oldest_due_seconds",
    help: "For how long the oldest delivery that could be sent has been due, by the state of its endpoint.",
    labelNames: ["endpoints"],
    aggregator: "max",
    registers: [registry],
  }),
  endpoints: new Gauge({
    name: "wharf_endpoints",
    help: "Endpoints by state: ok, failing, disabled (after failures), off (switched off).",
    labelNames: ["state"],
    aggregator: "max",
    registers: [registry],
  }),
  sending_requests: new Counter({
    name: "wharf_sending_requests_total",
    help: "Messages that were sent to Meta, by outcome.",
    labelNames: ["outcome"],
    registers: [registry],
  }),
  sending_request_seconds: new Histogram({
    name: "wharf_sending_request_seconds",
    help: "One message to Meta, from the request to its answer.",
    buckets: seconds,
    registers: [registry],
  }),
  template_lists: new Counter({
    name: "wharf_template_lists_total",
    help: "Accounts' lists of templates that were read from Meta, by how that ended: read, failed, lost (given back).",
    labelNames: ["outcome"],
    registers: [registry],
  }),
  media_bucket_requests: new Counter({
    name: "wharf_media_bucket_requests_total",
    help: "Requests to the bucket for files (put, get, delete, list), by outcome.",
    labelNames: ["operation", "outcome"],
    registers: [registry],
  }),
  media_bucket_request_seconds: new Histogram({
    name: "wharf_media_bucket_request_seconds",
    help: "One request to the bucket for files, to the first byte of its answer.",
    labelNames: ["operation"],
    buckets: seconds,
    registers: [registry],
  }),
  backup_last_success_seconds: new Gauge({
    name: "wharf_backup_last_success_timestamp_seconds",
    help: "When the last good backup ended, in seconds since 1970; 0: there is none.",
    aggregator: "max",
    registers: [registry],
  }),
  backup_failed: new Gauge({
    name: "wharf_backup_failed",
    help: "1 when a backup has failed since the last good one.",
    aggregator: "max",
    registers: [registry],
  }),
  on_hold: new Gauge({
    name: "wharf_on_hold",
    help: "1 while nothing is sent, as this Wharf was restored or copied and is not confirmed.",
    aggregator: "max",
    registers: [registry],
  }),
  live_clients: new Gauge({
    name: "wharf_live_clients",
    help: "Browsers and programs that listen to the live feed.",
    registers: [registry],
  }),
  live_events: new Counter({
    name: "wharf_live_events_total",
    help: "Live events written to listeners.",
    registers: [registry],
  }),
  live_cuts: new Counter({
    name: "wharf_live_cuts_total",
    help: "Listeners cut because they read too slowly.",
    registers: [registry],
  }),
};
