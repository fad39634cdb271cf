import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { duration } from "../../../lib/words/time.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { Card } from "../../../ui/page.tsx";
import { EditForm } from "../form/form.ts";
import { scheduleLabel, scheduleWords } from "../model/model.ts";
import { SecretSection } from "../signing/signing.ts";
import { CONFIGURATION, FIELDS } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./settings.module.css";

/** Where and how an endpoint is delivered to, to read and, in the same place, to change; and its secret. `onTest` tries the prepared one. */
export function ConfigurationCard({ endpoint, onTest }: { endpoint: Endpoint; onTest: () => void }) {
  const [editing, setEditing] = useState(false);
  return (
    <Card aria-label={CONFIGURATION.title} className={shared["block"]}>
      <header>
        <h2>{CONFIGURATION.title}</h2>
        {!editing && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={15} />}
            onClick={() => setEditing(true)}
          >
            {CONFIGURATION.edit}
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
  const { retry_preset, rate_limit_per_s: rate, concurrency, header_names } = endpoint;
  return (
    <dl className={classes["facts"]}>
      <Fact term={CONFIGURATION.url}>
        <code>{endpoint.url}</code>
      </Fact>
      <Fact term={FIELDS.retries}>
        {scheduleLabel(retry_preset)}
        <small>{FIELDS.retried(scheduleWords(retry_preset))}</small>
      </Fact>
      <Fact term={CONFIGURATION.limits}>
        {rate === null ? CONFIGURATION.no_rate : CONFIGURATION.rate(rate)},{" "}
        {CONFIGURATION.parallel(concurrency)}
        <small>{CONFIGURATION.timeout(duration(endpoint.timeout_ms))}</small>
      </Fact>
      <Fact term={FIELDS.disable_after}>
        {CONFIGURATION.disabled_after(duration(endpoint.give_up_after_s * 1000))}
        <small>{CONFIGURATION.disabled_hint}</small>
      </Fact>
      <Fact term={FIELDS.headers}>
        {header_names.length === 0 ? (
          CONFIGURATION.none
        ) : (
          <span className={shared["chips"]}>
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
