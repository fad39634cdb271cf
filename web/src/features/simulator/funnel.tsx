import classes from "./funnel.module.css";
import { expected, type Odds } from "./odds.ts";

const FLAT = 76;
const SLOPE = 32;
const WIDTH = 4 * FLAT + 3 * SLOPE;
const begin = (stage: number) => stage * (FLAT + SLOPE);

/** What the odds amount to, of 100 messages: drawn, and in words. */
export function Funnel({ odds }: { odds: Odds }) {
  const of = expected(odds);
  const stages = [
    { word: "taken", count: 100, lost: null },
    { word: "sent", count: of.sent, lost: "failed" },
    { word: "delivered", count: of.delivered, lost: "late" },
    { word: "read", count: of.read, lost: "unread" },
  ];
  const outline = stages.map(
    ({ count }, at) => `L ${begin(at)} ${100 - count} L ${begin(at) + FLAT} ${100 - count}`,
  );
  const held = Math.round(odds.held * 100);
  return (
    <div className={classes["funnel"]}>
      <ol className={classes["stages"]} aria-label="Of 100 messages">
        {stages.map(({ word, count }) => (
          <li key={word}>
            <b>{count}</b> {word}
          </li>
        ))}
      </ol>
      <svg viewBox={`0 0 ${WIDTH} 100`} preserveAspectRatio="none" aria-hidden>
        {["way", "failed", "late", "unread"].map((name) => (
          <linearGradient key={name} id={`funnel-${name}`} data-of={name}>
            <stop offset="0" />
            <stop offset="1" />
          </linearGradient>
        ))}
        {stages.slice(1).map(({ count, lost }, at) => {
          const before = 100 - stages[at]!.count;
          const [from, to] = [begin(at) + FLAT, begin(at + 1)];
          return (
            <path
              key={lost}
              className={classes["lost"]}
              fill={`url(#funnel-${lost})`}
              d={`M ${from} ${before} L ${to + FLAT} ${before} L ${to + FLAT} ${100 - count} L ${to} ${100 - count} Z`}
            />
          );
        })}
        <path
          className={classes["way"]}
          fill="url(#funnel-way)"
          d={`M 0 100 ${outline.join(" ")} L ${WIDTH} 100 Z`}
        />
      </svg>
      <p className={classes["words"]}>
        {of.failed} fail{of.failed === 1 ? "s" : ""}.{" "}
        {of.at_once > 0 && `${of.at_once} of the ${of.read} are read without a “delivered” before. `}
        Of 100 voice messages {of.played} are played.
        {held > 0 && ` Of 100 templates ${held} are held first.`}
      </p>
    </div>
  );
}
