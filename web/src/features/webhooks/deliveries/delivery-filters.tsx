import { NativeSelect, TextInput } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { DeliveryCounts, DeliveryKind, DeliveryState, Subscription } from "../../../lib/types.ts";
import { type DeliveryFilter, EVENTS, kindFor } from "../model/model.ts";
import { chevron, FromTo, SearchField, SpanField, useExactTime } from "../../../ui/filter-bar.tsx";
import bar from "../../../ui/filter-bar.module.css";
import classes from "./deliveries.module.css";
import { countOf, FILTERS, STATE_TEXTS } from "../delivery-texts.ts";

const TABS = [undefined, "pending", "failed", "held", "delivered", "cancelled"] as const;
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
  const time = useExactTime(filter);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <States counts={counts} current={filter.state} />
      <div className={bar["fields"]}>
        <SearchField
          search={filter.search}
          put={(search) => put({ search })}
          label={FILTERS.search}
          placeholder={FILTERS.search_hint}
        />
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
        <SpanField
          since={filter.since}
          time={time}
          put={(span) => put({ ...span, by: undefined })}
          texts={FILTERS}
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
            className={bar["clear"]}
            onClick={() => time.choose(false)}
          >
            <IconX size={15} aria-hidden /> {FILTERS.clear}
          </Link>
        )}
      </div>
      {time.exact && <TimeFields filter={filter} put={put} />}
    </div>
  );
}

function TimeFields({ filter, put }: { filter: DeliveryFilter; put: (change: DeliveryFilter) => void }) {
  return (
    <div className={bar["fields"]}>
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
      <FromTo filter={filter} put={put} texts={FILTERS} />
    </div>
  );
}

/** Each with what it counts, which comes with the rows. */
function States({ counts, current }: { counts: DeliveryCounts | null; current: DeliveryState | undefined }) {
  return (
    <nav aria-label={FILTERS.states} className={bar["states"]}>
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
