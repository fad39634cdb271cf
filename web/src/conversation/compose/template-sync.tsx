import { Button } from "@mantine/core";
import { IconCloudOff, IconRefresh, IconTemplate } from "@tabler/icons-react";
import { wordsOf } from "../../lib/server/api.ts";
import { ago } from "../../lib/words/time.ts";
import { useAge } from "../../lib/page/use-now.ts";
import { Empty } from "../../ui/page-state.tsx";
import classes from "./compose.module.css";
import { SYNC } from "./texts.ts";
import type { TemplateSyncing } from "./use-template-sync.ts";

/** What is wrong, in words; null: nothing. */
function wrong({ sync, problem }: TemplateSyncing): { says: string; advice: string | null } | null {
  if (problem) return { says: wordsOf(problem), advice: null };
  if (!sync?.error) return null;
  const { says, code, advice } = sync.error;
  return { says: code === null ? says : `${says} (${code})`, advice };
}

function useStanding(syncing: TemplateSyncing): string {
  const { sync, busy, asked } = syncing;
  const now = useAge(sync?.read_at ?? "");
  if (busy) return SYNC.reading;
  if (!sync) return SYNC.soon;
  if (sync.read_at === null) return SYNC.never;
  const when = SYNC.read(ago(sync.read_at, now));
  if (!asked || sync.error) return `${when}.`;
  return `${when}: ${SYNC.result(SYNC.count(sync.found ?? 0), sync.changed ?? 0)}.`;
}

/** There is nothing to choose from: why, and a way to change that. */
export function NoTemplates({ syncing }: { syncing: TemplateSyncing }) {
  const { sync, busy, templates = [] } = syncing;
  const standing = useStanding(syncing);
  const bad = busy ? null : wrong(syncing);
  const there = templates.filter((each) => each.status !== "DELETED").length;
  return (
    <>
      <Empty
        icon={bad ? <IconCloudOff size={26} stroke={1.6} /> : <IconTemplate size={26} stroke={1.6} />}
        title={bad ? SYNC.failed : SYNC.none}
        action={<SyncButton syncing={syncing} label={bad ? SYNC.retry : SYNC.sync} />}
      >
        {bad
          ? [bad.says, bad.advice].filter(Boolean).join(" ")
          : there > 0
            ? SYNC.none_approved(SYNC.count(there))
            : SYNC.appears}
      </Empty>
      <p className={classes["standing"]} role="status">
        {bad ? sync?.read_at && SYNC.last(standing) : standing}
      </p>
    </>
  );
}

/** Below those that there are: how current they are. */
export function SyncLine({ syncing }: { syncing: TemplateSyncing }) {
  const standing = useStanding(syncing);
  const bad = syncing.busy ? null : wrong(syncing);
  return (
    <div className={classes["syncLine"]}>
      <span>
        {bad && <span role="alert">{[bad.says, bad.advice].filter(Boolean).join(" ")}</span>}
        <span role="status">{standing}</span>
      </span>
      <SyncButton syncing={syncing} label={bad ? SYNC.retry : SYNC.sync} small />
    </div>
  );
}

function SyncButton({ syncing, label, small }: { syncing: TemplateSyncing; label: string; small?: boolean }) {
  return (
    <Button
      variant="default"
      size={small ? "xs" : "sm"}
      leftSection={<IconRefresh size={small ? 14 : 16} />}
      loading={syncing.busy}
      onClick={syncing.ask}
    >
      {label}
    </Button>
  );
}
