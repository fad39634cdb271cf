import { NativeSelect, TextInput } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconChevronDown, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { DeliveryCounts, DeliveryKind, DeliveryState, Subscription } from "../../../lib/types.ts";
import { EVENTS } from "../events.ts";
import { fromLocalInput, isSpan, SPANS, toLocalInput } from "../../../lib/spans.ts";
import classes from "./deliveries.module.css";
import type { DeliveryFilter } from "./log-queries.ts";
import { countOf, FILTERS, STATE_TEXTS } from "./texts.ts";

const TABS = [undefined, "pending", "failed", "held", "delivered", "cancelled"] as const;
const chevron = <IconChevronDown size={16} aria-hidden />;
const isStatus = (answer: string | undefined) => answer !== undefined && /^\d+$/.test(answer);

/** Everything one can look for; it stands in the address, so that each view is a link. */
export function DeliveryFilters({
  filter,
  counts,
}: {
  filter: DeliveryFilter;
  counts: DeliveryCounts | null;
}) {
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const put = (change: DeliveryFilter) =>
    void navigate({ search: (now) => ({ ...now, ...change, delivery: undefined }), replace: true });
  const [custom, setCustom] = useState(false);
  const exact = custom || filter.until !== undefined || (filter.since !== undefined && !isSpan(filter.since));
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={classes["filters"]}>
      <States counts={counts} current={filter.state} />
      <div className={classes["fields"]}>
        <SearchField search={filter.search} put={(search) => put({ search })} />
        <NativeSelect
          rightSection={chevron}
          aria-label={FILTERS.event}
          data={[
            { value: "", label: FILTERS.any_event },
            ...EVENTS.map(({ event, label }) => ({ value: event, label })),
          ]}
          value={filter.event ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ event: (value || undefined) as Subscription | undefined })
          }
        />
        <AnswerField answer={filter.answer} put={(answer) => put({ answer })} />
        <NativeSelect
          rightSection={chevron}
          aria-label={FILTERS.time}
          data={[
            { value: "", label: FILTERS.any_time },
            ...SPANS.map(({ value, label }) => ({ value, label })),
            { value: "custom", label: FILTERS.from_to },
          ]}
          value={exact ? "custom" : (filter.since ?? "")}
          onChange={({ currentTarget: { value } }) => {
            setCustom(value === "custom");
            if (value !== "custom") put({ since: value || undefined, until: undefined, by: undefined });
          }}
        />
        <NativeSelect
          rightSection={chevron}
          aria-label={FILTERS.kind}
          data={FILTERS.kinds}
          value={filter.kind ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ kind: (value || undefined) as DeliveryKind | undefined })
          }
        />
        {filter.recovery !== undefined && <span className={classes["only"]}>{FILTERS.recovery}</span>}
        {filtered && (
          <Link
            from="/settings/webhooks/$endpoint_id"
            search={{ tab: "deliveries" }}
            className={classes["clear"]}
            onClick={() => setCustom(false)}
          >
            <IconX size={15} aria-hidden /> {FILTERS.clear}
          </Link>
        )}
      </div>
      {exact && <TimeFields filter={filter} put={put} />}
    </div>
  );
}

function TimeFields({ filter, put }: { filter: DeliveryFilter; put: (change: DeliveryFilter) => void }) {
  return (
    <div className={classes["fields"]}>
      <NativeSelect
        rightSection={chevron}
        label={FILTERS.by}
        data={[
          { value: "", label: FILTERS.by_arrival },
          { value: "tried", label: FILTERS.by_attempt },
        ]}
        value={filter.by ?? ""}
        onChange={({ currentTarget: { value } }) => put({ by: value === "tried" ? value : undefined })}
      />
      <TextInput
        type="datetime-local"
        label={FILTERS.from}
        value={toLocalInput(filter.since)}
        onChange={({ currentTarget: { value } }) => put({ since: fromLocalInput(value) })}
      />
      <TextInput
        type="datetime-local"
        label={FILTERS.to}
        value={toLocalInput(filter.until)}
        onChange={({ currentTarget: { value } }) => put({ until: fromLocalInput(value) })}
      />
    </div>
  );
}

/** Each with what it counts, which comes with the rows. */
function States({ counts, current }: { counts: DeliveryCounts | null; current: DeliveryState | undefined }) {
  return (
    <nav aria-label={FILTERS.states} className={classes["states"]}>
      {TABS.map((state) => {
        const count = state && counts?.[state];
        return (
          <Link
            key={state ?? "all"}
            from="/settings/webhooks/$endpoint_id"
            search={(now) => ({ ...now, state, kind: kindFor(state, now.kind) })}
            replace
            activeOptions={{ explicitUndefined: true }}
            aria-current={state === current ? "page" : undefined}
          >
            {state ? STATE_TEXTS[state] : FILTERS.all}
            {counts && typeof count === "number" && count > 0 && (
              <b data-bad={state === "failed" || undefined}>{countOf(count, counts)}</b>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

/** A test that failed is not retried, so it is not in the count of what has failed. */
export const kindFor = (state: DeliveryState | undefined, kind: DeliveryKind | undefined) =>
  state === "failed" ? (kind ?? "real") : kind === "real" ? undefined : kind;

function AnswerField({
  answer,
  put,
}: {
  answer: string | undefined;
  put: (answer: string | undefined) => void;
}) {
  const [asks_status, setAsksStatus] = useState(false);
  const status = isStatus(answer);
  return (
    <>
      <NativeSelect
        rightSection={chevron}
        aria-label={FILTERS.answer}
        data={[
          ...FILTERS.answers,
          ...(status ? [{ value: answer ?? "", label: FILTERS.status(answer ?? "") }] : []),
          { value: "status", label: FILTERS.one_status },
        ]}
        value={asks_status && !status ? "status" : (answer ?? "")}
        onChange={({ currentTarget: { value } }) => {
          setAsksStatus(value === "status");
          put(value === "status" ? undefined : value || undefined);
        }}
      />
      {asks_status && (
        <TextInput
          className={classes["status"]}
          aria-label={FILTERS.status_label}
          inputMode="numeric"
          placeholder="404"
          maxLength={3}
          defaultValue={status ? answer : ""}
          onChange={({ currentTarget: { value } }) => /^[1-5]\d\d$/.test(value) && put(value)}
        />
      )}
    </>
  );
}

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
    setText(search ?? "");
  }
  // Pasting is enough; typing waits for a pause.
  useEffect(() => {
    if (text.trim() === (search ?? "")) return;
    const timer = setTimeout(() => put(text.trim() || undefined), 400);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text]);
  return (
    <TextInput
      className={classes["search"]}
      type="search"
      aria-label={FILTERS.search}
      placeholder={FILTERS.search_hint}
      maxLength={200}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onKeyDown={({ key }) => key === "Enter" && put(text.trim() || undefined)}
    />
  );
}
