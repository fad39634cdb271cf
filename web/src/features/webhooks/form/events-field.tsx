import { Checkbox } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useState } from "react";
import type { Subscription } from "../../../lib/types.ts";
import { Tag } from "../../../ui/tag.tsx";
import { type EventKind, EVENTS } from "../model/model.ts";
import { Disclosure } from "./disclosure.tsx";
import { ADD } from "../texts.ts";
import classes from "./form.module.css";

const MAIN_EVENTS = 3;

/** Which events are chosen, and whether one has promised to keep the sensitive ones safe. */
export function useEventChoice() {
  const [events, setEvents] = useState<Subscription[]>(["statuses", "template_status"]);
  const [accepted, setAccepted] = useState(false);
  const [missed, setMissed] = useState(false);
  const sensitive = EVENTS.filter((kind) => kind.sensitive && events.includes(kind.event));
  const unaccepted = sensitive.length > 0 && !accepted;
  return {
    events,
    sensitive,
    accepted,
    /** It was to be saved without the promise. */
    missed: missed && unaccepted,
    toggle: (event: Subscription) =>
      setEvents((now) => (now.includes(event) ? now.filter((each) => each !== event) : [...now, event])),
    accept: setAccepted,
    /** Asks for the promise where it is missing. */
    isAccepted: (): boolean => {
      setMissed(unaccepted);
      return !unaccepted;
    },
  };
}

/** Which events are sent; for sensitive ones one promises to keep them safe. */
export function EventsField({ choice }: { choice: ReturnType<typeof useEventChoice> }) {
  const { events, sensitive } = choice;
  const choices = EVENTS.map((kind) => (
    <EventChoice key={kind.event} kind={kind} chosen={events.includes(kind.event)} onToggle={choice.toggle} />
  ));
  return (
    <fieldset className={classes["choose"]}>
      <legend>{ADD.events}</legend>
      {choices.slice(0, MAIN_EVENTS)}
      <Disclosure label={ADD.more_events(EVENTS.length - MAIN_EVENTS)}>
        {choices.slice(MAIN_EVENTS)}
      </Disclosure>
      {sensitive.length > 0 && (
        <div className={classes["notice"]}>
          <IconShieldLock size={19} aria-hidden />
          <div>
            {sensitive.map(({ event, sensitive: words }) => (
              <p key={event}>{words}</p>
            ))}
            <p>{ADD.secure}</p>
            <Checkbox
              label={ADD.accept}
              error={choice.missed && ADD.accept_missed}
              checked={choice.accepted}
              onChange={(event) => choice.accept(event.currentTarget.checked)}
            />
          </div>
        </div>
      )}
    </fieldset>
  );
}

function EventChoice({
  kind: { event, label, brings, sensitive },
  chosen,
  onToggle,
}: {
  kind: EventKind;
  chosen: boolean;
  onToggle: (event: Subscription) => void;
}) {
  return (
    <Checkbox
      checked={chosen}
      onChange={() => onToggle(event)}
      label={
        <span className={classes["labelled"]}>
          {label}
          {sensitive && <Tag tone="warn">{ADD.sensitive}</Tag>}
        </span>
      }
      description={brings}
    />
  );
}
