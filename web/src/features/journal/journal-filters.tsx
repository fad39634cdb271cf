import { NativeSelect, TextInput } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconChevronDown, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { formatNumber } from "../../lib/intl.ts";
import { withPlus } from "../../lib/people.ts";
import { fromLocalInput, isSpan, SPANS, toLocalInput } from "../../lib/spans.ts";
import type { EventGroup, JournalCounts, JournalState, PhoneNumber } from "../../lib/types.ts";
import classes from "./journal-filters.module.css";
import type { JournalFilter } from "./queries.ts";
import * as texts from "./texts.ts";

const chevron = <IconChevronDown size={16} aria-hidden />;

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
  const [custom, setCustom] = useState(false);
  const exact = custom || filter.until !== undefined || (filter.since !== undefined && !isSpan(filter.since));
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={classes["filters"]}>
      <States current={filter.state} counts={counts} />
      <div className={classes["fields"]}>
        <SearchField search={filter.search} put={(search) => put({ search })} />
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
        <NativeSelect
          rightSection={chevron}
          aria-label={texts.TIME}
          data={[
            { value: "", label: texts.ANY_TIME },
            ...SPANS.map(({ value, label }) => ({ value, label })),
            { value: "custom", label: texts.CUSTOM_TIME },
          ]}
          value={exact ? "custom" : (filter.since ?? "")}
          onChange={({ currentTarget: { value } }) => {
            setCustom(value === "custom");
            if (value !== "custom") put({ since: value || undefined, until: undefined });
          }}
        />
        {filtered && (
          <Link to="/journal" search={{}} className={classes["clear"]} onClick={() => setCustom(false)}>
            <IconX size={15} aria-hidden /> {texts.CLEAR}
          </Link>
        )}
      </div>
      {exact && (
        <div className={classes["fields"]}>
          <TextInput
            type="datetime-local"
            label={texts.FROM}
            value={toLocalInput(filter.since)}
            onChange={({ currentTarget: { value } }) => put({ since: fromLocalInput(value) })}
          />
          <TextInput
            type="datetime-local"
            label={texts.TO}
            value={toLocalInput(filter.until)}
            onChange={({ currentTarget: { value } }) => put({ until: fromLocalInput(value) })}
          />
        </div>
      )}
    </div>
  );
}

const TABS = [undefined, "pending", "done", "dead"] as const;

function States({ current, counts }: { current: JournalState | undefined; counts: JournalCounts | null }) {
  return (
    <nav aria-label={texts.STATE} className={classes["states"]}>
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

const PAUSE_MS = 350;

function SearchField({
  search,
  put,
}: {
  search: string | undefined;
  put: (search: string | undefined) => void;
}) {
  const [text, setText] = useState(search ?? "");
  const [address, setAddress] = useState(search);
  if (address !== search) {
    setAddress(search);
    if (text.trim() !== (search ?? "")) setText(search ?? "");
  }
  // Pasting is enough; typing waits for a pause.
  useEffect(() => {
    if (text.trim() === (search ?? "")) return;
    const timer = setTimeout(() => put(text.trim() || undefined), PAUSE_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text]);
  return (
    <TextInput
      className={classes["search"]}
      type="search"
      aria-label={texts.SEARCH}
      placeholder={texts.SEARCH_PLACEHOLDER}
      maxLength={500}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onKeyDown={({ key }) => key === "Enter" && put(text.trim() || undefined)}
    />
  );
}
