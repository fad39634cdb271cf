import { ActionIcon, CloseButton, Skeleton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { CONSENT, secondLine, withPlus } from "../../conversation/model/people.ts";
import { CONSENT_SOURCE } from "../../lib/words/texts.ts";
import { plainName } from "../../lib/words/isolate.ts";
import { contactQuery, conversationQuery } from "../../lib/server/queries.ts";
import { date, exactTime } from "../../lib/words/time.ts";
import type { ContactDetail } from "../../lib/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Avatar } from "../../conversation/marks/avatar.tsx";
import { Hint } from "../../ui/hint.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { ContactKept } from "./contact-kept.tsx";
import classes from "./contact-panel.module.css";
import { CONTACT } from "./texts.ts";

/** Who this is, by what we know them, and whether they want marketing. */
export function ContactPanel({ conversation_id, onClose }: { conversation_id: string; onClose: () => void }) {
  const { data: conversation } = useQuery(conversationQuery(conversation_id));
  const contact_id = conversation?.contact.id;
  const query = useQuery({ ...contactQuery(contact_id ?? ""), enabled: contact_id !== undefined });
  return (
    <aside className={classes["panel"]} aria-label={CONTACT.label}>
      <CloseButton className={classes["close"] ?? ""} aria-label={CONTACT.close} onClick={onClose} />
      {query.isError && !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : query.data ? (
        <Details contact={query.data} number={conversation?.phone_number.display_phone_number ?? null} />
      ) : (
        <div className={classes["head"]} aria-busy>
          <Skeleton circle h={76} w={76} />
          <Skeleton h={18} w={150} mt={16} />
          <Skeleton h={13} w={110} mt={10} />
        </div>
      )}
    </aside>
  );
}

function Details({ contact, number }: { contact: ContactDetail; number: string | null }) {
  const profile_name = plainName(contact.profile_name ?? "");
  return (
    <>
      <div className={classes["head"]}>
        <Avatar id={contact.id} name={contact.display_name} size={76} />
        <h2 dir="auto">{contact.display_name}</h2>
        {contact.phone && contact.phone !== contact.display_name && <span>{contact.phone}</span>}
        {contact.username && <span>@{contact.username}</span>}
      </div>

      {contact.group ? <Group group={contact.group} /> : <Marketing contact={contact} />}
      {!contact.group && <ContactKept id={contact.id} />}

      <section>
        <h3>{CONTACT.known_as}</h3>
        <dl className={classes["ids"]}>
          {contact.identities.map((identity) => (
            <div key={`${identity.kind} ${identity.value}`} data-former={identity.former || undefined}>
              <dt>
                {CONTACT.identities[identity.kind] ?? identity.kind}
                {identity.former && CONTACT.former}
              </dt>
              <dd>
                <span>{identity.value}</span>
                <Copy value={identity.value} />
              </dd>
            </div>
          ))}
        </dl>
      </section>

      <section>
        <h3>{CONTACT.history}</h3>
        <dl className={classes["facts"]}>
          <dt>{CONTACT.first_seen}</dt>
          <dd title={exactTime(contact.created_at)}>{date(contact.created_at)}</dd>
          {contact.last_inbound_at && (
            <>
              <dt>{CONTACT.last_wrote}</dt>
              <dd>
                <Ago time={contact.last_inbound_at} />
              </dd>
            </>
          )}
          {profile_name !== "" && profile_name !== contact.display_name && (
            <>
              <dt>{CONTACT.profile_name}</dt>
              <dd dir="auto">{profile_name}</dd>
            </>
          )}
          {number && (
            <>
              <dt>{CONTACT.writes_to}</dt>
              <dd>{withPlus(number)}</dd>
            </>
          )}
        </dl>
      </section>
    </>
  );
}

function Marketing({ contact }: { contact: ContactDetail }) {
  const consent = CONSENT[contact.marketing_state];
  return (
    <section>
      <h3>{CONTACT.marketing}</h3>
      <Tag tone={consent.tone}>{consent.label}</Tag>
      {contact.consent.length > 0 ? (
        <ol className={classes["history"]}>
          {contact.consent.map((event) => (
            <li key={event.id} data-tone={event.voided_reason ? "quiet" : CONSENT[event.state].tone}>
              <b title={event.voided_reason ?? undefined}>
                {event.voided_reason ? CONTACT.not_counted : CONSENT[event.state].label}
              </b>
              <span>
                {CONSENT_SOURCE[event.source]}
                {event.evidence && <q dir="auto">{event.evidence}</q>}
              </span>
              <Ago time={event.occurred_at} />
            </li>
          ))}
        </ol>
      ) : (
        <p className={classes["hint"]}>{CONTACT.consent_hint}</p>
      )}
    </section>
  );
}

/** Who is in it, and what is known of it. */
function Group({ group }: { group: NonNullable<ContactDetail["group"]> }) {
  const { participants, description, invite_link, state, join_approval_mode } = group;
  return (
    <>
      {(description !== null || invite_link !== null || state !== "active") && (
        <section>
          <h3>{CONTACT.group}</h3>
          {state !== "active" && (
            <Tag tone="bad">{state === "deleted" ? CONTACT.deleted : CONTACT.suspended}</Tag>
          )}
          {description !== null && (
            <p className={classes["about"]} dir="auto">
              {description}
            </p>
          )}
          {invite_link !== null && (
            <dl className={classes["ids"]}>
              <div>
                <dt>
                  {CONTACT.invitation}
                  {join_approval_mode === "approval_required" && CONTACT.asks_first}
                </dt>
                <dd>
                  <span>{invite_link}</span>
                  <Copy value={invite_link} />
                </dd>
              </div>
            </dl>
          )}
        </section>
      )}
      <section>
        <h3>{CONTACT.people(participants.length)}</h3>
        {participants.length === 0 ? (
          <p className={classes["hint"]}>{CONTACT.no_people}</p>
        ) : (
          <ul className={classes["people"]}>
            {participants.map((person) => (
              <li key={person.id}>
                <Avatar id={person.id} name={person.display_name} size={34} />
                <span>
                  <b dir="auto">{person.display_name}</b>
                  {secondLine(person) !== null && <small>{secondLine(person)}</small>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Copy({ value }: { value: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <Hint label={clipboard.copied ? CONTACT.copied : CONTACT.copy}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={CONTACT.copy_value(value)}
        onClick={() => clipboard.copy(value)}
      >
        {clipboard.copied ? <IconCheck size={15} /> : <IconCopy size={15} stroke={1.7} />}
      </ActionIcon>
    </Hint>
  );
}
