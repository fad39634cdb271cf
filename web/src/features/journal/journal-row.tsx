import { Link } from "@tanstack/react-router";
import { kindLabel, more } from "../../lib/words/event-texts.ts";
import { wordsOfEvent } from "../../lib/words/event-words.ts";
import { withPlus } from "../../conversation/model/people.ts";
import type { JournalWebhook } from "../../lib/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { EventIcon } from "../../ui/event-icon.tsx";
import classes from "./journal.module.css";
import type { JournalFilter } from "./queries.ts";
import { StateTag } from "./state-tag.tsx";
import { NOT_READ_YET, NOTHING_NEW, WEBHOOK } from "./texts.ts";

/** One webhook: where it stands, who it is about, and what it says. */
export function JournalRow({
  row,
  filter,
  several,
}: {
  row: JournalWebhook;
  filter: JournalFilter;
  /** There are several business numbers: each row says which. */
  several: boolean;
}) {
  const { event } = row;
  const words = event && wordsOfEvent(event);
  const number = event?.phone_number;
  return (
    <li>
      <Link
        to="/journal/$webhook_id"
        params={{ webhook_id: row.id }}
        search={filter}
        className={classes["row"]}
        data-state={row.state}
      >
        <span className={classes["state"]}>
          <StateTag state={row.state} />
        </span>
        {words?.who ? (
          <b className={classes["who"]} dir="auto" title={event?.contact?.phone ?? undefined}>
            {words.who}
          </b>
        ) : (
          <span className={classes["subject"]}>{event ? kindLabel(event.kind) : WEBHOOK}</span>
        )}
        <span
          className={classes["what"]}
          data-bad={row.state === "dead" || words?.tone === "bad" || undefined}
        >
          {event && words && row.state !== "dead" ? (
            <>
              <EventIcon event={event} />
              <span className={classes["says"]} dir="auto">
                {words.what !== null && <bdi>{words.text === null ? words.what : `${words.what}: `}</bdi>}
                {words.text}
              </span>
              {row.event_count > 1 && <small>{more(row.event_count - 1)}</small>}
            </>
          ) : (
            <span className={classes["says"]}>
              {row.error ?? (row.state === "pending" ? NOT_READ_YET : NOTHING_NEW)}
            </span>
          )}
        </span>
        {several && (
          <span className={classes["number"]}>
            {number &&
              (number.display_phone_number ? withPlus(number.display_phone_number) : number.phone_number_id)}
          </span>
        )}
        <Ago time={row.received_at} />
      </Link>
    </li>
  );
}
