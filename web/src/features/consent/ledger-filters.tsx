import { NativeSelect } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import { chevron, FromTo, SearchField, SpanField, useExactTime } from "../../ui/filter-bar.tsx";
import bar from "../../ui/filter-bar.module.css";
import classes from "./consent.module.css";
import type { ConsentFilter } from "./queries.ts";
import { FILTERED_SOURCES, LEDGER, STATES } from "./texts.ts";

const SHOWN_STATES = ["SUBSCRIBED", "PENDING", "NOT_SUBSCRIBED", "UNSUBSCRIBED", "UNKNOWN"] as const;

export function LedgerFilters({ filter }: { filter: ConsentFilter }) {
  const navigate = useNavigate({ from: "/contacts/consent" });
  const put = (change: ConsentFilter) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const time = useExactTime(filter);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <div className={bar["fields"]}>
        <SearchField
          search={filter.search}
          put={(search) => put({ search })}
          label={LEDGER.search}
          placeholder={LEDGER.search_hint}
        />
        <NativeSelect
          rightSection={chevron}
          aria-label={LEDGER.source}
          data={[{ value: "", label: LEDGER.any_source }, ...FILTERED_SOURCES]}
          value={filter.source ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ source: FILTERED_SOURCES.find((one) => one.value === value)?.value })
          }
        />
        <NativeSelect
          rightSection={chevron}
          aria-label={LEDGER.state}
          data={[
            { value: "", label: LEDGER.any_state },
            ...SHOWN_STATES.map((value) => ({ value, label: STATES[value] ?? value })),
          ]}
          value={filter.state ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ state: SHOWN_STATES.find((one) => one === value) })
          }
        />
        <SpanField since={filter.since} time={time} put={put} texts={LEDGER} />
        {time.exact && <FromTo filter={filter} put={put} texts={LEDGER} />}
        {filtered && (
          <Link to="/contacts/consent" className={bar["clear"]}>
            <IconX size={15} aria-hidden /> {LEDGER.clear}
          </Link>
        )}
      </div>
    </div>
  );
}
