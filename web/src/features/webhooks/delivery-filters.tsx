import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconChevronDown, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { formatNumber } from "../../lib/intl.ts";
import type { DeliveryKind, DeliveryState, Endpoint, Subscription } from "../../lib/types.ts";
import classes from "./deliveries.module.css";
import { STATES } from "./delivery-tags.tsx";
import { EVENTS } from "./events.ts";
import { type DeliveryFilter, statsQuery } from "./log-queries.ts";
import { fromLocalInput, isSpan, SPANS, toLocalInput } from "./spans.ts";

const TABS = [undefined, "pending", "failed", "held", "delivered", "cancelled"] as const;
const KINDS = [
  { value: "", label: "Any kind" },
  { value: "real", label: "All but tests" },
  { value: "event", label: "Live events" },
  { value: "replay", label: "Replays" },
  { value: "test", label: "Tests" },
];

/** Everything one can look for; it stands in the address, so that each view is a link. */
export function DeliveryFilters({ endpoint, filter }: { endpoint: Endpoint; filter: DeliveryFilter }) {
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const put = (change: DeliveryFilter) =>
    void navigate({ search: (now) => ({ ...now, ...change, delivery: undefined }), replace: true });
  const [custom, setCustom] = useState(false);
  const exact = custom || filter.until !== undefined || (filter.since !== undefined && !isSpan(filter.since));
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={classes["filters"]}>
      <States endpoint={endpoint} current={filter.state} />
      <div className={classes["fields"]}>
        <NativeSelect
          rightSection={<IconChevronDown size={16} aria-hidden />}
          aria-label="Event"
          data={[
            { value: "", label: "Any event" },
            ...EVENTS.map(({ event, label }) => ({ value: event, label })),
          ]}
          value={filter.event ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ event: (value || undefined) as Subscription | undefined })
          }
        />
        <NativeSelect
          rightSection={<IconChevronDown size={16} aria-hidden />}
          aria-label="Time"
          data={[
            { value: "", label: "Any time" },
            ...SPANS.map(({ value, label }) => ({ value, label })),
            { value: "custom", label: "From … to …" },
          ]}
          value={exact ? "custom" : (filter.since ?? "")}
          onChange={({ currentTarget: { value } }) => {
            setCustom(value === "custom");
            if (value !== "custom") put({ since: value || undefined, until: undefined, by: undefined });
          }}
        />
        <NativeSelect
          rightSection={<IconChevronDown size={16} aria-hidden />}
          aria-label="Kind"
          data={KINDS}
          value={filter.kind ?? ""}
          onChange={({ currentTarget: { value } }) =>
            put({ kind: (value || undefined) as DeliveryKind | undefined })
          }
        />
        <WamidField wamid={filter.wamid} put={(wamid) => put({ wamid })} />
        {filtered && (
          <Link
            from="/settings/webhooks/$endpoint_id"
            search={{ tab: "deliveries" }}
            className={classes["clear"]}
            onClick={() => setCustom(false)}
          >
            <IconX size={15} aria-hidden /> Clear
          </Link>
        )}
      </div>
      {exact && (
        <div className={classes["fields"]}>
          <NativeSelect
            rightSection={<IconChevronDown size={16} aria-hidden />}
            label="By"
            data={[
              { value: "", label: "Arrival" },
              { value: "tried", label: "Any of its tries" },
            ]}
            value={filter.by ?? ""}
            onChange={({ currentTarget: { value } }) => put({ by: value === "tried" ? value : undefined })}
          />
          <TextInput
            type="datetime-local"
            label="From"
            value={toLocalInput(filter.since)}
            onChange={({ currentTarget: { value } }) => put({ since: fromLocalInput(value) })}
          />
          <TextInput
            type="datetime-local"
            label="To"
            value={toLocalInput(filter.until)}
            onChange={({ currentTarget: { value } }) => put({ until: fromLocalInput(value) })}
          />
        </div>
      )}
    </div>
  );
}

function States({ endpoint, current }: { endpoint: Endpoint; current: DeliveryState | undefined }) {
  const { data } = useQuery(statsQuery(endpoint.id, "24h"));
  return (
    <nav aria-label="State" className={classes["states"]}>
      {TABS.map((state) => {
        const count =
          state === "pending" || state === "failed" || state === "held" ? data?.waiting[state] : undefined;
        return (
          <Link
            key={state ?? "all"}
            from="/settings/webhooks/$endpoint_id"
            search={(now) => ({ ...now, state, kind: kindFor(state, now.kind) })}
            replace
            activeOptions={{ explicitUndefined: true }}
            aria-current={state === current ? "page" : undefined}
          >
            {state ? STATES[state].label : "All"}
            {count !== undefined && count > 0 && (
              <b data-bad={state === "failed" || undefined}>{formatNumber(count)}</b>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

/** A test that failed is not owed, so it is not in the count of what has failed. */
export const kindFor = (state: DeliveryState | undefined, kind: DeliveryKind | undefined) =>
  state === "failed" ? (kind ?? "real") : kind === "real" ? undefined : kind;

function WamidField({ wamid, put }: { wamid: string | undefined; put: (wamid: string | undefined) => void }) {
  const [text, setText] = useState(wamid ?? "");
  const [address, setAddress] = useState(wamid);
  if (address !== wamid) {
    setAddress(wamid);
    setText(wamid ?? "");
  }
  // Pasting is enough; typing waits for a pause.
  useEffect(() => {
    if (text.trim() === (wamid ?? "")) return;
    const timer = setTimeout(() => put(text.trim() || undefined), 500);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text]);
  return (
    <TextInput
      className={classes["search"]}
      aria-label="Message id"
      placeholder="wamid.…"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onKeyDown={({ key }) => key === "Enter" && put(text.trim() || undefined)}
    />
  );
}
