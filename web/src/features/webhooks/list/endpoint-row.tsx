import { Link } from "@tanstack/react-router";
import { localTimes } from "../../../lib/words/time.ts";
import type { Endpoint, EndpointBucket } from "../../../lib/types.ts";
import { useNow } from "../../../lib/page/use-now.ts";
import { Ago } from "../../../ui/ago.tsx";
import { eventLabel, inOrder } from "../model/model.ts";
import { healthOf, HealthTag, OnSwitch, SplitUrl } from "../parts/parts.ts";
import { percent, Sparkline, sum } from "./sparkline.tsx";
import { LIST } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./list.module.css";

const CHIPS = 3;

export function EndpointRow({
  endpoint,
  hours,
}: {
  endpoint: Endpoint;
  /** Undefined while it isn't known. */
  hours: EndpointBucket[] | undefined;
}) {
  const now = useNow();
  const { reason, tone } = healthOf(endpoint, now);
  const last = [endpoint.last_success_at, endpoint.last_failure_at]
    .filter((time) => time !== null)
    .toSorted()
    .at(-1);
  const events = inOrder(endpoint.events);
  const url = <SplitUrl url={endpoint.url} />;
  return (
    <li className={classes["row"]}>
      <div className={classes["endpoint"]}>
        <div className={classes["name"]}>
          <Link
            to="/settings/webhooks/$endpoint_id"
            params={{ endpoint_id: endpoint.id }}
            title={endpoint.url}
          >
            {endpoint.description === null ? url : <b dir="auto">{endpoint.description}</b>}
          </Link>
          <HealthTag endpoint={endpoint} />
        </div>
        {endpoint.description !== null && <small>{url}</small>}
        {reason && <small data-tone={tone}>{localTimes(reason)}</small>}
      </div>
      <div className={shared["chips"]}>
        {events.slice(0, CHIPS).map((event) => (
          <span key={event}>{eventLabel(event)}</span>
        ))}
        {events.length > CHIPS && (
          <span title={events.slice(CHIPS).map(eventLabel).join(", ")}>+{events.length - CHIPS}</span>
        )}
        {events.length === 0 && <em>{LIST.no_events}</em>}
      </div>
      <div className={classes["day"]}>{hours && <LastDay hours={hours} now={now} />}</div>
      <div className={classes["last"]}>{last ? <Ago time={last} /> : <span>{LIST.never}</span>}</div>
      <div className={classes["switch"]}>
        <OnSwitch endpoint={endpoint} />
      </div>
    </li>
  );
}

function LastDay({ hours, now }: { hours: EndpointBucket[]; now: number }) {
  const total = sum(hours);
  if (total.delivered + total.failed === 0)
    return <span className={shared["quiet"]}>{LIST.nothing_sent}</span>;
  const words = LIST.day(total.delivered, total.failed);
  return (
    <>
      <Sparkline hours={hours} now={now} label={words} />
      <span title={words}>{percent(total)}</span>
    </>
  );
}
