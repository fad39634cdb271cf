import type { FormAnswer as Parts } from "../model/form-answer.ts";
import { RichText } from "../marks/rich-text.tsx";
import { Card } from "./cards.tsx";
import classes from "./message-body.module.css";
import { BODY } from "./texts.ts";

/** What was filled in, field by field. */
export function FormAnswer({ answer: { title, body, fields, broken } }: { answer: Parts }) {
  return (
    <>
      <Card type="flow" title={title} lines={[broken === null ? null : BODY.unreadable]}>
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
          <summary>{BODY.as_it_came}</summary>
          <pre>{broken}</pre>
        </details>
      )}
    </>
  );
}
