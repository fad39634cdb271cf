import { useQuery } from "@tanstack/react-query";
import { partOf, record, text, typeLabel } from "../../lib/message.ts";
import { templatesQuery } from "../../lib/queries.ts";
import { fileOf, filled, filledIn, readSheet, templateNamed } from "../../lib/templates.ts";
import type { Message } from "../../lib/types.ts";
import { MessageIcon } from "../message-icon.tsx";
import { RichText } from "../rich-text.tsx";
import classes from "./message-body.module.css";

/** Its words are those of the template as it stands now, with what was filled in. */
export function TemplateBody({ message }: { message: Message }) {
  const part = partOf(message);
  const name = text(part["name"]);
  const language = text(record(part["language"])?.["code"]);
  const { data } = useQuery(templatesQuery);
  const known = templateNamed(data?.data ?? [], { name, language });
  const { header, body, footer, buttons } = readSheet(known?.components ?? null);
  const values = filledIn(part);
  const file = fileOf(part);
  const said = message.text ?? (body === null ? null : filled(body, "body", values));
  return (
    <>
      <span className={classes["forwarded"]}>
        <MessageIcon type="template" size={14} /> Template {name}
      </span>
      {file?.type === "image" && file.url !== null ? (
        <a
          className={classes["picture"]}
          href={file.url}
          target="_blank"
          rel="noopener"
          aria-label="Open the photo"
        >
          <img src={file.url} alt={typeLabel("image")} loading="lazy" />
        </a>
      ) : (
        file && (
          <div className={classes["heading"]}>
            <MessageIcon type={file.type} /> {typeLabel(file.type)}
          </div>
        )
      )}
      {header !== null && <div className={classes["heading"]}>{filled(header, "header", values)}</div>}
      {said !== null && <RichText text={said} />}
      {footer !== null && <div className={classes["footer"]}>{footer}</div>}
      {buttons.length > 0 && (
        <ul className={classes["choices"]}>
          {buttons.map((label) => (
            <li key={label}>{label}</li>
          ))}
        </ul>
      )}
    </>
  );
}
