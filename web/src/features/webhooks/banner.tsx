import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle, IconHandStop, IconPower, IconRefresh, IconSend } from "@tabler/icons-react";
import { type ReactNode, Suspense, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { lazyPart } from "../../lib/page/chunks.ts";
import { ago, ahead, clockSeconds, duration, exactTime, localTimes } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Endpoint } from "../../lib/types.ts";
import { useNow, useSecond } from "../../lib/page/use-now.ts";
import { putEndpoint, recoverableQuery, sayProblem, statsQuery, useChange } from "./model/model.ts";
import { ProbeResult, useProbe } from "./parts/parts.ts";
import { RecoveryProgress } from "./recovery/recovery.ts";
import { beforeFailing } from "../../lib/words/spans.ts";
import { useTest } from "./testing/testing.ts";
import { BANNER } from "./texts.ts";
import classes from "./webhooks.module.css";

const TestResult = lazyPart(() => import("./testing/testing.ts"), "TestResult");

/** What one has to know before anything else: that it is off, that it fails, or that it was disabled. */
export function EndpointBanner({ endpoint }: { endpoint: Endpoint }) {
  // Here, so that the answer stays when it has ended what the banner told of.
  const probe = useProbe(endpoint);
  return (
    <>
      {!endpoint.enabled ? (
        <SwitchedOff endpoint={endpoint} />
      ) : endpoint.state === "disabled" ? (
        <Disabled endpoint={endpoint} />
      ) : endpoint.state === "failing" ? (
        <Failing endpoint={endpoint} probe={probe} />
      ) : null}
      <ProbeResult probe={probe} />
      <RecoveryProgress endpoint={endpoint} />
    </>
  );
}

function SwitchedOff({ endpoint }: { endpoint: Endpoint }) {
  const held = useWaiting(endpoint)?.held ?? 0;
  return (
    <Banner tone="quiet" icon={<IconPower size={20} aria-hidden />} title={BANNER.off}>
      <p>
        {BANNER.off_text} {held > 0 && BANNER.off_held(held)}
      </p>
    </Banner>
  );
}

function Failing({ endpoint, probe }: { endpoint: Endpoint; probe: ReturnType<typeof useProbe> }) {
  const now = useSecond();
  const test = useTest(endpoint);
  const { failing_since, gives_up_at, warned_at, failures, state_reason, held_until } = endpoint;
  const pending = useWaiting(endpoint)?.pending;
  const paused = held_until !== null && Date.parse(held_until) > now;
  return (
    <Banner
      tone={warned_at ? "bad" : "warn"}
      icon={<IconAlertTriangle size={20} aria-hidden />}
      title={
        warned_at && gives_up_at
          ? BANNER.disabled_soon(soon(gives_up_at, now))
          : failing_since
            ? BANNER.failing_for(since(failing_since, now))
            : BANNER.failing
      }
      name={BANNER.failing}
      action={
        <>
          <Button
            leftSection={<IconRefresh size={16} />}
            loading={probe.isPending}
            disabled={pending === 0}
            onClick={() => probe.mutate()}
          >
            {BANNER.try_now}
          </Button>
          <Button
            variant="default"
            leftSection={<IconSend size={16} />}
            loading={test.isPending}
            onClick={() => test.mutate({})}
          >
            {BANNER.test}
          </Button>
        </>
      }
    >
      <p>
        {state_reason && `${localTimes(state_reason)} `}
        {failures > 0 && BANNER.failures(failures)}{" "}
        {paused ? BANNER.paused(clockSeconds(held_until), ahead(held_until, now)) : BANNER.retrying}{" "}
        {pending !== undefined && pending > 0 && BANNER.pending(pending)}
      </p>
      {gives_up_at && <p>{BANNER.disabled_on(exactTime(gives_up_at))}</p>}
      {!test.isPending && !test.isIdle && (
        <div aria-live="polite" className={classes["inline"]}>
          <Suspense>
            <TestResult endpoint={endpoint} test={test} />
          </Suspense>
        </div>
      )}
    </Banner>
  );
}

