import { Tag, type Tone } from "../../ui/tag.tsx";
import classes from "./imports.module.css";
import type { Preview } from "./queries.ts";
import { CHECK, CONSENT_STATES } from "./texts.ts";

type Row = Preview["rows"][number];

const TONES: Record<Row["outcome"], Tone> = {
  created: "good",
  updated: "accent",
  unchanged: "quiet",
  duplicate: "quiet",
  invalid: "bad",
};

/** A row of the file as it will be: the person, or what is wrong with it. */
export function PreviewRow({ row: { line, outcome, faults, contact } }: { row: Row }) {
  return (
    <li className={classes["previewRow"]}>
      <span className={classes["soft"]}>{CHECK.line(line)}</span>
      <span>
        <Tag tone={TONES[outcome]}>{CHECK.outcomes[outcome]}</Tag>
      </span>
      {contact === null ? (
        <span className={classes["faults"]}>
          {faults.map(({ column, reason }) => (
            <span key={`${column} ${reason}`}>
              {column !== null && <b dir="auto">{column}: </b>}
              {reason}
            </span>
          ))}
        </span>
      ) : (
        <>
          <span className={classes["what"]}>
            <b dir="auto">{contact.name ?? CHECK.no_name}</b>
            <span>{contact.phone === null ? null : `+${contact.phone}`}</span>
          </span>
          <span className={classes["soft"]}>
            {CONSENT_STATES[contact.marketing_state] ?? contact.marketing_state}
          </span>
          <span className={classes["more"]}>
            {contact.tags.map((tag) => (
              <Tag key={tag} tone="quiet">
                <span dir="auto">{tag}</span>
              </Tag>
            ))}
            {[contact.language, contact.country, contact.time_zone]
              .filter((value) => value !== null)
              .map((value) => (
                <span key={value}>{value}</span>
              ))}
            {contact.fields.map(({ name, value }) => (
              <span key={name} dir="auto">
                {name}: {String(value)}
              </span>
            ))}
          </span>
        </>
      )}
    </li>
  );
}
