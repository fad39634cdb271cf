import { Button, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { ChangeConsent } from "../../conversation/consent/change-consent.tsx";
import { CONSENT } from "../../conversation/model/people.ts";
import type { ContactDetail } from "../../lib/types.ts";
import { CONSENT_SOURCE } from "../../lib/words/texts.ts";
import { Ago } from "../../ui/ago.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./contact.module.css";
import { Picker, type Option } from "../../conversation/conditions/picker.tsx";
import { listsQuery, tagsQuery, type Profile } from "./queries.ts";
import { PICK } from "../../conversation/conditions/texts.ts";
import { IDENTITIES, PAGE } from "./texts.ts";
import { useChangeProfile } from "./use-change-profile.ts";
import { useCreate } from "./use-create.ts";

const plus = <IconPlus size={15} aria-hidden />;

/** The tags and lists of a contact, added and taken away one by one. */
export function Memberships({ id, profile }: { id: string; profile: Profile }) {
  const { data: tags } = useQuery(tagsQuery);
  const { data: lists } = useQuery(listsQuery);
  const change = useChangeProfile(id);
  const create = useCreate();
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.tags}</h2>
      <Chips
        options={profile.tags}
        all={tags?.data ?? []}
        texts={PICK.tags}
        put={(tag, on) => change.mutate(on ? { add_tags: [tag.id] } : { remove_tags: [tag.id] })}
        create={(name) =>
          create.tag.mutate(name, { onSuccess: (tag) => change.mutate({ add_tags: [tag.id] }) })
        }
      />
      <h2>{PAGE.lists}</h2>
      <Chips
        options={profile.lists}
        all={lists?.data ?? []}
        texts={PICK.lists}
        put={(list, on) => change.mutate(on ? { add_lists: [list.id] } : { remove_lists: [list.id] })}
        create={(name) =>
          create.list.mutate(name, { onSuccess: (list) => change.mutate({ add_lists: [list.id] }) })
        }
      />
    </section>
  );
}

function Chips({
  options,
  all,
  texts,
  put,
  create,
}: {
  options: readonly Option[];
  all: readonly Option[];
  texts: typeof PICK.tags;
  put: (option: Option, on: boolean) => void;
  create: (name: string) => void;
}) {
  return (
    <div className={classes["chips"]}>
      {options.map((option) => (
        <span key={option.id} className={classes["chip"]}>
          <span dir="auto">{option.name}</span>
          <CloseButton size="xs" aria-label={PICK.remove(option.name)} onClick={() => put(option, false)} />
        </span>
      ))}
      <Picker
        label={texts.add}
        icon={plus}
        options={all}
        chosen={new Set(options.map(({ id }) => id))}
        put={put}
        create={create}
        texts={texts}
      />
    </div>
  );
}

/** Whether they want marketing, and what shows it. */
export function Consent({ contact }: { contact: ContactDetail }) {
  const consent = CONSENT[contact.marketing_state];
  const [changing, setChanging] = useState(false);
  const erased = contact.marketing_state === "REDACTED";
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.consent}</h2>
      <div className={classes["consentNow"]}>
        <Tag tone={consent.tone}>{consent.label}</Tag>
        {!erased && (
          <Button size="xs" variant="default" onClick={() => setChanging(true)}>
            {PAGE.change_consent}
          </Button>
        )}
      </div>
      {changing && (
        <ChangeConsent id={contact.id} name={contact.display_name} onClose={() => setChanging(false)} />
      )}
      {contact.consent.length === 0 ? (
        <p className={classes["soft"]}>{PAGE.no_consent}</p>
      ) : (
        <ol className={classes["history"]}>
          {contact.consent.map((event) => (
            <li key={event.id} data-tone={event.voided_reason ? "quiet" : CONSENT[event.state].tone}>
              <b title={event.voided_reason ?? undefined}>
                {event.voided_reason ? PAGE.not_counted : CONSENT[event.state].label}
              </b>
              <span>
                {CONSENT_SOURCE[event.source]}
                {event.evidence && <q dir="auto">{event.evidence}</q>}
              </span>
              <Ago time={event.occurred_at} />
            </li>
          ))}
        </ol>
      )}
      <Link to="/contacts/consent" search={{ contact: contact.id }} className={classes["more"]}>
        {PAGE.whole_consent}
      </Link>
    </section>
  );
}

/** By what WhatsApp knows them. */
export function Identities({ contact }: { contact: ContactDetail }) {
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.identities}</h2>
      <dl className={classes["ids"]}>
        {contact.identities.map(({ kind, value, former }) => (
          <div key={`${kind} ${value}`} data-former={former || undefined}>
            <dt>
              {IDENTITIES[kind] ?? kind}
              {former && ` · ${PAGE.former}`}
            </dt>
            <dd>
              <span>{value}</span>
              <CopyButton text={value} what={value} size="compact-xs" variant="subtle" />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
