import { Button, Switch } from "@mantine/core";
import { IconCheck, IconChevronDown, IconShieldLock } from "@tabler/icons-react";
import { useState } from "react";
import type { Endpoint } from "../../../lib/types.ts";
import { Card } from "../../../ui/page.tsx";
import { Tag } from "../../../ui/tag.tsx";
import { type EventKind, EVENTS, sayProblem, useToggle } from "../model/model.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { Sample } from "../parts/parts.ts";
import { ADD, EVENTS_CARD } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./settings.module.css";

const ALWAYS = 3;

/** What an endpoint is sent. A toggle holds for events after it. */
export function EventsCard({ endpoint }: { endpoint: Endpoint }) {
  const toggle = useToggle(endpoint);
  const [saved, setSaved] = useState<EventKind["event"] | null>(null);
  const [asked, setAsked] = useState<EventKind | null>(null);
  const [all, setAll] = useState(false);
  const shown = EVENTS.filter(({ event }, index) => all || index < ALWAYS || endpoint.events.includes(event));
  const set = (event: EventKind["event"], on: boolean) => {
    setSaved(null);
    toggle.mutate(
      { event, on },
      { onSuccess: () => setSaved(event), onError: sayProblem(EVENTS_CARD.not_changed) },
    );
  };
  return (
    <Card aria-label={EVENTS_CARD.title} className={shared["block"]}>
      <header>
        <div>
          <h2>{EVENTS_CARD.title}</h2>
          <p>{EVENTS_CARD.lead}</p>
        </div>
      </header>
      <table className={classes["events"]}>
        <thead>
          <tr>
            {EVENTS_CARD.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((kind) => (
            <EventLine
              key={kind.event}
              kind={kind}
              on={endpoint.events.includes(kind.event)}
              saved={saved === kind.event}
              onToggle={(on) => (on && kind.sensitive ? setAsked(kind) : set(kind.event, on))}
            />
          ))}
        </tbody>
      </table>
      {shown.length < EVENTS.length && (
        <div className={classes["rest"]}>
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconChevronDown size={15} />}
            onClick={() => setAll(true)}
          >
            {EVENTS_CARD.more(EVENTS.length - shown.length)}
          </Button>
        </div>
      )}
      <Confirm
        opened={asked !== null}
        title={EVENTS_CARD.ask(asked?.label ?? "")}
        yes={EVENTS_CARD.subscribe}
        onYes={() => {
          if (asked) set(asked.event, true);
          setAsked(null);
        }}
        onClose={() => setAsked(null)}
      >
        <p>{asked?.sensitive}</p>
        <p>{ADD.secure}</p>
      </Confirm>
    </Card>
  );
}

function EventLine({
  kind: { event, label, brings, sensitive },
  on,
  saved,
  onToggle,
}: {
  kind: EventKind;
  on: boolean;
  /** The last switch of it is stored. */
  saved: boolean;
  onToggle: (on: boolean) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr data-open={open || undefined}>
        <th scope="row">
          {label}
          {sensitive && <Tag tone="warn">{ADD.sensitive}</Tag>}
        </th>
        <td>
          <code>{event}</code>
        </td>
        <td>
          {brings}{" "}
          <button
            type="button"
            aria-expanded={open}
            aria-label={EVENTS_CARD.sample_of(label)}
            onClick={() => setOpen(!open)}
          >
            {open ? EVENTS_CARD.hide_sample : EVENTS_CARD.sample}
          </button>
          {on && sensitive && (
            <p className={classes["streams"]}>
              <IconShieldLock size={15} aria-hidden />
              {sensitive}
            </p>
          )}
        </td>
        <td className={classes["toggle"]}>
          <span className={classes["saved"]} role="status">
            {saved && (
              <>
                <IconCheck size={14} stroke={2.4} aria-hidden />
                {EVENTS_CARD.saved}
              </>
            )}
          </span>
          <Switch withThumbIndicator={false} aria-label={label} checked={on} onChange={() => onToggle(!on)} />
        </td>
      </tr>
      {open && (
        <tr className={classes["sample"]}>
          <td colSpan={4}>
            <Sample event={event} />
          </td>
        </tr>
      )}
    </>
  );
}
