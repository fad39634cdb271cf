import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { formatNumber } from "../../lib/words/intl.ts";
import classes from "./journal.module.css";
import { TABS, unmatchedTab } from "./texts.ts";
import { unmatchedCountsQuery } from "./unmatched-query.ts";

/** The pages about what arrived: the webhooks, and what they told of messages that never came. */
export function JournalTabs({ at }: { at: "/journal" | "/journal/unmatched" }) {
  const navigate = useNavigate();
  const { data } = useQuery(unmatchedCountsQuery);
  const { total = 0, is_more = false } = data ?? {};
  const count = total > 0 ? `${formatNumber(total)}${is_more ? "+" : ""}` : "";
  return (
    <SegmentedControl
      aria-label={TABS.label}
      className={classes["tabs"] ?? ""}
      data={[
        { value: "/journal", label: TABS.webhooks },
        { value: "/journal/unmatched", label: unmatchedTab(count) },
      ]}
      value={at}
      onChange={(to) => void navigate({ to, search: {} })}
    />
  );
}
