import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle, IconHandStop, IconPlayerPause } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { call } from "../../lib/api.ts";
import { formatNumber } from "../../lib/intl.ts";
import { ago, duration, exactTime } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { Endpoint } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { putEndpoint, sayProblem, useChange } from "./changes.ts";
import { recoverableQuery, statsQuery } from "./log-queries.ts";
import { RecoveryProgress } from "./recovery.tsx";
import { beforeFailing } from "./spans.ts";
import classes from "./webhooks.module.css";

/** What one has to know before anything else: that it is off, that it fails, or that it was given up. */
export function EndpointBanner({ endpoint }: { endpoint: Endpoint }) {
  return (
    <>
      {!endpoint.enabled ? (
        <SwitchedOff endpoint={endpoint} />
      ) : endpoint.state === "disabled" ? (
        <GivenUp endpoint={endpoint} />
      ) : endpoint.state === "failing" ? (
        <Failing endpoint={endpoint} />
      ) : null}
      <RecoveryProgress endpoint={endpoint} />
    </>
  );
}

function SwitchedOff({ endpoint }: { endpoint: Endpoint }) {
  const held = useHeld(endpoint);
  return (
    <Banner
      tone="quiet"
      icon={<IconPlayerPause size={20} aria-hidden />}
      title="This webhook is switched off"
    >
      <p>
        {held
          ? `${deliveries(held)} are held and go out when you switch it on. What arrives meanwhile is not sent to it.`
          : "Nothing is owed to it. What arrives meanwhile is not sent to it."}
      </p>
    </Banner>
  );
}

function Failing({ endpoint }: { endpoint: Endpoint }) {
  const now = useNow();
  const { failing_since, gives_up_at, warned_at, failures, state_reason, held_until } = endpoint;
  const resting = held_until !== null && Date.parse(held_until) > now;
  return (
    <Banner
      tone={warned_at ? "bad" : "warn"}
      icon={<IconAlertTriangle size={20} aria-hidden />}
      title={
        warned_at && gives_up_at
          ? `It will be given up ${soon(gives_up_at, now)}`
          : `It has been failing${failing_since ? ` for ${since(failing_since, now)}` : ""}`
      }
    >
      <p>
        {state_reason && `${state_reason} `}
        {failures > 0 && `${failures === 1 ? "One try" : `${failures} tries`} failed in a row`}
        {failing_since && (
          <>
            {" "}
            since <time dateTime={failing_since}>{exactTime(failing_since)}</time>
          </>
        )}
        .
      </p>
      <p>
        {resting
          ? `It rests until ${exactTime(held_until)}; then one request tries whether it is back. `
          : "Nothing is lost: what it is owed is tried again. "}
        {gives_up_at && (
          <>
            Unless one gets through, Wharf gives it up on{" "}
            <time dateTime={gives_up_at}>{exactTime(gives_up_at)}</time>.
          </>
        )}
      </p>
    </Banner>
  );
}

function GivenUp({ endpoint }: { endpoint: Endpoint }) {
  const now = useNow();
  const client = useQueryClient();
  const held = useHeld(endpoint);
  const { failing_since, disabled_at, state_reason } = endpoint;
  const began = failing_since ?? disabled_at;
  const from = began === null ? null : beforeFailing(began);
  const failed = useQuery({
    ...recoverableQuery(endpoint.id, from ?? ""),
    enabled: from !== null,
  }).data?.failed;
  const change = useChange(endpoint);
  const recover = useMutation({
    mutationFn: async () => {
      const params = { id: endpoint.id };
      putEndpoint(client, await call("PATCH /api/v1/endpoints/:id", { params, body: { enabled: true } }));
      if (from === null || failed === 0) return null;
      return call("POST /api/v1/endpoints/:id/recover", { params, body: { since: from, what: "failed" } });
    },
    onSuccess: () => toast("good", "Enabled", "What it is owed goes out now, and what failed is sent again."),
    onError: sayProblem("Not recovered"),
    onSettled: () => client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] }),
  });
  return (
    <Banner
      tone="bad"
      icon={<IconHandStop size={20} aria-hidden />}
      title={`Wharf has given it up${disabled_at ? `, ${ago(disabled_at, now)}` : ""}`}
      action={
        <>
          <Button loading={recover.isPending} onClick={() => recover.mutate()}>
            Enable and recover
          </Button>
          <Button
            variant="default"
            disabled={recover.isPending}
            onClick={() => change.mutate({ enabled: true }, { onError: sayProblem("Not enabled") })}
          >
            Only enable
          </Button>
        </>
      }
    >
      <p>
        {state_reason && `${state_reason} `}
        {failing_since && (
          <>
            Every try failed since <time dateTime={failing_since}>{exactTime(failing_since)}</time>.
          </>
        )}
      </p>
      <p>
        {held ? `${deliveries(held)} are held for it. ` : "What arrives for it is held. "}
        {failed ? `${deliveries(failed)} ran out of tries and can be sent again. ` : ""}
        When your receiver is mended, enable it.
      </p>
    </Banner>
  );
}

function Banner({
  tone,
  icon,
  title,
  action,
  children,
}: {
  tone: "quiet" | "warn" | "bad";
  icon: ReactNode;
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes["banner"]} data-tone={tone} aria-label={title}>
      {icon}
      <div>
        <h2>{title}</h2>
        {children}
        {action && <div className={classes["actions"]}>{action}</div>}
      </div>
    </section>
  );
}

/** How many deliveries are held for it; undefined while that isn't known. */
function useHeld({ id }: Endpoint): number | undefined {
  return useQuery(statsQuery(id, "24h")).data?.waiting.held;
}

const deliveries = (count: number) => (count === 1 ? "1 delivery" : `${formatNumber(count)} deliveries`);
const since = (time: string, now: number) => duration(Math.max(1_000, now - Date.parse(time)));
const soon = (time: string, now: number) => {
  const left_ms = Date.parse(time) - now;
  return left_ms > 60_000 ? `in ${duration(left_ms)}` : "any moment";
};
