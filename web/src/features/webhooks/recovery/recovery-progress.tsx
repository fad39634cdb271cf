import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call } from "../../../lib/server/api.ts";
import { serverNow } from "../../../lib/words/clock.ts";
import { inBrowser } from "../../../lib/page/kept.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint, Recovery } from "../../../lib/types.ts";
import { Progress } from "../../../ui/progress.tsx";
import { problemWords, RECOVERY } from "../delivery-texts.ts";
import { recoveriesQuery } from "../model/model.ts";
import classes from "./recovery.module.css";

/** How far the recoveries of an endpoint are, and what came of the last one until it is dismissed. */
export function RecoveryProgress({ endpoint }: { endpoint: Endpoint }) {
  const { data } = useQuery(recoveriesQuery(endpoint.id));
  const [dismissed, setDismissed] = useState(() => inBrowser.read(dismissedKey(endpoint.id)) ?? "");
  const all = data?.data ?? [];
  const running = all.filter(({ state }) => state === "running");
  const last = all.find(({ state }) => state !== "running");
  const shows_last = last && last.id > dismissed && isRecent(last);
  if (running.length === 0 && !shows_last) return null;
  return (
    <div className={classes["running"]}>
      {running.map((recovery) => (
        <Running
          key={recovery.id}
          recovery={recovery}
          waits={!endpoint.enabled || endpoint.state === "disabled"}
        />
      ))}
      {shows_last && (
        <Ended
          recovery={last}
          onDismiss={() => {
            inBrowser.write(dismissedKey(endpoint.id), last.id);
            setDismissed(last.id);
          }}
        />
      )}
    </div>
  );
}

/** Ids go by their time: this one and all before it. */
const dismissedKey = (endpoint_id: string) => `wharf.recovery_dismissed.${endpoint_id}`;
const SHOWN_MS = 24 * 3_600_000;
const isRecent = ({ completed_at }: Recovery) =>
  completed_at === null || serverNow() - Date.parse(completed_at) < SHOWN_MS;

function Running({ recovery, waits }: { recovery: Recovery; waits: boolean }) {
  const client = useQueryClient();
  const cancel = useAction({
    mutationFn: () => call("POST /api/v1/recoveries/:id/cancel", { params: { id: recovery.id } }),
    onSuccess: async () => {
      toast("good", RECOVERY.stopped, RECOVERY.stopped_text);
      await client.invalidateQueries({ queryKey: ["endpoint", recovery.endpoint_id] });
    },
    onError: (error) => toast("bad", RECOVERY.not_stopped, problemWords(error)),
  });
  const dealt_with = recovery.done + recovery.skipped;
  const left = Math.max(0, recovery.total - dealt_with);
  const name = RECOVERY.going(recovery);
  return (
    <section className={classes["recovery"]} aria-label={name}>
      <div className={classes["line"]}>
        <b>{name}</b>
        <span>{RECOVERY.of(dealt_with, recovery.total)}</span>
        <span className={classes["soft"]}>
          {waits ? RECOVERY.off : RECOVERY.rate(recovery.rate_per_s)}
          {!waits && left > 0 && ` · ${RECOVERY.left(left, recovery.rate_per_s)}`}
        </span>
        <Button
          size="xs"
          h={30}
          ml="auto"
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {RECOVERY.stop}
        </Button>
      </div>
      <Progress label={name} done={dealt_with} total={recovery.total} />
      <Skipped recovery={recovery} />
    </section>
  );
}

/** What came of it; while some of it waits for its next attempt, so far. */
function Ended({ recovery, onDismiss }: { recovery: Recovery; onDismiss: () => void }) {
  const name = RECOVERY.ended(recovery);
  return (
    <section className={classes["recovery"]} aria-label={name}>
      <div className={classes["line"]}>
        <b>{name}</b>
        <span role="status">{RECOVERY.result(recovery)}</span>
        {recovery.failed !== null && (
          <Link
            from="/settings/webhooks/$endpoint_id"
            search={{
              tab: "deliveries",
              recovery: recovery.id,
              state: recovery.failed > 0 ? "failed" : undefined,
            }}
          >
            {recovery.failed > 0 ? RECOVERY.show_failed : RECOVERY.show}
          </Link>
        )}
        <Button size="xs" h={30} ml="auto" variant="default" onClick={onDismiss}>
          {RECOVERY.dismiss}
        </Button>
      </div>
      <Skipped recovery={recovery} />
    </section>
  );
}

/** Those that were not sent again, and why. */
export const Skipped = ({ recovery }: { recovery: Recovery }) =>
  recovery.skipped > 0 && <p className={classes["skipped"]}>{RECOVERY.skipped(recovery.skipped)}</p>;
