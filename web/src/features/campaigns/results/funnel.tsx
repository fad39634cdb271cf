import { formatNumber } from "../../../lib/words/intl.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Analytics, funnelOf, share } from "../model/model.ts";
import { PeopleLink } from "../parts/parts.ts";
import { COUNTS, FUNNEL } from "../result-texts.ts";
import classes from "./results.module.css";

/** From all who were chosen to those who answered, and what is with the others at each step. */
export function Funnel({ reached, now }: Pick<Analytics, "reached" | "now">) {
  return (
    <Card className={common["block"]}>
      <h2>{FUNNEL.title}</h2>
      <ol className={classes["funnel"]}>
        {funnelOf(reached, now).map(({ step, count, left }) => (
          <li key={step}>
            {left.length > 0 && (
              <small className={classes["drop"]}>
                {left.map(({ why, count: others }) => FUNNEL.left[why](others)).join(" · ")}
              </small>
            )}
            <PeopleLink filter={{ reached: step }}>
              <span>{COUNTS[step]}</span>
              <b>{formatNumber(count)}</b>
              <small>{share(count, reached.audience)}</small>
              {count > 0 && (
                <i
                  aria-hidden
                  style={{ width: `${reached.audience === 0 ? 0 : (count / reached.audience) * 100}%` }}
                />
              )}
            </PeopleLink>
          </li>
        ))}
      </ol>
    </Card>
  );
}
