import { formatNumber } from "../../../lib/words/intl.ts";
import { money as moneyWords } from "../../../lib/words/money.ts";
import { duration } from "../../../lib/words/time.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Analytics } from "../model/model.ts";
import { PricesLink } from "../parts/parts.ts";
import { categoryWords, NO_SHARE, PRICES, unpricedWords } from "../texts.ts";
import { TIMES } from "../result-texts.ts";
import classes from "./results.module.css";

/** How long it took from Meta to the phone, and to be read; and what Meta charges for. */
export function Times({ time_to, cost, money }: Pick<Analytics, "time_to" | "cost" | "money">) {
  return (
    <Card className={common["block"]}>
      <h2>{TIMES.title}</h2>
      <dl className={classes["times"]}>
        {(["deliver", "read"] as const).map((what) => {
          const time = time_to[what];
          return (
            <div key={what}>
              <dt>{TIMES[what]}</dt>
              <dd>
                {time === null ? TIMES.none : TIMES.half(duration(time.p50_s * 1_000))}
                {time !== null && <small>{TIMES.most(duration(time.p95_s * 1_000))}</small>}
              </dd>
            </div>
          );
        })}
      </dl>
      <h2>
        {TIMES.cost}
        {money && cost.length > 0 && <small> {moneyWords(money.amount, money.currency)}</small>}
      </h2>
      {cost.length === 0 ? (
        <p className={common["hint"]}>{TIMES.no_cost}</p>
      ) : (
        <table className={classes["numbers"]}>
          <thead>
            <tr>
              {[...TIMES.cost_columns, ...(money ? [TIMES.amount] : [])].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cost.map(({ category, billable, free, amount }) => (
              <tr key={category}>
                <th scope="row">{categoryWords(category)}</th>
                <td>{formatNumber(billable)}</td>
                <td>{formatNumber(free)}</td>
                {money && <td>{amount === null ? NO_SHARE : moneyWords(amount, money.currency)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {money && money.unpriced.length > 0 && (
        <p className={common["hint"]}>{PRICES.unpriced(unpricedWords(money.unpriced))}</p>
      )}
      <p className={common["hint"]}>
        {money ? TIMES.money_hint : TIMES.cost_hint} <PricesLink known={money !== null} />
      </p>
    </Card>
  );
}
