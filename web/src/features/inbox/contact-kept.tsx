import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { fieldsQuery, profileQuery } from "../../lib/server/audience.ts";
import { Tag } from "../../ui/tag.tsx";
import classes from "./contact-panel.module.css";
import { CONTACT } from "./texts.ts";

/** What the team keeps of the person: tags, lists and fields; they are changed on the contact's page. */
export function ContactKept({ id }: { id: string }) {
  const { data: profile } = useQuery(profileQuery(id));
  const { data: fields } = useQuery(fieldsQuery);
  const known = (fields?.data ?? []).flatMap((field) => {
    const value = profile?.fields[field.id];
    return value === undefined ? [] : [{ ...field, value }];
  });
  return (
    <section>
      <h3>{CONTACT.kept}</h3>
      {profile && profile.tags.length + profile.lists.length > 0 && (
        <p className={classes["chips"]}>
          {profile.tags.map((tag) => (
            <Tag key={tag.id} tone="accent" dir="auto">
              {tag.name}
            </Tag>
          ))}
          {profile.lists.map((list) => (
            <Tag key={list.id} tone="quiet" dir="auto" title={CONTACT.on_list}>
              {list.name}
            </Tag>
          ))}
        </p>
      )}
      {known.length > 0 && (
        <dl className={classes["facts"]}>
          {known.map(({ id: field_id, name, value }) => (
            <div key={field_id}>
              <dt>{name}</dt>
              <dd dir="auto">{typeof value === "boolean" ? CONTACT.truth(value) : String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <Link to="/contacts/$contact_id" params={{ contact_id: id }} className={classes["open"]}>
        {CONTACT.open}
      </Link>
    </section>
  );
}
