import { Link } from "@tanstack/react-router";
import { saysOfLast } from "../../../lib/words/attempt-texts.ts";
import { formatNumber } from "../../../lib/words/intl.ts";
import { kindLabel, more } from "../../../lib/words/event-texts.ts";
import { wordsOfEvent } from "../../../lib/words/event-words.ts";
import { nextTry } from "../../../lib/words/next-attempt.ts";
import type { Delivery, Endpoint } from "../../../lib/types.ts";
import { Ago } from "../../../ui/ago.tsx";
import { Countdown } from "../../../ui/countdown.tsx";
import { eventLabel } from "../model/model.ts";
import classes from "./deliveries.module.css";
import { DeliveryTags } from "./delivery-tags.tsx";
import type { Selection } from "./selection.ts";
import { LIST } from "../delivery-texts.ts";

/** Who a delivery is about: the customer or the template, or what it tells of where there is neither. */
export const contactOf = ({ event, events, kind }: Delivery): string =>
  kind === "test" ? LIST.test : ((event && wordsOfEvent(event).who) ?? labels(events));
const labels = (events: Delivery["events"]) => events.map(eventLabel).join(", ");

/** What it says. */
function contentOf({ event, events }: Delivery): string {
  if (!event) return labels(events);
  const { what, text } = wordsOfEvent(event);
  return [what, text].filter((part) => part !== null && part !== "").join(": ") || kindLabel(event.kind);
}

/** The same to read: in the direction of the customer's words, so that it is never their beginning that is cut off. */
export function Content({ delivery }: { delivery: Delivery }) {
  const { what, text } = delivery.event ? wordsOfEvent(delivery.event) : { what: null, text: null };
  if (!what || !text) return contentOf(delivery);
  return (
    <>
      <bdi>{what}: </bdi>
      {text}
    </>
  );
}

export function Row({
  row,
  endpoint,
  open,
  selection,
}: {
  row: Delivery;
  endpoint: Endpoint;
  open: boolean;
  selection: Selection;
}) {
  const contact = contactOf(row);
  const phone = row.event?.contact?.phone ?? null;
  return (
    <li className={classes["item"]} data-selected={selection.ids.has(row.id) || undefined}>
      <label className={classes["check"]}>
        {row.kind !== "test" && (
          <input
            type="checkbox"
            aria-label={LIST.select(`${contact}, ${contentOf(row)}`)}
            checked={selection.ids.has(row.id)}
            onChange={() => {}}
            onClick={(click) => selection.toggle(row.id, click.shiftKey)}
          />
        )}
      </label>
      <Link
        from="/settings/webhooks/$endpoint_id"
        search={(before) => ({ ...before, delivery: row.id })}
        className={classes["row"]}
        aria-current={open ? "true" : undefined}
      >
        <DeliveryTags delivery={row} />
        <span className={classes["who"]}>
          <b dir="auto">{contact}</b>
          {phone !== null && phone !== contact && <small>{phone}</small>}
        </span>
        <span className={classes["says"]}>
          <span dir="auto" data-bad={row.event?.error ? true : undefined}>
            <Content delivery={row} />
          </span>
          {row.event_count > 1 && <small className={classes["more"]}>{more(row.event_count - 1)}</small>}
        </span>
        <LastAnswer row={row} next={nextTry(row, endpoint)} />
        <span className={classes["attempts"]}>
          {formatNumber(row.attempts)}
          <span className={classes["unit"]}> {LIST.attempts_unit(row.attempts)}</span>
        </span>
        <Ago time={row.created_at} />
      </Link>
    </li>
  );
}

function LastAnswer({ row, next }: { row: Delivery; next: string | null }) {
  const bad = row.last_error !== null;
  return (
    <span className={classes["answer"]}>
      {row.attempts > 0 && (
        <span data-bad={bad || undefined} title={bad ? saysOfLast(row) : undefined}>
          {row.last_status !== null && <b>HTTP {row.last_status}</b>}
          {bad && row.last_status === null && saysOfLast(row)}
        </span>
      )}
      {next !== null && (
        <small>
          {LIST.next} <Countdown to={next} />
        </small>
      )}
      {row.attempts === 0 && next === null && !row.under_way && <small>{LIST.not_sent}</small>}
    </span>
  );
}
