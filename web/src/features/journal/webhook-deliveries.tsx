import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconArrowUpRight } from "@tabler/icons-react";
import { saysOfAttempt, saysOfLast } from "../../lib/words/attempt-texts.ts";
import { nextTry } from "../../lib/words/next-attempt.ts";
import { endpointsQuery } from "../../lib/server/queries.ts";
import { duration, exactTime } from "../../lib/words/time.ts";
import type { WebhookDelivery } from "../../lib/types.ts";
import { DeliveryStateTag } from "../../ui/delivery-state.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { webhookDeliveriesQuery } from "./queries.ts";
import * as texts from "./texts.ts";
import classes from "./webhook-parts.module.css";

/** Every delivery of a webhook, whichever endpoint it is for, attempt by attempt. */
export function WebhookDeliveries({ id }: { id: string }) {
  const query = useQuery(webhookDeliveriesQuery(id));
  const deliveries = query.data?.data ?? [];
  return (
    <>
      <header className={classes["head"]}>
        <h2>{texts.deliveriesTitle(deliveries.length)}</h2>
      </header>
      {query.isPending ? (
        <Skeleton h={60} w="auto" m={18} radius="md" />
      ) : query.isError && !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : deliveries.length === 0 ? (
        <p className={classes["none"]}>
          {texts.NO_DELIVERIES} <Link to="/settings/webhooks">{texts.ADD_ENDPOINT}</Link>
        </p>
      ) : (
        <ul className={classes["list"]}>
          {deliveries.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} />
          ))}
        </ul>
      )}
    </>
  );
}

function Delivery({ delivery }: { delivery: WebhookDelivery }) {
  const { endpoint, state, under_way, attempt_log, kind } = delivery;
  const known = useQuery(endpointsQuery).data?.data.find(({ id }) => id === endpoint.id);
  // Not while its endpoint is paused.
  const next = nextTry(delivery, { held_until: known?.held_until ?? null });
  return (
    <li className={classes["delivery"]}>
      <div className={classes["to"]}>
        <b>{endpoint.description ?? endpoint.url}</b>
        {endpoint.description && <small>{endpoint.url}</small>}
      </div>
      <span className={classes["tags"]}>
        {kind === "replay" && <Tag tone="quiet">{texts.REPLAY}</Tag>}
        <DeliveryStateTag state={state} under_way={under_way} />
      </span>
      <Link
        to="/settings/webhooks/$endpoint_id"
        params={{ endpoint_id: endpoint.id }}
        search={{ tab: "deliveries", delivery: delivery.id }}
        className={classes["link"]}
      >
        {texts.OPEN_DELIVERY} <IconArrowUpRight size={15} aria-hidden />
      </Link>
      {attempt_log.length === 0 ? (
        <p className={classes["no_attempt"]}>
          {delivery.last_error === null ? texts.NO_ATTEMPT : saysOfLast(delivery)}
        </p>
      ) : (
        <ol className={classes["attempts"]}>
          {attempt_log.map((attempt) => (
            <li key={attempt.attempt} data-bad={attempt.error !== null || undefined}>
              <span>#{attempt.attempt}</span>
              <time dateTime={attempt.started_at}>{exactTime(attempt.started_at)}</time>
              <b>{attempt.status === null ? texts.NO_ANSWER : `HTTP ${attempt.status}`}</b>
              <span>{duration(attempt.duration_ms)}</span>
              <span className={classes["error"]}>
                {attempt.error !== null && saysOfAttempt(attempt)}
                {attempt.manual && <em> {texts.BY_HAND}</em>}
              </span>
            </li>
          ))}
        </ol>
      )}
      {next !== null && <p className={classes["no_attempt"]}>{texts.nextAttempt(exactTime(next))}</p>}
    </li>
  );
}
