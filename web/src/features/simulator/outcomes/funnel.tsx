import classes from "./funnel.module.css";
import { expected, type Odds } from "../model/model.ts";
import { texts } from "../texts.ts";

const { funnel: says } = texts.messages;
const FLAT = 76;
const SLOPE = 32;
const WIDTH = 4 * FLAT + 3 * SLOPE;
const begin = (stage: number) => stage * (FLAT + SLOPE);

/** What the odds amount to, of 100 messages: drawn, and in words. */
export function Funnel({ odds }: { odds: Odds }) {
  const of = expected(odds);
  const stages = [
    { word: says.stages.taken, count: 100, lost: null },
    { word: says.stages.sent, count: of.sent, lost: "failed" },
    { word: says.stages.delivered, count: of.delivered, lost: "late" },
    { word: says.stages.read, count: of.read, lost: "unread" },
  ];
  const outline = stages.map(
    ({ count }, at) => `L ${begin(at)} ${100 - count} L ${begin(at) + FLAT} ${100 - count}`,
  );
  const held = Math.round(odds.held * 100);
  return (
    <div className={classes["funnel"]}>
      <ol className={classes["stages"]} aria-label={says.label}>
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
        {[
          says.fails(of.failed),
          ...(of.at_once > 0 ? [says.at_once(of.at_once, of.read)] : []),
          says.played(of.played),
          ...(held > 0 ? [says.held(held)] : []),
        ].join(" ")}
      </p>
    </div>
  );
}