function Disabled({ endpoint }: { endpoint: Endpoint }) {
  const now = useNow();
  const client = useQueryClient();
  const held = useWaiting(endpoint)?.held ?? 0;
  const { failing_since, disabled_at, state_reason } = endpoint;
  const [from] = useState(() => beginning(endpoint));
  const failed =
    useQuery({ ...recoverableQuery(endpoint.id, from ?? ""), enabled: from !== null }).data?.failed ?? 0;
  const change = useChange(endpoint);
  const recover = useAction({
    mutationFn: async () => {
      const params = { id: endpoint.id };
      putEndpoint(client, await call("PATCH /api/v1/endpoints/:id", { params, body: { enabled: true } }));
      if (from === null || failed === 0) return null;
      return call("POST /api/v1/endpoints/:id/recover", { params, body: { since: from, what: "failed" } });
    },
    onSuccess: () => toast("good", BANNER.enabled, BANNER.enabled_text),
    onError: sayProblem(BANNER.not_recovered),
    onSettled: () => client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] }),
  });
  const enable = () =>
    change.mutate(
      { enabled: true },
      {
        onSuccess: () => toast("good", BANNER.enabled, BANNER.enabled_only),
        onError: sayProblem(BANNER.not_enabled),
      },
    );
  return (
    <Banner
      tone="bad"
      icon={<IconHandStop size={20} aria-hidden />}
      title={`${disabledTitle(endpoint)}${disabled_at ? BANNER.disabled_ago(ago(disabled_at, now)) : ""}`}
      name={BANNER.disabled}
      action={
        failed > 0 ? (
          <>
            <Button loading={recover.isPending} onClick={() => recover.mutate()}>
              {BANNER.recover}
            </Button>
            <Button variant="default" disabled={recover.isPending} onClick={enable}>
              {BANNER.only_enable}
            </Button>
          </>
        ) : (
          <Button loading={change.isPending} onClick={enable}>
            {BANNER.enable}
          </Button>
        )
      }
    >
      <p>
        {state_reason !== null
          ? localTimes(state_reason)
          : failing_since && BANNER.disabled_since(exactTime(failing_since))}
      </p>
      <p>
        {held > 0 ? BANNER.held(held) : BANNER.held_new} {failed > 0 && BANNER.exhausted(failed)}{" "}
        {BANNER.when_ready}
      </p>
    </Banner>
  );
}

/** From when on what failed is to be sent again. */
function beginning({ failing_since, disabled_at }: Endpoint): string | null {
  const began = failing_since ?? disabled_at;
  return began === null ? null : beforeFailing(began);
}

const HOUR_MS = 3_600_000;

/** One that answered 410, or whose URL was changed, was disabled at once. */
function disabledTitle({ failing_since, disabled_at }: Endpoint): string {
  const failed_ms = failing_since && disabled_at ? Date.parse(disabled_at) - Date.parse(failing_since) : 0;
  return failed_ms >= HOUR_MS ? BANNER.disabled_failures(duration(failed_ms)) : BANNER.disabled;
}

function Banner({
  tone,
  icon,
  title,
  name = title,
  action,
  children,
}: {
  tone: "quiet" | "warn" | "bad";
  icon: ReactNode;
  title: string;
  /** For those who hear it: without what changes by the second. */
  name?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes["banner"]} data-tone={tone} aria-label={name}>
      {icon}
      <div>
        <h2>{title}</h2>
        {children}
        {action && <div className={classes["actions"]}>{action}</div>}
      </div>
    </section>
  );
}

/** How many deliveries wait for it; undefined while that isn't known. */
function useWaiting({ id }: Endpoint) {
  return useQuery(statsQuery(id, "24h")).data?.waiting;
}

/** To the second while it is minutes. */
const since = (time: string, now: number) =>
  duration(Math.max(1_000, Math.floor((now - Date.parse(time)) / 1_000) * 1_000));
const soon = (time: string, now: number) => {
  const left_ms = Date.parse(time) - now;
  return left_ms > 60_000 ? BANNER.soon(duration(left_ms)) : BANNER.any_moment;
};
