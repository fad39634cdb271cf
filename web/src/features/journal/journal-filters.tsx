import { NativeSelect } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import { formatNumber } from "../../lib/words/intl.ts";
import { withPlus } from "../../conversation/model/people.ts";
import type { EventGroup, JournalCounts, JournalState, PhoneNumber } from "../../lib/types.ts";
import { chevron, FromTo, SearchField, SpanField, useExactTime } from "../../ui/filter-bar.tsx";
import bar from "../../ui/filter-bar.module.css";
import classes from "./journal.module.css";
import type { JournalFilter } from "./queries.ts";
import * as texts from "./texts.ts";

/** Everything one can look for; it stands in the address, so that each view is a link. */
export function JournalFilters({
  filter,
  numbers,
  counts,
}: {
  filter: JournalFilter;
  numbers: readonly PhoneNumber[];
  counts: JournalCounts | null;
}) {
  const navigate = useNavigate({ from: "/journal" });
  const put = (change: JournalFilter) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const time = useExactTime(filter);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <States current={filter.state} counts={counts} />
      <div className={bar["fields"]}>
        <SearchField
          search={filter.search}
          put={(search) => put({ search })}
          label={texts.SEARCH}
          placeholder={texts.SEARCH_PLACEHOLDER}
        />
        <NativeSelect
          rightSection={chevron}
          aria-label={texts.KIND}
          data={[
            { value: "", label: texts.ANY_KIND },
            ...Object.entries(texts.KIND_OPTIONS).map(([value, label]) => ({ value, label })),
          ]}
          value={filter.kind ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ kind: (value || undefined) as EventGroup | undefined })
          }
        />
        {numbers.length > 1 && (
          <NativeSelect
            rightSection={chevron}
            aria-label={texts.NUMBER}
            data={[
              { value: "", label: texts.ANY_NUMBER },
              ...numbers.map(({ id, display_phone_number, phone_number_id }) => ({
                value: id,
                label: display_phone_number ? withPlus(display_phone_number) : phone_number_id,
              })),
            ]}
            value={filter.number ?? ""}
            onChange={({ currentTarget: { value } }) => put({ number: value || undefined })}
          />
        )}
        <SpanField since={filter.since} time={time} put={put} texts={texts.TIMES} />
        {filtered && (
          <Link to="/journal" search={{}} className={bar["clear"]} onClick={() => time.choose(false)}>
            <IconX size={15} aria-hidden /> {texts.CLEAR}
          </Link>
        )}
      </div>
      {time.exact && (
        <div className={bar["fields"]}>
          <FromTo filter={filter} put={put} texts={texts.TIMES} />
        </div>
      )}
    </div>
  );
}

const TABS = [undefined, "pending", "done", "dead"] as const;

function States({ current, counts }: { current: JournalState | undefined; counts: JournalCounts | null }) {
  return (
    <nav aria-label={texts.STATE} className={bar["states"]}>
      {TABS.map((state) => {
        const count = counts?.[state ?? "all"] ?? 0;
        const more = counts !== null && count === counts.counted_to;
        return (
          <Link
            key={state ?? "all"}
            from="/journal"
            search={(now) => ({ ...now, state })}
            activeOptions={{ explicitUndefined: true }}
            aria-current={state === current ? "page" : undefined}
          >
            {texts.STATES[state ?? "all"]}
            {count > 0 && (
              <b data-bad={state === "dead" || undefined}>
                {formatNumber(count)}
                {more && "+"}
              </b>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
