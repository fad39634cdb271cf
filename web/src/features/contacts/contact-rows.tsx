import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Avatar } from "../../conversation/marks/avatar.tsx";
import { CONSENT, secondLine } from "../../conversation/model/people.ts";
import { Ago } from "../../ui/ago.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./contacts.module.css";
import { countryName } from "../../conversation/conditions/countries.ts";
import type { Choice, Listed } from "./queries.ts";
import { LIST } from "./texts.ts";

/** How many tags a row shows. */
const MOST_TAGS = 6;

/** A table at a desk, cards on a phone. */
export function ContactRows({
  contacts,
  choice,
  choose,
}: {
  contacts: readonly Listed[];
  choice: Choice;
  choose: (choice: Choice) => void;
}) {
  const isChosen = (id: string) => choice === "all" || choice.has(id);
  const all = contacts.every(({ id }) => isChosen(id));
  const some = contacts.some(({ id }) => isChosen(id));
  const put = (id: string, on: boolean) => {
    const next = new Set(choice === "all" ? contacts.map((contact) => contact.id) : choice);
    if (on) next.add(id);
    else next.delete(id);
    choose(next);
  };
  return (
    <>
      <div className={classes["heads"]}>
        <Checkbox
          aria-label={LIST.choose_page}
          checked={all}
          indeterminate={some && !all}
          onChange={() => choose(new Set(all ? [] : contacts.map(({ id }) => id)))}
        />
        <span aria-hidden>{LIST.heads.name}</span>
        <span aria-hidden>{LIST.heads.tags}</span>
        <span aria-hidden>{LIST.heads.country}</span>
        <span aria-hidden>{LIST.heads.consent}</span>
        <span aria-hidden>{LIST.heads.seen}</span>
      </div>
      <ul className={classes["rows"]} aria-label={LIST.heads.name}>
        {contacts.map((contact) => (
          <li key={contact.id} className={classes["row"]} data-chosen={isChosen(contact.id) || undefined}>
            <Checkbox
              className={classes["check"] ?? ""}
              aria-label={LIST.choose(contact.display_name)}
              checked={isChosen(contact.id)}
              onChange={({ currentTarget: { checked } }) => put(contact.id, checked)}
            />
            <Person contact={contact} />
            <Tags tags={contact.tags} />
            <span className={classes["country"]}>
              {contact.country === null ? null : countryName(contact.country)}
            </span>
            <span className={classes["consent"]}>
              <Tag tone={CONSENT[contact.marketing_state].tone}>{CONSENT[contact.marketing_state].label}</Tag>
            </span>
            <span className={classes["seen"]}>
              {contact.last_inbound_at === null ? LIST.never : <Ago time={contact.last_inbound_at} />}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Person({ contact }: { contact: Listed }) {
  const second = secondLine(contact);
  return (
    <span className={classes["person"]}>
      <Avatar id={contact.id} name={contact.display_name} size={36} />
      <span>
        <Link to="/contacts/$contact_id" params={{ contact_id: contact.id }} dir="auto">
          {contact.display_name}
        </Link>
        {second !== null && <small>{second}</small>}
      </span>
    </span>
  );
}

/** Six, and how many more. */
function Tags({ tags }: { tags: Listed["tags"] }) {
  const more = tags.slice(MOST_TAGS);
  return (
    <span className={classes["tags"]}>
      {tags.slice(0, MOST_TAGS).map(({ id, name }) => (
        <Tag key={id} tone="accent" dir="auto">
          {name}
        </Tag>
      ))}
      {more.length > 0 && (
        <Tag tone="quiet" title={LIST.more_tags_label(more.map(({ name }) => name))}>
          {LIST.more_tags(more.length)}
        </Tag>
      )}
    </span>
  );
}
