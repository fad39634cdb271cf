import { Link } from "@tanstack/react-router";
import { IconArrowRight, IconMessage } from "@tabler/icons-react";
import { Ago } from "../../ui/ago.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";
import classes from "./consent.module.css";
import type { Entry } from "./queries.ts";
import { LEDGER, SOURCES, STATES } from "./texts.ts";

const TONES: Partial<Record<Entry["to"], Tone>> = {
  SUBSCRIBED: "good",
  UNSUBSCRIBED: "bad",
  NOT_SUBSCRIBED: "bad",
  PENDING: "warn",
};
export const StateTag = ({ state }: { state: Entry["to"] }) => (
  <Tag tone={TONES[state] ?? "quiet"}>{STATES[state] ?? state}</Tag>
);

/** One statement: who, what it changed, how it is known, and when. */
export function EntryRow({ entry }: { entry: Entry }) {
  const { contact, evidence, reason, user, voided_reason } = entry;
  return (
    <li className={classes["row"]} data-void={voided_reason !== null || undefined}>
      <Link
        to="/contacts/consent"
        search={{ contact: contact.id }}
        className={classes["person"]}
        title={LEDGER.only}
      >
        <b>
          <bdi>{contact.display_name}</bdi>
        </b>
        {contact.phone !== null && contact.phone !== contact.display_name && <small>{contact.phone}</small>}
      </Link>
      <span className={classes["change"]}>
        <span className={classes["from"]}>{STATES[entry.from] ?? entry.from}</span>
        <IconArrowRight size={15} aria-label={LEDGER.became} />
        <StateTag state={entry.to} />
      </span>
      <span className={classes["why"]}>
        <span>
          <b>{SOURCES[entry.source]}</b>
          {user !== null && ` ${LEDGER.by(user.name)}`}
        </span>
        {evidence !== null && <q dir="auto">{evidence}</q>}
        {reason !== null && <span dir="auto">{reason}</span>}
        {voided_reason !== null && <Tag tone="quiet">{LEDGER.voided}</Tag>}
      </span>
      <span className={classes["when"]}>
        <Ago time={entry.occurred_at} />
        {entry.conversation_id !== null && entry.message_id !== null && (
          <Link
            to="/inbox/$conversation_id"
            params={{ conversation_id: entry.conversation_id }}
            search={{ message: entry.message_id }}
          >
            <IconMessage size={15} aria-hidden /> {LEDGER.open}
          </Link>
        )}
      </span>
    </li>
  );
}
