import { Button, Switch } from "@mantine/core";
import { IconChevronDown, IconShieldLock } from "@tabler/icons-react";
import { useState } from "react";
import type { Endpoint } from "../../lib/types.ts";
import { Card } from "../../ui/page.tsx";
import { Tag } from "../../ui/tag.tsx";
import { sayProblem, useChange } from "./changes.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { EVENTS, type EventKind, inOrder } from "./events.ts";
import { Sample } from "./sample.tsx";
import classes from "./webhooks.module.css";

const ALWAYS = 3;

/** What an endpoint is sent. A toggle holds for events after it. */
export function EventsCard({ endpoint }: { endpoint: Endpoint }) {
  const change = useChange(endpoint);
  const [asked, setAsked] = useState<EventKind | null>(null);
  const [all, setAll] = useState(false);
  const shown = EVENTS.filter(({ event }, index) => all || index < ALWAYS || endpoint.events.includes(event));
  const set = (event: EventKind["event"], on: boolean) =>
    change.mutate(
      {
        events: on ? inOrder([...endpoint.events, event]) : endpoint.events.filter((each) => each !== event),
      },
      { onError: sayProblem("Not changed") },
    );
  return (
    <Card aria-label="Subscribed events" className={classes["block"]}>
      <header>
        <div>
          <h2>Subscribed events</h2>
          <p>Payloads are Meta&rsquo;s own, unchanged. A switch holds for events that arrive after it.</p>
        </div>
      </header>
      <table className={classes["events"]}>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">Field</th>
            <th scope="col">What you receive</th>
            <th scope="col">Subscribed</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((kind) => (
            <EventLine
              key={kind.event}
              kind={kind}
              on={endpoint.events.includes(kind.event)}
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
            Show {EVENTS.length - shown.length} more events
          </Button>
        </div>
      )}
      <Confirm
        opened={asked !== null}
        title={`Subscribe to ${asked?.label.toLowerCase() ?? ""}?`}
        yes="Subscribe"
        onYes={() => {
          if (asked) set(asked.event, true);
          setAsked(null);
        }}
        onClose={() => setAsked(null)}
      >
        <p>{asked?.sensitive}</p>
        <p>Subscribe only if your receiver handles this data securely.</p>
      </Confirm>
    </Card>
  );
}

function EventLine({
  kind: { event, label, brings, sensitive },
  on,
  onToggle,
}: {
  kind: EventKind;
  on: boolean;
  onToggle: (on: boolean) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr data-open={open || undefined}>
        <th scope="row">
          {label}
          {sensitive && <Tag tone="warn">Sensitive</Tag>}
        </th>
        <td>
          <code>{event}</code>
        </td>
        <td>
          {brings}{" "}
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Sample of ${label}`}
            onClick={() => setOpen(!open)}
          >
            {open ? "Hide sample" : "Sample"}
          </button>
          {on && sensitive && (
            <p className={classes["streams"]}>
              <IconShieldLock size={15} aria-hidden />
              {sensitive}
            </p>
          )}
        </td>
        <td className={classes["toggle"]}>
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
