import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconRefresh } from "@tabler/icons-react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { ago } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import type { TemplateSync } from "../../lib/types.ts";
import { useAge } from "../../lib/page/use-now.ts";
import classes from "./templates.module.css";
import { SYNC } from "./texts.ts";

/** How current the templates are, and having them read again. Of several accounts the oldest reading counts. */
export function SyncButton({ syncs }: { syncs: readonly TemplateSync[] }) {
  const client = useQueryClient();
  const read = useAction(
    {
      mutationFn: () => call("POST /api/v1/templates/sync", {}),
      onSuccess: ({ data }) => {
        const failed = data.find(({ error }) => error !== null)?.error;
        if (failed) toast("bad", SYNC.title, SYNC.failed(failed.says, failed.advice));
        else toast(data.length === 0 ? "bad" : "good", SYNC.title, SYNC.done(data));
      },
      onError: (error) => toast("bad", SYNC.title, wordsOf(error)),
      onSettled: () =>
        Promise.all(
          ["template-list", "template-counts", "templates", "template"].map((key) =>
            client.invalidateQueries({ queryKey: [key] }),
          ),
        ),
    },
    0,
  );
  const times = syncs.flatMap(({ read_at }) => read_at ?? []);
  const oldest = times.length < syncs.length ? null : (times.toSorted()[0] ?? null);
  const now = useAge(oldest ?? "");
  const failed = syncs.find(({ error }) => error !== null)?.error;
  return (
    <div className={classes["sync"]}>
      <span role="status" data-bad={failed ? true : undefined}>
        {read.isPending
          ? SYNC.reading
          : failed
            ? SYNC.failed(failed.says, failed.advice)
            : oldest === null
              ? SYNC.never
              : SYNC.synced(ago(oldest, now))}
      </span>
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={read.isPending}
        onClick={() => read.mutate()}
      >
        {SYNC.read}
      </Button>
    </div>
  );
}
