import { NativeSelect } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import bar from "../../../ui/filter-bar.module.css";
import { chevron, FromTo, SearchField, SpanField, useExactTime } from "../../../ui/filter-bar.tsx";
import { ACTIVITY, RUN_STATES } from "../activity-texts.ts";
import type { RunFilter } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { isFiltered } from "./run-filter.ts";

/** Whose runs are listed, as the address says. */
export function RunFilters({ filter }: { filter: RunFilter }) {
  const { flow, nameOf } = useDrawing();
  const navigate = useNavigate({ from: "/automations/$automation_id" });
  const put = (change: RunFilter) =>
    void navigate({
      search: (now) => ({ ...now, ...change, tab: "activity", run: undefined }),
      replace: true,
    });
  const time = useExactTime(filter);
  const known = filter.node === undefined || flow.nodes.some(({ id }) => id === filter.node);
  return (
    <div className={bar["filters"]}>
      <div className={bar["fields"]}>
        <SearchField
          search={filter.search}
          put={(search) => put({ search })}
          label={ACTIVITY.search}
          placeholder={ACTIVITY.search_hint}
        />
        <NativeSelect
          aria-label={ACTIVITY.state}
          rightSection={chevron}
          data={[
            { value: "", label: ACTIVITY.any_state },
            ...Object.entries(RUN_STATES).map(([value, label]) => ({ value, label })),
          ]}
          value={filter.state ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ state: (value || undefined) as RunFilter["state"] })
          }
        />
        <NativeSelect
          aria-label={ACTIVITY.node}
          rightSection={chevron}
          data={[
            { value: "", label: ACTIVITY.any_node },
            ...(known ? [] : [{ value: filter.node ?? "", label: ACTIVITY.unknown_step }]),
            ...flow.nodes.map(({ id }) => ({ value: id, label: nameOf(id) })),
          ]}
          value={filter.node ?? ""}
          onChange={({ currentTarget: { value } }) => put({ node: value || undefined })}
        />
        <NativeSelect
          aria-label={ACTIVITY.how_ended}
          rightSection={chevron}
          data={[
            { value: "", label: ACTIVITY.any_end },
            ...(["goal", "left"] as const).map((value) => ({ value, label: ACTIVITY.counted[value] })),
            { value: "stopped", label: ACTIVITY.stopped },
          ]}
          value={filter.stopped === undefined ? (filter.counted ?? "") : "stopped"}
          onChange={({ currentTarget: { value } }) =>
            put({
              stopped: value === "stopped" ? "true" : undefined,
              counted: value === "goal" || value === "left" ? value : undefined,
            })
          }
        />
        <SpanField since={filter.since} time={time} put={put} texts={ACTIVITY} />
        {time.exact && <FromTo filter={filter} put={put} texts={ACTIVITY} />}
        {isFiltered(filter) && (
          <Link from="/automations/$automation_id" search={{ tab: "activity" }} className={bar["clear"]}>
            <IconX size={15} aria-hidden /> {ACTIVITY.clear}
          </Link>
        )}
      </div>
    </div>
  );
}
