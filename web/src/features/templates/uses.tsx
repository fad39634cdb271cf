import { formatNumber } from "../../lib/words/intl.ts";
import type { Use } from "./queries.ts";
import classes from "./templates.module.css";
import { people, USES } from "./texts.ts";

/** What uses a template, a line a kind, with how many customers that touches. */
export function UseList({ uses }: { uses: readonly Use[] }) {
  return (
    <ul className={classes["plain"]}>
      {uses.map(({ kind, count, more, people: touched, names }) => {
        const told = `${formatNumber(count)}${more ? "+" : ""}`;
        return (
          <li key={kind}>
            {USES[kind]?.(told, count === 1 && !more) ?? `${kind}: ${told}`}
            {touched !== null && touched > 0 && <small> · {people(touched)}</small>}
            {names.length > 0 && (
              <small dir="auto">
                {" "}
                · {names.join(", ")}
                {names.length < count && "…"}
              </small>
            )}
          </li>
        );
      })}
    </ul>
  );
}
