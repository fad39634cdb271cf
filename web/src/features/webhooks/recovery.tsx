import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconBan, IconChevronDown, IconHistory, IconInfoCircle, IconRestore } from "@tabler/icons-react";
import { useState } from "react";
import { call, wordsOf } from "../../lib/api.ts";
import { formatNumber } from "../../lib/intl.ts";
import { ago, duration, exactTime } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { Endpoint, Recovery } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Hint } from "../../ui/hint.tsx";
import { Progress } from "../../ui/progress.tsx";
import { recoveriesQuery } from "./log-queries.ts";
import { CancelPendingDialog, RecoverDialog } from "./recovery-dialogs.tsx";
import classes from "./recovery.module.css";

/** What can be done about many deliveries at once; each shows first how many they are. */
export function RecoveryMenu({ endpoint }: { endpoint: Endpoint }) {
  const [open, setOpen] = useState<Recovery["what"] | "cancel" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Menu position="bottom-end" width={290}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconRestore size={17} />}
            rightSection={<IconChevronDown size={15} />}
          >
            Recover
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRestore size={17} stroke={1.7} />} onClick={() => setOpen("failed")}>
            Recover all failed since…
          </Menu.Item>
          <Menu.Item leftSection={<IconHistory size={17} stroke={1.7} />} onClick={() => setOpen("missing")}>
            Replay missing since…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconBan size={17} stroke={1.7} />} onClick={() => setOpen("cancel")}>
            Cancel pending…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === "cancel" ? (
        <CancelPendingDialog endpoint={endpoint} onClose={close} />
      ) : (
        open && <RecoverDialog endpoint={endpoint} what={open} onClose={close} />
      )}
    </>
  );
}

const NAMES = { failed: "Recovering what failed", missing: "Replaying what is missing" } as const;

/** How far the recoveries of an endpoint are; nothing when none is under way. */
export function RecoveryProgress({ endpoint }: { endpoint: Endpoint }) {
  const { data } = useQuery(recoveriesQuery(endpoint.id));
  const running = (data?.data ?? []).filter((recovery) => recovery.state === "running");
  if (running.length === 0) return null;
  return (
    <div className={classes["running"]}>
      {running.map((recovery) => (
        <Running
          key={recovery.id}
          recovery={recovery}
          waits={!endpoint.enabled || endpoint.state === "disabled"}
        />
      ))}
    </div>
  );
}

function Running({ recovery, waits }: { recovery: Recovery; waits: boolean }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => call("POST /api/v1/recoveries/:id/cancel", { params: { id: recovery.id } }),
    onSuccess: async () => {
      toast("good", "Recovery stopped", "What it has already sent on its way stays on its way.");
      await client.invalidateQueries({ queryKey: ["endpoint", recovery.endpoint_id] });
    },
    onError: (error) => toast("bad", "Not stopped", wordsOf(error)),
  });
  const dealt_with = recovery.done + recovery.skipped;
  const left = Math.max(0, recovery.total - dealt_with);
  return (
    <section className={classes["recovery"]} aria-label={NAMES[recovery.what]}>
      <div className={classes["line"]}>
        <b>{NAMES[recovery.what]}</b>
        <span>
          {formatNumber(dealt_with)} of {formatNumber(recovery.total)}
        </span>
        <span className={classes["soft"]}>
          {waits ? "Waits until the endpoint is switched on" : `${recovery.rate_per_s} per second`}
          {!waits && left > 0 && ` · about ${duration(Math.ceil(left / recovery.rate_per_s) * 1_000)} left`}
        </span>
        <Button
          size="xs"
          h={30}
          ml="auto"
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Stop
        </Button>
      </div>
      <Progress label={NAMES[recovery.what]} done={dealt_with} total={recovery.total} />
      <Skipped recovery={recovery} />
    </section>
  );
}

function Skipped({ recovery }: { recovery: Recovery }) {
  if (recovery.skipped === 0) return null;
  return (
    <p className={classes["skipped"]}>
      {formatNumber(recovery.skipped)} skipped: their webhooks&rsquo; bytes are no longer kept, so nothing can
      be sent
    </p>
  );
}

/** Recoveries that ended, with what came of them. */
export function RecoveryList({ endpoint }: { endpoint: Endpoint }) {
  const { data } = useQuery(recoveriesQuery(endpoint.id));
  const now = useNow();
  const ended = (data?.data ?? []).filter((recovery) => recovery.state !== "running");
  if (ended.length === 0) return null;
  return (
    <section className={classes["ended"]}>
      <h2>
        Recoveries
        <Hint label="A recovery is done when everything is on its way again; whether each was received stands in its row above">
          <span tabIndex={0} className={classes["info"]}>
            <IconInfoCircle size={16} aria-label="What done means" />
          </span>
        </Hint>
      </h2>
      <ul>
        {ended.map((recovery) => (
          <li key={recovery.id}>
            <b>{outcome(recovery)}</b>
            <span className={classes["soft"]}>
              since {exactTime(recovery.since)}
              {recovery.user && ` · by ${recovery.user.name}`}
              {recovery.finished_at &&
                ` · took ${duration(Date.parse(recovery.finished_at) - Date.parse(recovery.created_at))}`}
            </span>
            <time dateTime={recovery.created_at} title={exactTime(recovery.created_at)}>
              {ago(recovery.created_at, now)}
            </time>
            <Skipped recovery={recovery} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcome({ what, state, done, total }: Recovery): string {
  const made = what === "failed" ? "sent again" : "replayed";
  const things = (count: number) =>
    `${formatNumber(count)} ${what === "failed" ? "failed" : "missing"} ${count === 1 ? "delivery" : "deliveries"}`;
  return state === "cancelled"
    ? `Stopped: ${formatNumber(done)} of ${things(total)} ${made}`
    : `${things(done)} ${made}`;
}
