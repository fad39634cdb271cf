import { COUNTS, RECIPIENT_STATES, SKIP_REASONS } from "../result-texts.ts";
import { REPORT } from "../report-texts.ts";
import { STATES } from "../texts.ts";
import type { CampaignFilter, PeopleFilter, ReportFilter } from "./queries.ts";

/** What the addresses of the pages say, without words that there are not. */

type Said<Name extends string> = { [Each in Name]?: string | undefined };

const wordOf = <Word extends string>(words: Record<Word, unknown>, value: string | undefined) =>
  (Object.keys(words) as Word[]).find((word) => word === value);

const { stalled: _, ...LISTED } = STATES;
export const campaignFilterOf = ({ state, search }: Said<"state" | "search">): CampaignFilter => ({
  state: wordOf(LISTED, state),
  search,
});
export const peopleFilterOf = (
  said: Said<"state" | "reached" | "skip_reason" | "error_code" | "country" | "search">,
): PeopleFilter => ({
  state: wordOf(RECIPIENT_STATES, said.state),
  reached: wordOf(COUNTS, said.reached),
  skip_reason: wordOf(SKIP_REASONS, said.skip_reason),
  error_code: /^\d{1,9}$/.test(said.error_code ?? "") ? said.error_code : undefined,
  country: /^[A-Z]{2}$/.test(said.country ?? "") ? said.country : undefined,
  search: said.search,
});
export const reportFilterOf = ({
  by,
  ...others
}: Said<"by" | "since" | "until" | "number">): ReportFilter => ({
  by: wordOf(REPORT.by_names, by),
  ...others,
});
