import { useQuery } from "@tanstack/react-query";
import { exactTime } from "../../lib/words/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Card } from "../../ui/page.tsx";
import classes from "./connections.module.css";
import { type Connection, healthQuery } from "./queries.ts";
import { HEALTH } from "./texts.ts";

/** Of the last week: what kept webhooks out, and what waits. */
export function HealthPanel({ connections }: { connections: readonly Connection[] }) {
  const { data } = useQuery(healthQuery);
  if (!data) return null;
  const nameOf = (id: string) => connections.find((one) => one.id === id)?.name ?? HEALTH.unknown;
  return (
    <Card className={classes["card"] ?? ""} aria-label={HEALTH.title}>
      <header className={classes["head"]}>
        <h2>{HEALTH.title}</h2>
      </header>
      <dl className={classes["facts"]}>
        <div>
          <dt>{HEALTH.waiting}</dt>
          <dd>
            {HEALTH.pending(data.pending)}
            {data.oldest_pending_at !== null && (
              <small>
                {" "}
                {HEALTH.oldest} <Ago time={data.oldest_pending_at} />
              </small>
            )}
          </dd>
        </div>
        <div>
          <dt>{HEALTH.rejects}</dt>
          <dd>
            {data.rejects.length === 0 && HEALTH.none}
            {data.rejects.map(({ connection_id, requests, last_at }) => (
              <div key={connection_id} dir="auto">
                {HEALTH.rejected(nameOf(connection_id), requests)}{" "}
                <small>
                  <Ago time={last_at} />
                </small>
              </div>
            ))}
            {data.rejects.length > 0 && <small>{HEALTH.rejects_text}</small>}
          </dd>
        </div>
        <div>
          <dt>{HEALTH.outages}</dt>
          <dd>
            {data.outages.length === 0 && HEALTH.none}
            {data.outages.map(({ began_at, ended_at }) => (
              <div key={began_at}>{HEALTH.outage(exactTime(began_at), exactTime(ended_at))}</div>
            ))}
            {data.outages.length > 0 && <small>{HEALTH.outages_text}</small>}
          </dd>
        </div>
      </dl>
    </Card>
  );
}
