import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { phoneNumbersQuery } from "../../../lib/server/queries.ts";
import bar from "../../../ui/filter-bar.module.css";
import { chevron, FromTo, SpanField, useExactTime } from "../../../ui/filter-bar.tsx";
import type { ReportFilter } from "../model/model.ts";
import { REPORT } from "../report-texts.ts";
import classes from "./report.module.css";

const BY = ["day", "campaign", "template", "category", "country", "number"] as const;

export function ReportFilters({ filter }: { filter: ReportFilter }) {
  const navigate = useNavigate({ from: "/campaigns/report" });
  const { data: numbers } = useQuery(phoneNumbersQuery);
  const time = useExactTime(filter);
  const put = (change: ReportFilter) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <nav aria-label={REPORT.by} className={bar["states"]}>
        {BY.map((each) => (
          <Link
            key={each}
            from="/campaigns/report"
            activeOptions={{ explicitUndefined: true }}
            search={(now) => ({ ...now, by: each === "day" ? undefined : each })}
            aria-current={(filter.by ?? "day") === each ? "page" : undefined}
          >
            {REPORT.by_names[each]}
          </Link>
        ))}
      </nav>
      <div className={bar["fields"]}>
        <SpanField since={filter.since ?? "30d"} time={time} put={put} texts={REPORT} />
        {(numbers?.data.length ?? 0) > 1 && (
          <NativeSelect
            aria-label={REPORT.number}
            rightSection={chevron}
            data={[
              { value: "", label: REPORT.any_number },
              ...(numbers?.data ?? []).map(({ id, display_phone_number, phone_number_id }) => ({
                value: id,
                label: display_phone_number ?? phone_number_id,
              })),
            ]}
            value={filter.number ?? ""}
            onChange={({ currentTarget: { value } }) => put({ number: value || undefined })}
          />
        )}
        {time.exact && <FromTo filter={filter} put={put} texts={REPORT} />}
      </div>
    </div>
  );
}
