import { Button, Drawer, Skeleton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useEffect } from "react";
import type { DeliveryDetail, Endpoint } from "../../../lib/types.ts";
import { useSecond } from "../../../lib/page/use-now.ts";
import { Countdown } from "../../../ui/countdown.tsx";
import { Failure } from "../../../ui/page-state.tsx";
import { AttemptLog } from "./attempt-log.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import classes from "./delivery-drawer.module.css";
import { DeliveryFacts } from "./delivery-facts.tsx";
import { DeliveryTags } from "./delivery-tags.tsx";
import { explain } from "./explain.ts";
import { nextTry } from "../../../lib/words/next-attempt.ts";
import { deliveryQuery } from "../model/model.ts";
import type { Log } from "./log-rows.ts";
import { Payload } from "./payload.tsx";
import { DRAWER } from "../delivery-texts.ts";

/** One delivery: where it stands and why, each attempt, and the bytes. */
export function DeliveryDrawer({
  endpoint,
  id,
  log,
  onOpen,
  onClose,
}: {
  endpoint: Endpoint;
  id: string | undefined;
  log: Log;
  onOpen: (id: string) => void;
  onClose: () => void;
}) {
  const query = useQuery({ ...deliveryQuery(endpoint.id, id ?? ""), enabled: id !== undefined });
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={680}
      title={
        <span className={classes["title"]}>
          {DRAWER.title}
          {id !== undefined && <Neighbours id={id} log={log} onOpen={onOpen} />}
        </span>
      }
      closeButtonProps={{ "aria-label": DRAWER.close }}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      {query.data && query.data.id === id ? (
        <Details key={id} delivery={query.data} endpoint={endpoint} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Skeleton h={320} radius="md" />
      )}
    </Drawer>
  );
}

/** The ones beside it in the list, by its buttons and by `j` and `k`; more of the list is fetched at its end. */
function Neighbours({ id, log, onOpen }: { id: string; log: Log; onOpen: (id: string) => void }) {
  const { rows, query } = log;
  const place = rows.findIndex((row) => row.id === id);
  const previous = place > 0 ? rows[place - 1]?.id : undefined;
  const next = place >= 0 ? rows[place + 1]?.id : undefined;
  const at_end = place >= 0 && next === undefined;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (at_end && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [at_end, hasNextPage, isFetchingNextPage, fetchNextPage]);
  useHotkeys([
    ["j", () => next !== undefined && onOpen(next)],
    ["k", () => previous !== undefined && onOpen(previous)],
  ]);
  const button = (label: string, to: string | undefined, icon: React.ReactNode) => (
    <Button
      size="xs"
      h={28}
      px={7}
      variant="default"
      aria-label={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && onOpen(to)}
    >
      {icon}
    </Button>
  );
  return (
    <span className={classes["neighbours"]}>
      {button(DRAWER.previous, previous, <IconChevronUp size={16} />)}
      {button(DRAWER.next, next, <IconChevronDown size={16} />)}
    </span>
  );
}

function Details({ delivery, endpoint }: { delivery: DeliveryDetail; endpoint: Endpoint }) {
  const { tone, what, advice } = explain(delivery, endpoint, useSecond());
  const waiting = nextTry(delivery, endpoint);
  return (
    <div className={classes["details"]}>
      <div className={classes["summary"]}>
        <DeliveryTags delivery={delivery} />
        <DeliveryActions delivery={delivery} endpoint={endpoint} />
      </div>
      <div className={classes["why"]} data-tone={tone}>
        <p>{what}</p>
        {waiting !== null && (
          <p className={classes["next"]}>
            {DRAWER.next_attempt} <Countdown to={waiting} />
          </p>
        )}
        {advice && <p className={classes["advice"]}>{advice}</p>}
      </div>
      <DeliveryFacts delivery={delivery} />
      <AttemptLog delivery={delivery} />
      <Payload delivery={delivery} endpoint={endpoint} />
    </div>
  );
}
