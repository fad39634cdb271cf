import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconArrowUpRight, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { kindLabel } from "../../lib/words/event-texts.ts";
import { wordsOfEvent } from "../../lib/words/event-words.ts";
import { exactTime } from "../../lib/words/time.ts";
import type { JournalDetail } from "../../lib/types.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { EventIcon } from "../../ui/event-icon.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";
import * as texts from "./texts.ts";
import classes from "./webhook-parts.module.css";

type Event = JournalDetail["events"][number];

const TONES: Record<Event["outcome"], Tone> = { applied: "good", ignored: "quiet", failed: "bad" };
/** Meta puts up to a thousand into one webhook: more than a page can draw at once. */
const FIRST = 25;
const STEP = 100;

/** What the webhook brought, and where in the Inbox that is. */
export function WebhookEvents({ webhook: { events, state } }: { webhook: JournalDetail }) {
  const [limit, setLimit] = useState(FIRST);
  const shown = events.slice(0, limit);
  const rest = Math.min(STEP, events.length - limit);
  return (
    <>
      <header className={classes["head"]}>
        <h2>{texts.eventsTitle(events.length, state)}</h2>
      </header>
      {events.length === 0 && <p className={classes["none"]}>{texts.noEvents[state]}</p>}
      <ul className={classes["list"]}>
        {shown.map((event) => (
          <EventItem key={event.id} event={event} />
        ))}
      </ul>
      {rest > 0 && (
        <div className={classes["more"]}>
          <Button variant="default" onClick={() => setLimit(limit + STEP)}>
            {texts.showMore(rest)}
          </Button>
        </div>
      )}
    </>
  );
}

function EventItem({ event }: { event: Event }) {
  const { summary } = event;
  const { who, what, text, tone } = wordsOfEvent(summary);
  return (
    <li className={classes["event"]}>
      <span className={classes["icon"]} data-bad={tone === "bad" || undefined}>
        <EventIcon event={summary} size={19} />
      </span>
      <div className={classes["said"]}>
        <p className={classes["line"]}>
          {who && <b dir="auto">{who}</b>}
          <small>{kindLabel(event.kind)}</small>
          {event.outcome !== "applied" && (
            <Tag tone={TONES[event.outcome]}>{texts.OUTCOMES[event.outcome]}</Tag>
          )}
        </p>
        <p className={classes["words"]} data-bad={tone === "bad" || undefined} dir="auto">
          {what !== null && <bdi>{text === null ? what : `${what}: `}</bdi>}
          {text}
        </p>
        {event.reason && <p className={classes["why"]}>{event.reason}</p>}
        <Ids event={event} />
      </div>
      <div className={classes["side"]}>
        {summary.conversation_id && (
          <Link
            to="/inbox/$conversation_id"
            params={{ conversation_id: summary.conversation_id }}
            search={summary.message_id === null ? {} : { message: summary.message_id }}
            className={classes["link"]}
          >
            {summary.message_id === null ? texts.OPEN_CONVERSATION : texts.OPEN_MESSAGE}{" "}
            <IconArrowUpRight size={15} aria-hidden />
          </Link>
        )}
        {event.occurred_at && <time dateTime={event.occurred_at}>{exactTime(event.occurred_at)}</time>}
      </div>
    </li>
  );
}

function Ids({ event: { key, summary } }: { event: Event }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes["ids"]} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <IconChevronRight size={14} aria-hidden /> {texts.DETAILS}
      </summary>
      {open && (
        <dl>
          {summary.wamid && (
            <div>
              <dt>{texts.MESSAGE_ID}</dt>
              <dd>
                <code>{summary.wamid}</code>
                <CopyButton text={summary.wamid} what={texts.COPIED_ID} size="compact-xs" variant="subtle" />
              </dd>
            </div>
          )}
          <div>
            <dt>{texts.EVENT_KEY}</dt>
            <dd>
              <code>{key}</code>
            </dd>
          </div>
        </dl>
      )}
    </details>
  );
}
