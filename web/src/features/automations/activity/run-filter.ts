import { RUN_STATES } from "../activity-texts.ts";
import type { RunFilter, RunState } from "../model/model.ts";

type Said = { [Name in keyof RunFilter]?: string | undefined };

/** What the address says, without words that there are not. */
export const runFilterOf = ({
  state,
  counted,
  node,
  reason,
  stopped,
  search,
  since,
  until,
}: Said): RunFilter => ({
  state: (Object.keys(RUN_STATES) as RunState[]).find((each) => each === state),
  counted: counted === "goal" || counted === "left" ? counted : undefined,
  node,
  reason,
  stopped: stopped === "true" ? "true" : undefined,
  search,
  since,
  until,
});

export const isFiltered = (filter: RunFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined);
