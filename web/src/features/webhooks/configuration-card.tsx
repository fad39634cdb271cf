import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { wordsOf } from "../../lib/api.ts";
import { formatNumber } from "../../lib/intl.ts";
import { duration, exactTime } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { Endpoint } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Card } from "../../ui/page.tsx";
import { useChange } from "./changes.ts";
import { draftOf, settingsOf } from "./draft.ts";
import { HealthTag, healthOf } from "./health.tsx";
import { SCHEDULES, scheduleSummary, scheduleWords } from "./schedules.ts";
import { SecretSection } from "./secret-section.tsx";
import { AddressFields, DeliveryFields } from "./settings-fields.tsx";
import { useDraft } from "./use-draft.ts";
import classes from "./webhooks.module.css";

/** Where and how an endpoint is delivered to, to read and, in the same place, to change; and its secret. `onTest` tries the prepared one. */
export function ConfigurationCard({ endpoint, onTest }: { endpoint: Endpoint; onTest: () => void }) {
  const [editing, setEditing] = useState(false);
  return (
    <Card aria-label="Configuration" className={classes["block"]}>
      <header>
        <h2>Configuration</h2>
        {!editing && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={15} />}
            onClick={() => setEditing(true)}
          >
            Edit
          </Button>
        )}
      </header>
      {editing ? (
        <EditForm endpoint={endpoint} onDone={() => setEditing(false)} />
      ) : (
        <Facts endpoint={endpoint} />
      )}
      <SecretSection endpoint={endpoint} onTest={onTest} />
    </Card>
  );
}

function Facts({ endpoint }: { endpoint: Endpoint }) {
  const now = useNow();
  const { retry_preset, rate_limit_per_s: rate, concurrency, held_until, header_names } = endpoint;
  const { reason } = healthOf(endpoint, now);
  const held = held_until !== null && Date.parse(held_until) > now;
  return (
    <dl className={classes["facts"]}>
      <Fact term="Webhook URL">
        <code>{endpoint.url}</code>
      </Fact>
      <Fact term="Status">
        <HealthTag endpoint={endpoint} />
        {reason && <small>{reason}</small>}
        {held && <small>Held until {exactTime(held_until)}</small>}
      </Fact>
      <Fact term="Retries">
        {SCHEDULES[retry_preset].label}: {scheduleSummary(retry_preset)}
        <small>Tried again {scheduleWords(retry_preset)}</small>
      </Fact>
      <Fact term="Limits">
        {rate === null ? "No rate limit" : `${formatNumber(rate)} a second`}, {concurrency} at once
        <small>An answer within {duration(endpoint.timeout_ms)}, body included</small>
      </Fact>
      <Fact term="Given up">
        After {duration(endpoint.give_up_after_s * 1000)} of nothing but failures
        <small>Then what arrives is held until you enable it again</small>
      </Fact>
      <Fact term="Custom headers">
        {header_names.length === 0 ? (
          "None"
        ) : (
          <span className={classes["chips"]}>
            {header_names.map((name) => (
              <code key={name}>{name}</code>
            ))}
          </span>
        )}
      </Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function EditForm({ endpoint, onDone }: { endpoint: Endpoint; onDone: () => void }) {
  const state = useDraft(draftOf(endpoint));
  const change = useChange(endpoint);
  const [problem, setProblem] = useState<string | null>(null);
  const save = () => {
    setProblem(null);
    change.mutate(settingsOf(state.draft), {
      onSuccess: () => {
        toast("good", "Saved", "It holds for everything that is sent from now on.");
        onDone();
      },
      onError: (error) => {
        if (!state.refuse(error)) setProblem(wordsOf(error));
      },
    });
  };
  return (
    <form
      className={classes["form"]}
      aria-label="Edit the configuration"
      noValidate
      onSubmit={(event) => state.submit(event, save)}
    >
      <AddressFields state={state} />
      <DeliveryFields state={state} />
      {problem && (
        <p className={classes["wrong"]} role="alert">
          {problem}
        </p>
      )}
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
