import type { Policy } from "./queries.ts";
import classes from "./consent.module.css";
import { DAYS, LIMITS } from "./texts.ts";

const listed = new Intl.ListFormat("en-GB", { type: "conjunction" });
const namesOf = (days: readonly number[]) =>
  listed.format(days.toSorted((a, b) => a - b).map((day) => DAYS[day - 1] ?? ""));

/** What the limits do, in sentences, as they are edited. */
export function LimitsExample({ cap, quiet }: Pick<Policy, "cap" | "quiet">) {
  const sentences: string[] = [];
  if (cap) sentences.push(LIMITS.cap_example(cap));
  if (quiet && quiet.from !== null && quiet.to !== null && quiet.days.length > 0) {
    const which = quiet.days.length === 7 ? LIMITS.every_day : namesOf(quiet.days);
    sentences.push(LIMITS.night_example(quiet.from, quiet.to, which));
  }
  if (quiet && quiet.whole_days.length > 0) sentences.push(LIMITS.whole_example(namesOf(quiet.whole_days)));
  if (quiet) sentences.push(quiet.action === "wait" ? LIMITS.wait_example : LIMITS.skip_example);
  return (
    <section className={classes["example"]} aria-label={LIMITS.example}>
      <h2>{LIMITS.example}</h2>
      {sentences.length === 0 ? (
        <p>{LIMITS.off}</p>
      ) : (
        sentences.map((sentence) => <p key={sentence}>{sentence}</p>)
      )}
    </section>
  );
}
