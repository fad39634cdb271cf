import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { languageName, variablesIn } from "../../../../src/template-rules/template-rules.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import { readSheet } from "../../conversation/model/templates.ts";
import { exactTime } from "../../lib/words/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Card } from "../../ui/page.tsx";
import { listedParts } from "../../conversation/template/listed-parts.ts";
import { PhonePreview } from "../../conversation/template/phone-preview.tsx";
import type { TemplateDetail } from "./queries.ts";
import { StatusTag } from "../../conversation/template/status-tag.tsx";
import { statusOf } from "../../conversation/template/texts.ts";
import { Quality } from "./quality.tsx";
import classes from "./templates.module.css";
import { categoryOf, DETAIL, HISTORY, LIST, QUALITIES, SOURCES } from "./texts.ts";
import { UseList } from "./uses.tsx";

export function TemplateParts({ template }: { template: TemplateDetail }) {
  const parts = listedParts(template.components);
  return (
    <div className={classes["detail"]}>
      <div className={classes["column"]}>
        <Facts template={template} />
        <Numbers messages={template.messages} />
        <Card className={classes["block"]}>
          <h2>{DETAIL.used_in}</h2>
          {template.uses.length === 0 ? <p>{DETAIL.unused}</p> : <UseList uses={template.uses} />}
        </Card>
        <History history={template.history} />
      </div>
      <div className={classes["column"]}>
        {parts.length === 0 ? (
          <Card className={classes["block"]}>{LIST.no_text}</Card>
        ) : (
          <PhonePreview components={parts} values={template.samples} />
        )}
        <Languages template={template} />
      </div>
    </div>
  );
}

function Facts({ template }: { template: TemplateDetail }) {
  const { status, status_at, category, correct_category, language, quality, source, template_id } = template;
  const names = variablesIn(readSheet(template.components).body ?? "");
  const rows: [string, ReactNode][] = [
    [
      DETAIL.status,
      <>
        {statusOf(status)}
        {status_at && <small>{exactTime(status_at)}</small>}
      </>,
    ],
    [
      DETAIL.category,
      <>
        {categoryOf(category)}
        {correct_category && <small>{DETAIL.will_be(categoryOf(correct_category) ?? "")}</small>}
      </>,
    ],
    [DETAIL.language, language === null ? null : languageName(language)],
    [
      DETAIL.quality,
      <>
        <Quality quality={quality} /> {QUALITIES[quality] ?? quality}
      </>,
    ],
    [
      DETAIL.variables,
      names.length === 0 ? DETAIL.no_variables : names.map((name) => `{{${name}}}`).join(", "),
    ],
    [
      DETAIL.last_update,
      source && (
        <>
          <Ago time={source.at} />
          <small>{SOURCES[source.kind]}</small>
        </>
      ),
    ],
    [DETAIL.meta_id, template_id],
  ];
  return (
    <Card className={classes["block"]}>
      <dl className={classes["facts"]}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

const COLUMNS = ["total", "sent", "delivered", "read", "failed"] as const;

/** How far its messages are now; each counts once. */
function Numbers({ messages }: { messages: TemplateDetail["messages"] }) {
  return (
    <Card className={classes["block"]}>
      <h2 id="sent-by">{DETAIL.sent_by}</h2>
      <table className={classes["numbers"]} aria-labelledby="sent-by">
        <thead>
          <tr>
            <td />
            {([7, 30] as const).map((days) => (
              <th key={days} scope="col">
                {DETAIL.days(days)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {COLUMNS.map((column) => (
            <tr key={column}>
              <th scope="row">{DETAIL.counts[column]}</th>
              <td>{formatNumber(messages.days_7[column])}</td>
              <td>{formatNumber(messages.days_30[column])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {messages.more && <p>{DETAIL.newest(messages.days_30.total)}</p>}
    </Card>
  );
}

function Languages({ template: { id, name, languages } }: { template: TemplateDetail }) {
  const others = languages.filter((each) => each.id !== id);
  if (name === null || others.length === 0) return null;
  return (
    <Card className={classes["block"]}>
      <h2>{DETAIL.other_languages}</h2>
      <ul className={classes["plain"]}>
        {others.map((each) => (
          <li key={each.id}>
            <Link to="/templates/$template_id" params={{ template_id: each.id }}>
              {languageName(each.language ?? "")}
            </Link>{" "}
            <StatusTag status={each.status} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

const textIn = (detail: Record<string, unknown>, name: string): string | null =>
  typeof detail[name] === "string" && detail[name] !== "NONE" ? detail[name] : null;

function History({ history }: { history: TemplateDetail["history"] }) {
  return (
    <Card className={classes["block"]}>
      <h2>{DETAIL.history}</h2>
      {history.length === 0 ? (
        <p>{DETAIL.history_none}</p>
      ) : (
        <ol className={classes["history"]}>
          {history.map(({ id, subject, value, detail, occurred_at }) => (
            <li key={id}>
              <span>{HISTORY[subject]?.(value) ?? subject}</span>
              {textIn(detail, "reason_details") && <small>{textIn(detail, "reason_details")}</small>}
              <small>
                <time dateTime={occurred_at}>{exactTime(occurred_at)}</time>
              </small>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
