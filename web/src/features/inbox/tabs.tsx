import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { countsQuery } from "../../lib/server/queries.ts";
import type { ConversationCounts } from "../../lib/types.ts";
import classes from "./inbox.module.css";
import { LIST, type Tab } from "./texts.ts";

/** The server counts no farther than a thousand. */
const MOST = 999;
const COUNTED = { OPEN: "open", PENDING: "pending", RESOLVED: "resolved", FAILED: "failed" } as const;

/** What the list shows, with how many there are; the failed ones only while there are some. */
export function Tabs({ value, onChange }: { value: Tab; onChange: (tab: Tab) => void }) {
  const { data: counts } = useQuery(countsQuery);
  const has_failed = value === "FAILED" || (counts?.failed ?? 0) > 0;
  const tabs: Tab[] = ["OPEN", "PENDING", "RESOLVED", "ALL", ...(has_failed ? (["FAILED"] as const) : [])];
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={LIST.filter}
      className={classes["tabs"] ?? ""}
      data={tabs.map((tab) => ({ value: tab, label: <Label tab={tab} counts={counts} /> }))}
      value={value}
      onChange={(next) => onChange(next)}
    />
  );
}

function Label({ tab, counts }: { tab: Tab; counts: ConversationCounts | undefined }) {
  const number = tab === "ALL" ? 0 : (counts?.[COUNTED[tab]] ?? 0);
  return (
    <span className={classes["tab"]} data-tone={tab === "FAILED" ? "bad" : undefined}>
      {LIST.tabs[tab]}
      {number > 0 && <small>{number > MOST ? `${MOST}+` : number}</small>}
    </span>
  );
}
