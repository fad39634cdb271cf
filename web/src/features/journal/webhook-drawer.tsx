import { Button, Drawer, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconRefresh } from "@tabler/icons-react";
import { call } from "../../lib/api.ts";
import { journalWebhookQuery } from "../../lib/queries.ts";
import { bytes, exactTime } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { JournalDetail } from "../../lib/types.ts";
import { Failure } from "../../ui/page-state.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";
import { Body } from "./body.tsx";
import classes from "./journal.module.css";
import { StateTag } from "./state-tag.tsx";

const OUTCOMES: Record<JournalDetail["events"][number]["outcome"], Tone> = {
  applied: "good",
  ignored: "quiet",
  failed: "bad",
};

/** One webhook: what happened to it, the events in it, and its bytes. */
export function WebhookDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const query = useQuery({ ...journalWebhookQuery(id ?? ""), enabled: id !== undefined });
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={620}
      title="Webhook"
      closeButtonProps={{ "aria-label": "Close" }}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      {query.data && query.data.id === id ? (
        <Details webhook={query.data} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Skeleton h={280} radius="md" />
      )}
    </Drawer>
  );
}

function Details({ webhook }: { webhook: JournalDetail }) {
  return (
    <div className={classes["details"]}>
      <div className={classes["summary"]}>
        <StateTag state={webhook.state} />
        <span>{exactTime(webhook.received_at)}</span>
        <span>{bytes(webhook.body_bytes)}</span>
        {webhook.state !== "done" && <Retry webhook={webhook} />}
      </div>
      {webhook.error && (
        <p className={classes["error"]} data-bad={webhook.state === "dead" || undefined}>
          {webhook.error}
          {webhook.state === "pending" &&
            webhook.next_attempt_at &&
            ` · next try ${exactTime(webhook.next_attempt_at)}`}
        </p>
      )}
      <section>
        <h3>
          {webhook.events.length === 0
            ? "No events of its own"
            : `${webhook.events.length} ${webhook.events.length === 1 ? "event" : "events"}`}
        </h3>
        {webhook.events.length === 0 ? (
          <p className={classes["hint"]}>
            {webhook.state === "dead"
              ? "It could not be read as a webhook."
              : "Meta repeats what it isn't sure of: everything in it had come before, or there was nothing in it."}
          </p>
        ) : (
          <ul className={classes["events"]}>
            {webhook.events.map((event) => (
              <li key={event.id}>
                <code>{event.kind}</code>
                <Tag tone={OUTCOMES[event.outcome]}>{event.outcome}</Tag>
                {event.occurred_at && <time>{exactTime(event.occurred_at)}</time>}
                {event.reason && <p data-bad={event.outcome === "failed" || undefined}>{event.reason}</p>}
                <small title={event.key}>{event.key}</small>
              </li>
            ))}
          </ul>
        )}
      </section>
      <Body webhook={webhook} />
      <p className={classes["id"]}>{webhook.id}</p>
    </div>
  );
}

function Retry({ webhook }: { webhook: JournalDetail }) {
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => call("POST /api/v1/journal/:id/retry", { params: { id: webhook.id } }),
    onSuccess: async () => {
      toast("good", "On its way again", "The webhook goes through the pipeline once more.");
      await Promise.all([
        client.invalidateQueries({ queryKey: ["journal"] }),
        client.invalidateQueries({ queryKey: ["journal-webhook", webhook.id] }),
      ]);
    },
    onError: (error) => toast("bad", "Not retried", error.message),
  });
  return (
    <Button
      ml="auto"
      size="xs"
      h={32}
      variant={webhook.state === "dead" ? "filled" : "default"}
      leftSection={<IconRefresh size={16} />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      Retry
    </Button>
  );
}
