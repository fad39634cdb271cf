import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconArrowUp,
  IconBan,
  IconFilterOff,
  IconPlayerPause,
  IconSend,
  IconShieldCheck,
} from "@tabler/icons-react";
import type { DeliveryState, Endpoint } from "../../../lib/types.ts";
import { Empty, Failure, OlderRow } from "../../../ui/page-state.tsx";
import { sinceTime } from "../../../lib/words/spans.ts";
import classes from "./deliveries.module.css";
import { Row } from "./delivery-row.tsx";
import { type DeliveryFilter, newerQuery } from "../model/model.ts";
import type { Log } from "./log-rows.ts";
import type { Selection } from "./selection.ts";
import { EMPTY, LIST, NOTHING, SELECTION } from "../delivery-texts.ts";

export function List({
  endpoint,
  filter,
  log,
  open,
  selection,
  onSelected,
}: {
  endpoint: Endpoint;
  filter: DeliveryFilter;
  log: Log;
  open: string | undefined;
  selection: Selection;
  onSelected: (to: "resend" | "cancel") => void;
}) {
  const { top, query, rows, reading_from } = log;
  const selectable = rows.filter(({ kind }) => kind !== "test").map(({ id }) => id);
  const chosen = selectable.filter((id) => selection.ids.has(id)).length;
  return (
    <div className={classes["card"]} data-stale={query.isPlaceholderData || undefined}>
      <div ref={top} className={classes["top"]} />
      {reading_from !== null && sinceTime(filter.until) === undefined && (
        <Newer
          endpoint={endpoint}
          filter={filter}
          reading_from={reading_from}
          show={() => top.current?.scrollIntoView({ block: "center" })}
        />
      )}
      {query.isPending ? (
        <ListSkeleton />
      ) : query.isError && rows.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 && query.hasNextPage ? (
        <>
          <p className={classes["so_far"]}>{LIST.none_so_far}</p>
          <OlderRow query={query}>{LIST.older}</OlderRow>
        </>
      ) : rows.length === 0 ? (
        <Nothing endpoint={endpoint} filter={filter} />
      ) : (
        <>
          <div className={classes["heads"]}>
            <label className={classes["check"]}>
              <input
                type="checkbox"
                aria-label={LIST.select_page}
                disabled={selectable.length === 0}
                checked={chosen > 0 && chosen === selectable.length}
                ref={(box) => {
                  if (box) box.indeterminate = chosen > 0 && chosen < selectable.length;
                }}
                onChange={({ currentTarget }) =>
                  currentTarget.checked ? selection.choose(selectable) : selection.clear()
                }
              />
            </label>
            {LIST.heads.map((head) => (
              <span key={head} aria-hidden>
                {head}
              </span>
            ))}
          </div>
          <SelectionBar selection={selection} onSelected={onSelected} />
          <ul className={classes["rows"]} aria-label={LIST.name}>
            {rows.map((row) => (
              <Row key={row.id} row={row} endpoint={endpoint} open={row.id === open} selection={selection} />
            ))}
          </ul>
          <OlderRow query={query}>{LIST.older}</OlderRow>
        </>
      )}
    </div>
  );
}

function SelectionBar({
  selection,
  onSelected,
}: {
  selection: Selection;
  onSelected: (to: "resend" | "cancel") => void;
}) {
  if (selection.ids.size === 0) return null;
  return (
    <section className={classes["selection"]} aria-label={SELECTION.bar}>
      <b role="status">{selection.all ? SELECTION.all : SELECTION.count(selection.ids.size)}</b>
      <Button size="xs" leftSection={<IconSend size={15} />} onClick={() => onSelected("resend")}>
        {SELECTION.resend}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconBan size={15} />}
        onClick={() => onSelected("cancel")}
      >
        {SELECTION.cancel}
      </Button>
      {!selection.all && (
        <Button size="xs" variant="default" onClick={selection.chooseAll}>
          {SELECTION.select_all}
        </Button>
      )}
      <Button size="xs" variant="subtle" ml="auto" onClick={selection.clear}>
        {SELECTION.clear}
      </Button>
    </section>
  );
}

function Newer({
  endpoint,
  filter,
  reading_from,
  show,
}: {
  endpoint: Endpoint;
  filter: DeliveryFilter;
  reading_from: string;
  show: () => void;
}) {
  const { data } = useQuery(newerQuery(endpoint.id, filter, reading_from));
  const count = data?.data.length ?? 0;
  return (
    <div className={classes["newer"]} role="status">
      {count > 0 && (
        <button type="button" onClick={show}>
          <IconArrowUp size={15} stroke={2.2} aria-hidden />
          {LIST.newer(count, data?.next_cursor !== null)}
        </button>
      )}
    </div>
  );
}

const ICONS = {
  pending: IconSend,
  failed: IconShieldCheck,
  held: IconPlayerPause,
  cancelled: IconBan,
  delivered: IconSend,
} as const satisfies Record<DeliveryState, unknown>;

function Nothing({ endpoint, filter }: { endpoint: Endpoint; filter: DeliveryFilter }) {
  const { state, ...others } = filter;
  if (Object.values(others).some((value) => value !== undefined)) {
    return (
      <Empty
        icon={<IconFilterOff size={26} stroke={1.6} />}
        title={NOTHING.no_match}
        action={
          <Link
            from="/settings/webhooks/$endpoint_id"
            search={{ tab: "deliveries" }}
            className={classes["link"]}
          >
            {NOTHING.show_all}
          </Link>
        }
      >
        {filter.search === undefined ? NOTHING.no_match_filter : NOTHING.no_match_search}
      </Empty>
    );
  }
  const Icon = ICONS[state ?? "pending"];
  const { title, text } = state
    ? EMPTY[state]
    : { title: NOTHING.never, text: endpoint.enabled ? NOTHING.never_on : NOTHING.never_off };
  return (
    <Empty icon={<Icon size={26} stroke={1.6} />} title={title}>
      {text}
    </Empty>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-busy aria-label={LIST.loading}>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className={classes["item"]}>
          <span />
          <div className={classes["row"]}>
            <Skeleton h={22} w={90} radius={99} />
            <Skeleton h={14} w={150 + (index % 3) * 40} />
            <Skeleton h={13} w={220} />
            <Skeleton h={13} w={70} />
            <Skeleton h={13} w={14} ml="auto" />
            <Skeleton h={13} w={70} ml="auto" />
          </div>
        </div>
      ))}
    </div>
  );
}
