import type { ReactNode } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { money as moneyWords, unitPrice } from "../../../lib/words/money.ts";
import { duration } from "../../../lib/words/time.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Review } from "../model/model.ts";
import { PricesLink } from "../parts/parts.ts";
import { categoryWords, countryName, NO_SHARE, PRICES, unpricedWords } from "../texts.ts";
import { REVIEW } from "../wizard-texts.ts";
import classes from "./review.module.css";

const MOST_LINES = 6;

/** People, time and cost. */
export function Estimates({
  review: { reach, duration_s, rate_per_s, days, cost, money },
}: {
  review: Review;
}) {
  const lines = cost.toSorted((a, b) => b.messages - a.messages);
  const others = lines.slice(MOST_LINES);
  const rest = others.reduce((sum, { messages }) => sum + messages, 0);
  const rest_amount = others.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
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
        {money && reach.reached > 0 && (
          <Fact
            name={REVIEW.cost_sum}
            value={REVIEW.about(moneyWords(money.amount, money.currency))}
            more={
              money.unpriced.length > 0 ? PRICES.unpriced(unpricedWords(money.unpriced)) : REVIEW.cost_most
            }
          />
        )}
      </dl>
      {lines.length > 0 && (
        <table className={classes["cost"]}>
          <caption>{REVIEW.cost}</caption>
          <thead>
            <tr>
              {[...REVIEW.cost_columns, ...(money ? REVIEW.money_columns : [])].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, MOST_LINES).map(({ country, category, messages, price, amount }) => (
              <tr key={`${country} ${category}`}>
                <th scope="row">{countryName(country)}</th>
                <td>{categoryWords(category)}</td>
                <td>{formatNumber(messages)}</td>
                {money && (
                  <>
                    <td>{price === null ? REVIEW.no_price : unitPrice(price, money.currency)}</td>
                    <td>{amount === null ? NO_SHARE : moneyWords(amount, money.currency)}</td>
                  </>
                )}
              </tr>
            ))}
            {rest > 0 && (
              <tr>
                <th scope="row">{REVIEW.other_countries(lines.length - MOST_LINES)}</th>
                <td />
                <td>{formatNumber(rest)}</td>
                {money && (
                  <>
                    <td />
                    <td>{moneyWords(rest_amount, money.currency)}</td>
                  </>
                )}
              </tr>
            )}
          </tbody>
        </table>
      )}
      <p className={common["hint"]}>
        {money ? REVIEW.money_hint : REVIEW.cost_hint} <PricesLink known={money !== null} />
      </p>
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
