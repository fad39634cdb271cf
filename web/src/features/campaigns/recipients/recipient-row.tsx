import { Link } from "@tanstack/react-router";
import { IconCheck, IconChecks, IconClock, IconX } from "@tabler/icons-react";
import { useNow } from "../../../lib/page/use-now.ts";
import { ahead, clockTime, date, daysAgo, exactTime } from "../../../lib/words/time.ts";
import type { Recipient, RecipientState } from "../model/model.ts";
import { PEOPLE, RECIPIENT_STATES, SKIP_REASONS } from "../result-texts.ts";
import classes from "./recipients.module.css";

/** One person, how far their message came, and why not further; opens their conversation. */
export function RecipientRow({ person }: { person: Recipient }) {
  const { display_name, phone, conversation_id, message_id, replied_at, opted_out_at, clicked_at } = person;
  const name = (
    <>
      <b dir="auto" title={display_name}>
        {display_name}
      </b>
      <small>{phone ?? PEOPLE.no_number}</small>
    </>
  );
  return (
    <li className={classes["row"]}>
      {conversation_id === null ? (
        <span className={classes["who"]}>{name}</span>
      ) : (
        <Link
          to="/inbox/$conversation_id"
          params={{ conversation_id }}
          search={{ status: "ALL", message: message_id ?? undefined }}
          className={classes["who"]}
          title={PEOPLE.open(display_name)}
        >
          {name}
        </Link>
      )}
      <State person={person} />
      <Why person={person} />
      <span className={classes["replies"]}>
        {replied_at !== null && <Moment says={PEOPLE.replied} time={replied_at} />}
        {clicked_at !== null && <Moment says={PEOPLE.clicked} time={clicked_at} />}
        {opted_out_at !== null && <Moment says={PEOPLE.opted_out} time={opted_out_at} bad />}
      </span>
    </li>
  );
}

const ICONS: Partial<Record<RecipientState, typeof IconCheck>> = {
  SENT: IconCheck,
  DELIVERED: IconChecks,
  READ: IconChecks,
  PLAYED: IconChecks,
  FAILED: IconX,
  LIMITED: IconX,
};

/** How far it came, and when. */
function State({ person }: { person: Recipient }) {
  const Icon = ICONS[person.state] ?? IconClock;
  const time =
    person.failed_at ??
    person.played_at ??
    person.read_at ??
    person.delivered_at ??
    person.sent_at ??
    person.submitted_at ??
    person.queued_at;
  return (
    <span className={classes["state"]} data-state={person.state}>
      <Icon size={17} stroke={2} aria-hidden />
      <span>
        {RECIPIENT_STATES[person.state]}
        {time !== null && <Moment time={time} />}
      </span>
    </span>
  );
}

function Why({ person: { state, skip_reason, error, due_at, attempts } }: { person: Recipient }) {
  const now = useNow();
  const says = skip_reason !== null && state === "SKIPPED" ? SKIP_REASONS[skip_reason] : error?.title;
  const later = due_at !== null && Date.parse(due_at) > now;
  return (
    <span className={classes["why"]}>
      {says}
      {error && state !== "SKIPPED" && <small>{error.advice}</small>}
      {later && (
        <small>
          {state === "WAITING" ? PEOPLE.due(ahead(due_at, now)) : PEOPLE.again(ahead(due_at, now))}
        </small>
      )}
      {attempts > 1 && <small>{PEOPLE.attempts(attempts)}</small>}
    </span>
  );
}

function Moment({ says, time, bad = false }: { says?: string; time: string; bad?: boolean }) {
  const now = useNow();
  const shown = daysAgo(time, now) === 0 ? clockTime(time) : date(time);
  return (
    <small data-bad={bad || undefined}>
      {says}{" "}
      <time dateTime={time} title={exactTime(time)}>
        {shown}
      </time>
    </small>
  );
}
