import { Checkbox, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import list from "../../../ui/list-table.module.css";
import { Card } from "../../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../../ui/page-state.tsx";
import { ACTIVITY } from "../activity-texts.ts";
import { type Automation, type RunFilter, runsQuery } from "../model/model.ts";
import classes from "./activity.module.css";
import { BulkBar } from "./bulk-bar.tsx";
import { isFiltered } from "./run-filter.ts";
import { RunFilters } from "./run-filters.tsx";
import { RunRow } from "./run-row.tsx";
import { Summary } from "./summary.tsx";

export { VisitsAlone } from "./way.tsx";
export { People } from "./people.tsx";
export { runFilterOf } from "./run-filter.ts";

/** The people on their way through it: how many, who, where, and each one's steps. */
export function Activity({
  automation,
  filter,
  open_run,
}: {
  automation: Automation;
  filter: RunFilter;
  open_run: string | undefined;
}) {
  const query = useInfiniteQuery(runsQuery(automation.id, filter));
  const runs = query.data?.pages.flatMap((page) => page.data) ?? [];
  const [marked, mark] = useState<ReadonlySet<string>>(new Set());
  // Those who are no longer listed are not chosen either.
  const chosen = new Set(runs.flatMap(({ id }) => (marked.has(id) ? [id] : [])));
  const choose = (id: string, on: boolean) =>
    mark(new Set([...chosen].filter((each) => each !== id).concat(on ? id : [])));
  const clear = () => mark(new Set());
  return (
    <div className={classes["page"]}>
      <Summary automation={automation} />
      <RunFilters filter={filter} />
      {runs.length > 0 && (
        <BulkBar automation_id={automation.id} filter={filter} chosen={chosen} clear={clear} />
      )}
      <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
        {query.isPending ? (
          <div role="status" aria-busy aria-label={ACTIVITY.loading} className={classes["skeletons"]}>
            {Array.from({ length: 5 }, (_, index) => (
              <Skeleton key={index} h={38} radius={10} />
            ))}
          </div>
        ) : query.isError && runs.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : runs.length === 0 ? (
          <Empty icon={<IconUsers size={26} stroke={1.6} />} title={ACTIVITY.none}>
            {isFiltered(filter) ? ACTIVITY.none_text : ACTIVITY.none_yet}
          </Empty>
        ) : (
          <>
            <div className={`${list["heads"]} ${classes["row"]}`}>
              <Checkbox
                aria-label={ACTIVITY.choose_all}
                checked={chosen.size === runs.length}
                indeterminate={chosen.size > 0 && chosen.size < runs.length}
                onChange={({ currentTarget: { checked } }) =>
                  mark(new Set(checked ? runs.map(({ id }) => id) : []))
                }
              />
              {ACTIVITY.columns.map((column) => (
                <span key={column} aria-hidden>
                  {column}
                </span>
              ))}
            </div>
            <ul className={list["rows"]} aria-label={ACTIVITY.title}>
              {runs.map((run) => (
                <RunRow
                  key={run.id}
                  run={run}
                  opened={run.id === open_run}
                  chosen={chosen.has(run.id)}
                  choose={(on) => choose(run.id, on)}
                />
              ))}
            </ul>
            <OlderRow query={query}>{ACTIVITY.more}</OlderRow>
          </>
        )}
      </Card>
    </div>
  );
}
