import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { more } from "../../../lib/words/event-texts.ts";
import { duration, exactTime } from "../../../lib/words/time.ts";
import type { DeliveryDetail } from "../../../lib/types.ts";
import { eventLabel } from "../model/model.ts";
import classes from "./delivery-drawer.module.css";
import { contactOf, Content } from "./delivery-row.tsx";
import { DRAWER } from "../delivery-texts.ts";

const { facts } = DRAWER;

/** Who it is about, what it says, when, and where to see the rest. */
export function DeliveryFacts({ delivery }: { delivery: DeliveryDetail }) {
  const { event, event_count, wamids, kind, state, created_at, completed_at, journal_id } = delivery;
  const phone = event?.contact?.phone ?? null;
  return (
    <dl className={classes["facts"]}>
      {event && (
        <>
          <Fact name={facts.contact}>
            <span dir="auto">{contactOf(delivery)}</span>
            {phone !== null && phone !== contactOf(delivery) && <small> {phone}</small>}
          </Fact>
          <Fact name={facts.content}>
            <span dir="auto">
              <Content delivery={delivery} />
            </span>
            {event_count > 1 && <small> {more(event_count - 1)}</small>}
          </Fact>
        </>
      )}
      <Fact name={facts.events}>
        <span className={classes["events"]}>
          {delivery.events.map((name) => (
            <span key={name}>{eventLabel(name)}</span>
          ))}
        </span>
      </Fact>
      <Fact name={kind === "test" ? facts.sent : facts.arrived}>{exactTime(created_at)}</Fact>
      {completed_at && (
        <Fact name={state === "delivered" ? facts.delivered : facts.ended}>
          {exactTime(completed_at)}
          {kind !== "test" && (
            <small>{facts.later(duration(Date.parse(completed_at) - Date.parse(created_at)))}</small>
          )}
        </Fact>
      )}
      {(journal_id ?? event?.conversation_id) && (
        <Fact name={facts.links}>
          <span className={classes["links"]}>
            {event?.conversation_id && (
              <Link
                to="/inbox/$conversation_id"
                params={{ conversation_id: event.conversation_id }}
                search={event.message_id === null ? {} : { message: event.message_id }}
              >
                {event.message_id === null ? facts.conversation : facts.its_message}
              </Link>
            )}
            {journal_id && (
              <Link to="/journal/$webhook_id" params={{ webhook_id: journal_id }}>
                {facts.journal}
              </Link>
            )}
          </span>
        </Fact>
      )}
      {wamids.length > 0 && (
        <Fact name={facts.message(wamids.length)}>
          <span className={classes["wamids"]}>
            {wamids.map((wamid) => (
              <Link
                key={wamid}
                from="/settings/webhooks/$endpoint_id"
                search={{ tab: "deliveries", search: wamid }}
                title={facts.message_hint}
              >
                {wamid}
              </Link>
            ))}
          </span>
        </Fact>
      )}
      <Fact name={facts.id}>
        <code className={classes["id"]}>{delivery.id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
