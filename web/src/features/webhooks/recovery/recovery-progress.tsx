import { Button, Menu } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconBan, IconChevronDown, IconHistory, IconRestore, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/action.ts";
import { call } from "../../../lib/api.ts";
import { serverNow } from "../../../lib/clock.ts";
import { inBrowser } from "../../../lib/kept.ts";
import { exactTime } from "../../../lib/time.ts";
import { toast } from "../../../lib/toast.ts";
import type { Endpoint, Recovery } from "../../../lib/types.ts";
import { Ago } from "../../../ui/ago.tsx";
import { Progress } from "../../../ui/progress.tsx";
import { CancelPendingDialog } from "./cancel-pending-dialog.tsx";
import { type DeliveryFilter, recoveriesQuery } from "../model/model.ts";
import { RecoverDialog } from "./recover-dialog.tsx";
import classes from "./recovery.module.css";
import { problemWords, RECOVER, RECOVERY } from "../delivery-texts.ts";

/** What can be done about many deliveries at once; each shows first how many they are. */
export function RecoveryMenu({
  endpoint,
  filter,
  onMatching,
}: {
  endpoint: Endpoint;
  filter: DeliveryFilter;
  onMatching: (to: "resend" | "cancel") => void;
}) {
  const [open, setOpen] = useState<"failed" | "missing" | "cancel" | null>(null);
  const close = () => setOpen(null);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <Menu position="bottom-end" width={290}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconRestore size={17} />}
            rightSection={<IconChevronDown size={15} />}
          >
            {RECOVER.menu}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRestore size={17} stroke={1.7} />} onClick={() => setOpen("failed")}>
            {RECOVER.menu_failed}
          </Menu.Item>
          <Menu.Item leftSection={<IconHistory size={17} stroke={1.7} />} onClick={() => setOpen("missing")}>
            {RECOVER.menu_missing}
          </Menu.Item>
          {filtered && (
            <Menu.Item leftSection={<IconSend size={17} stroke={1.7} />} onClick={() => onMatching("resend")}>
              {RECOVER.menu_matching}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconBan size={17} stroke={1.7} />} onClick={() => setOpen("cancel")}>
            {RECOVER.menu_cancel}
          </Menu.Item>
          {filtered && (
            <Menu.Item leftSection={<IconBan size={17} stroke={1.7} />} onClick={() => onMatching("cancel")}>
              {RECOVER.menu_cancel_matching}
            </Menu.Item>
          )}
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

const Skipped = ({ recovery }: { recovery: Recovery }) =>
  recovery.skipped > 0 && <p className={classes["skipped"]}>{RECOVERY.skipped(recovery.skipped)}</p>;

/** Recoveries that ended, with what came of them. */
export function RecoveryList({ endpoint }: { endpoint: Endpoint }) {
  const { data } = useQuery(recoveriesQuery(endpoint.id));
  const ended = (data?.data ?? []).filter((recovery) => recovery.state !== "running");
  if (ended.length === 0) return null;
  return (
    <section className={classes["ended"]}>
      <h2>{RECOVERY.list}</h2>
      <ul>
        {ended.map((recovery) => (
          <li key={recovery.id}>
            <b>{RECOVERY.ended(recovery)}</b>
            <span>{RECOVERY.result(recovery)}</span>
            <span className={classes["soft"]}>
              {recovery.what !== "chosen" && `${RECOVERY.since} ${exactTime(recovery.since)}`}
              {recovery.user && ` · ${RECOVERY.by(recovery.user.name)}`}
            </span>
            <Ago time={recovery.created_at} />
            <Skipped recovery={recovery} />
          </li>
        ))}
      </ul>
    </section>
  );
}
