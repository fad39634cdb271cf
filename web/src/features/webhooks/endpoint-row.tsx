import { Link } from "@tanstack/react-router";
import { ago, exactTime } from "../../lib/time.ts";
import type { Endpoint, EndpointBucket } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { eventLabel, inOrder } from "./events.ts";
import { HealthTag, healthOf } from "./health.tsx";
import { OnSwitch } from "./on-switch.tsx";
import { percent, Sparkline, sum } from "./sparkline.tsx";
import { SplitUrl } from "./split-url.tsx";
import classes from "./webhooks.module.css";

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
  return (
    <li className={classes["row"]}>
      <div className={classes["endpoint"]}>
        <div className={classes["name"]}>
          <Link
            to="/settings/webhooks/$endpoint_id"
            params={{ endpoint_id: endpoint.id }}
            title={endpoint.url}
          >
            <SplitUrl url={endpoint.url} />
          </Link>
          <HealthTag endpoint={endpoint} />
        </div>
        {reason && <small data-tone={tone}>{reason}</small>}
        {endpoint.description && <small>{endpoint.description}</small>}
      </div>
      <div className={classes["chips"]}>
        {events.slice(0, CHIPS).map((event) => (
          <span key={event}>{eventLabel(event)}</span>
        ))}
        {events.length > CHIPS && (
          <span title={events.slice(CHIPS).map(eventLabel).join(", ")}>+{events.length - CHIPS}</span>
        )}
        {events.length === 0 && <em>No events, so nothing is sent</em>}
      </div>
      <div className={classes["day"]}>{hours && <LastDay hours={hours} now={now} />}</div>
      <div className={classes["last"]}>
        {last ? (
          <time dateTime={last} title={exactTime(last)}>
            {ago(last, now)}
          </time>
        ) : (
          <span>Never</span>
        )}
      </div>
      <div className={classes["switch"]}>
        <OnSwitch endpoint={endpoint} />
      </div>
    </li>
  );
}

function LastDay({ hours, now }: { hours: EndpointBucket[]; now: number }) {
  const total = sum(hours);
  const tries = total.delivered + total.failed;
  if (tries === 0) return <span className={classes["quiet"]}>Nothing was sent</span>;
  return (
    <>
      <Sparkline hours={hours} now={now} />
      <span title={`${total.delivered} received, ${total.failed} not, in the last 24 hours`}>
        {percent(total)}
      </span>
    </>
  );
}
