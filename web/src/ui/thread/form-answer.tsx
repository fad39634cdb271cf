import type { FormAnswer as Parts } from "../../lib/form-answer.ts";
import { RichText } from "../rich-text.tsx";
import { Card } from "./cards.tsx";
import classes from "./message-body.module.css";

/** What somebody filled in, field by field. */
export function FormAnswer({ answer: { title, body, fields, broken } }: { answer: Parts }) {
  return (
    <>
      <Card type="flow" title={title} lines={[broken === null ? null : "It can’t be read"]}>
        {body !== null && (
          <div className={classes["written"]}>
            <RichText text={body} />
          </div>
        )}
      </Card>
      {fields.length > 0 && (
        <dl className={classes["fields"]}>
          {fields.map(({ key, label, value }) => (
            <div key={key}>
              <dt title={key}>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {broken !== null && (
        <details className={classes["raw"]}>
          <summary>As it came</summary>
          <pre>{broken}</pre>
        </details>
      )}
    </>
  );
}
