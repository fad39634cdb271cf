import { formatNumber } from "../../../lib/words/intl.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Reached, share } from "../model/model.ts";
import { PeopleLink } from "../parts/parts.ts";
import { COUNTS, FUNNEL } from "../result-texts.ts";
import classes from "./results.module.css";

const STEPS = ["audience", "submitted", "sent", "delivered", "read", "replied"] as const;

/** From all who were chosen to those who answered, and how many are left behind at each step. */
export function Funnel({ reached }: { reached: Reached }) {
  return (
    <Card className={common["block"]}>
      <h2>{FUNNEL.title}</h2>
      <ol className={classes["funnel"]}>
        {STEPS.map((name, at) => {
          const before = STEPS[at - 1];
          const lost = before ? reached[before] - reached[name] : 0;
          return (
            <li key={name}>
              {before && (
                <small className={classes["drop"]}>
                  {lost > 0 ? FUNNEL.lost(lost, share(lost, reached[before])) : FUNNEL.none_lost}
                </small>
              )}
              <PeopleLink filter={{ reached: name }}>
                <span>{COUNTS[name]}</span>
                <b>{formatNumber(reached[name])}</b>
                <small>{share(reached[name], reached.audience)}</small>
                <i
                  aria-hidden
                  style={{
                    width: `${reached.audience === 0 ? 0 : (reached[name] / reached.audience) * 100}%`,
                  }}
                />
              </PeopleLink>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
