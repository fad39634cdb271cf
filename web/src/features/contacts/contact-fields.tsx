import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ContactDetail } from "../../lib/types.ts";
import classes from "./contact.module.css";
import { COUNTRIES, languageName, LANGUAGES, TIME_ZONES } from "../../conversation/conditions/countries.ts";
import { fieldsQuery, type Field, type Profile, type ProfileChange } from "./queries.ts";
import { PAGE } from "./texts.ts";
import { useChangeProfile } from "./use-change-profile.ts";
import { ChoiceValue, TextValue } from "./value-field.tsx";

/** What there is of every contact. */
export function About({ contact, profile }: { contact: ContactDetail; profile: Profile }) {
  const change = useChangeProfile(contact.id);
  const { language } = profile;
  const languages =
    language === null || LANGUAGES.some(({ value }) => value === language)
      ? LANGUAGES
      : [{ value: language, label: languageName(language) }, ...LANGUAGES];
  return (
    <section className={classes["block"]} aria-labelledby="about">
      <h2 id="about">{PAGE.about}</h2>
      <div className={classes["values"]}>
        <TextValue
          label={PAGE.name}
          value={contact.name ?? contact.book_name ?? contact.profile_name ?? ""}
          maxLength={200}
          save={(name) => change.mutate({ name: name || null })}
        />
        <ChoiceValue
          label={PAGE.language}
          value={language ?? ""}
          options={languages}
          save={(value) => change.mutate({ language: value || null })}
        />
        <ChoiceValue
          label={PAGE.country}
          value={profile.country ?? ""}
          options={COUNTRIES}
          save={(value) => change.mutate({ country: value || null })}
        />
        <ChoiceValue
          label={PAGE.time_zone}
          value={profile.time_zone ?? ""}
          options={TIME_ZONES}
          save={(value) => change.mutate({ time_zone: value || null })}
        />
      </div>
    </section>
  );
}

/** What the workspace keeps of its contacts. */
export function Fields({ id, profile }: { id: string; profile: Profile }) {
  const { data: fields } = useQuery(fieldsQuery);
  const change = useChangeProfile(id);
  return (
    <section className={classes["block"]} aria-labelledby="fields">
      <h2 id="fields">{PAGE.fields}</h2>
      {fields && fields.data.length === 0 ? (
        <p className={classes["soft"]}>
          {PAGE.no_fields} <Link to="/contacts/fields">{PAGE.make_fields}</Link>
        </p>
      ) : (
        <div className={classes["values"]}>
          {fields?.data.map((field) => (
            <FieldValue
              key={field.id}
              field={field}
              value={profile.fields[field.id]}
              save={(value) => change.mutate({ fields: { [field.id]: value } })}
            />
          ))}
        </div>
      )}
    </section>
  );
}

type Value = NonNullable<ProfileChange["fields"]>[string];

function FieldValue({
  field: { name, kind, choices },
  value,
  save,
}: {
  field: Field;
  value: Value | undefined;
  save: (value: Value) => void;
}) {
  const text = value === undefined || value === null ? "" : String(value);
  if (kind === "choice" || kind === "boolean") {
    const options =
      kind === "choice"
        ? choices.map((choice) => ({ value: choice, label: choice }))
        : [
            { value: "true", label: PAGE.yes },
            { value: "false", label: PAGE.no },
          ];
    return (
      <ChoiceValue
        label={name}
        value={text}
        options={options}
        save={(chosen) => save(chosen === "" ? null : kind === "boolean" ? chosen === "true" : chosen)}
      />
    );
  }
  return (
    <TextValue
      label={name}
      type={kind}
      value={text}
      save={(typed) => save(typed === "" ? null : kind === "number" ? Number(typed) : typed)}
    />
  );
}
