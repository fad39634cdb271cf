import { formatNumber } from "../../../lib/words/intl.ts";
import { money as moneyWords, unitPrice } from "../../../lib/words/money.ts";
import type { Review } from "../model/model.ts";
import { categoryWords, countryName, NO_SHARE } from "../texts.ts";
import { REVIEW } from "../wizard-texts.ts";
import classes from "./review.module.css";

const MOST_LINES = 6;

/** The messages of each country with what they cost, where prices are known; the smallest countries share a line. */
export function CostTable({ cost, money }: Pick<Review, "cost" | "money">) {
  const lines = cost.toSorted((a, b) => b.messages - a.messages);
  const others = lines.slice(MOST_LINES);
  const rest = others.reduce((sum, { messages }) => sum + messages, 0);
  const rest_amount = others.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
  return (
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
  );
}
