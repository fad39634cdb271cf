import type { ReactNode } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { duration } from "../../../lib/words/time.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Review } from "../model/model.ts";
import { categoryWords, countryName } from "../texts.ts";
import { REVIEW } from "../wizard-texts.ts";
import classes from "./review.module.css";

const MOST_LINES = 6;

/** People, time and cost. */
export function Estimates({ review: { reach, duration_s, rate_per_s, days, cost } }: { review: Review }) {
  const lines = cost.toSorted((a, b) => b.messages - a.messages);
  const rest = lines.slice(MOST_LINES).reduce((sum, { messages }) => sum + messages, 0);
  return (
    <Card className={common["block"]}>
      <h2>{REVIEW.estimates}</h2>
      <dl className={classes["facts"]}>
        <Fact
          name={REVIEW.people}
          value={formatNumber(reach.reached)}
          more={REVIEW.of_people(reach.people)}
        />
        <Fact
          name={REVIEW.takes}
          value={duration_s === 0 ? REVIEW.at_once : REVIEW.about(duration(duration_s * 1_000))}
          more={REVIEW.rate(rate_per_s)}
        />
        <Fact
          name={REVIEW.limit}
          value={days === null ? REVIEW.no_limit : days <= 1 ? REVIEW.one_day : REVIEW.in_days(days)}
          more={days !== null && days > 1 ? REVIEW.limit_hint : undefined}
        />
      </dl>
      {lines.length > 0 && (
        <table className={classes["cost"]}>
          <caption>{REVIEW.cost}</caption>
          <thead>
            <tr>
              {REVIEW.cost_columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, MOST_LINES).map(({ country, category, messages }) => (
              <tr key={`${country} ${category}`}>
                <th scope="row">{countryName(country)}</th>
                <td>{categoryWords(category)}</td>
                <td>{formatNumber(messages)}</td>
              </tr>
            ))}
            {rest > 0 && (
              <tr>
                <th scope="row">{REVIEW.other_countries(lines.length - MOST_LINES)}</th>
                <td />
                <td>{formatNumber(rest)}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
      <p className={common["hint"]}>{REVIEW.cost_hint}</p>
    </Card>
  );
}

function Fact({ name, value, more }: { name: string; value: string; more?: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {more && <small>{more}</small>}
      </dd>
    </div>
  );
}
