import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { withPlus } from "../../conversation/model/people.ts";
import { date } from "../../lib/words/time.ts";
import type { ContactDetail } from "../../lib/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Failure, Older } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./contact.module.css";
import { conversationsOfQuery, eventsQuery, receivedQuery, type Profile } from "./queries.ts";
import { PAGE, RECIPIENT_STATES, SKIP_REASONS } from "./texts.ts";

/** Their conversations: each opens in the Inbox. */
export function Conversations({ id }: { id: string }) {
  const query = useQuery(conversationsOfQuery(id));
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.conversations}</h2>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data?.data.length === 0 && <p className={classes["soft"]}>{PAGE.no_conversations}</p>}
      <ul className={classes["lines"]}>
        {query.data?.data.map(({ id: conversation_id, phone_number, last_message, last_message_at }) => (
          <li key={conversation_id}>
            <Link to="/inbox/$conversation_id" params={{ conversation_id }} search={{ status: "ALL" }}>
              {PAGE.with(withPlus(phone_number.display_phone_number ?? phone_number.phone_number_id))}
            </Link>
            {last_message?.text && <span dir="auto">{last_message.text}</span>}
            {last_message_at !== null && <Ago time={last_message_at} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What campaigns they were in, and how far each came. */
export function Campaigns({ id }: { id: string }) {
  const query = useInfiniteQuery(receivedQuery(id));
  const campaigns = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.campaigns}</h2>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data && campaigns.length === 0 && <p className={classes["soft"]}>{PAGE.no_campaigns}</p>}
      <ul className={classes["lines"]}>
        {campaigns.map(({ campaign_id, name, state, skip_reason, error, sent_at }) => (
          <li key={campaign_id}>
            <b dir="auto">{name}</b>
            <Tag tone={state === "FAILED" ? "bad" : "quiet"}>{RECIPIENT_STATES[state] ?? state}</Tag>
            {sent_at !== null && <Ago time={sent_at} />}
            {state === "SKIPPED" && skip_reason !== null && <span>{SKIP_REASONS[skip_reason]}</span>}
            {(state === "FAILED" || state === "LIMITED") && error !== null && (
              <span dir="auto">{[error.title, error.advice].filter(Boolean).join(" ")}</span>
            )}
          </li>
        ))}
      </ul>
      <Older query={query} size="xs">
        {PAGE.more}
      </Older>
    </section>
  );
}

/** What other systems told of them. */
export function Events({ id }: { id: string }) {
  const query = useInfiniteQuery(eventsQuery(id));
  const events = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.events}</h2>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data && events.length === 0 && <p className={classes["soft"]}>{PAGE.no_events}</p>}
      <ul className={classes["lines"]}>
        {events.map((event) => (
          <li key={event.id}>
            <b>{event.name}</b>
            <code>{JSON.stringify(event.payload)}</code>
            <Ago time={event.occurred_at} />
          </li>
        ))}
      </ul>
      <Older query={query} size="xs">
        {PAGE.more}
      </Older>
    </section>
  );
}

export function Activity({ contact, profile }: { contact: ContactDetail; profile: Profile }) {
  const rows = [
    [PAGE.last_inbound, profile.last_inbound_at],
    [PAGE.last_delivered, profile.last_delivered_at],
    [PAGE.last_read, profile.last_read_at],
    [PAGE.last_replied, profile.last_replied_at],
  ] as const;
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.activity}</h2>
      <dl className={classes["facts"]}>
        <dt>{PAGE.first_seen}</dt>
        <dd>{date(contact.created_at)}</dd>
        {rows.map(([label, time]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{time === null ? PAGE.never : <Ago time={time} />}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
