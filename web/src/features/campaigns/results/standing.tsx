import { formatNumber } from "../../../lib/words/intl.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Analytics, type RecipientState, share, standingOf } from "../model/model.ts";
import { PeopleLink } from "../parts/parts.ts";
import { COUNTS, RECIPIENT_STATES, STANDING } from "../result-texts.ts";
import classes from "./results.module.css";

/** How everyone stands now, each in one state: the sum is the audience, and is shown to be. */
export function Standing({ reached: { audience }, now }: Pick<Analytics, "reached" | "now">) {
  const parts = standingOf(now);
  const sum = parts.reduce((total, { count }) => total + count, 0);
  return (
    <Card className={common["block"]}>
      <h2>{STANDING.title}</h2>
      <p className={common["hint"]}>{STANDING.lead}</p>
      <table className={classes["numbers"]}>
        <thead>
          <tr>
            {STANDING.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map(({ state, count }) => {
            const name = state.toUpperCase() as RecipientState;
            return (
              <tr key={state}>
                <th scope="row">
                  <PeopleLink filter={{ state: name }}>{RECIPIENT_STATES[name]}</PeopleLink>
                </th>
                <td>{formatNumber(count)}</td>
                <td>{share(count, audience)}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              <PeopleLink filter={{}}>{sum === audience ? STANDING.sum : STANDING.counted}</PeopleLink>
            </th>
            <td>{formatNumber(sum)}</td>
            <td>{sum === audience ? COUNTS.audience : STANDING.of(formatNumber(audience))}</td>
          </tr>
        </tfoot>
      </table>
    </Card>
  );
}
