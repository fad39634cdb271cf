import type { ReactNode } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { money as moneyWords } from "../../../lib/words/money.ts";
import { duration } from "../../../lib/words/time.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Review } from "../model/model.ts";
import { PricesLink } from "../parts/parts.ts";
import { PRICES, unpricedWords } from "../texts.ts";
import { REVIEW } from "../wizard-texts.ts";
import { CostTable } from "./cost-table.tsx";
import classes from "./review.module.css";

/** People, time and cost. */
export function Estimates({
  review: { reach, duration_s, rate_per_s, days, cost, money },
}: {
  review: Review;
}) {
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
      {cost.length > 0 && <CostTable cost={cost} money={money} />}
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
