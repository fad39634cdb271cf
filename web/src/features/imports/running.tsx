import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Card } from "../../ui/page.tsx";
import { Progress } from "../../ui/progress.tsx";
import { Counts } from "./counts.tsx";
import classes from "./imports.module.css";
import { type Import, importQuery } from "./queries.ts";
import { RUN } from "./texts.ts";

/** While the live feed is away. */
const POLL_MS = 5_000;

/** How far an import is, live, and the way to stop it. */
export function Running({ imported }: { imported: Import }) {
  const { id, rows_done, rows_total, counts } = imported;
  const client = useQueryClient();
  useQuery({ ...importQuery(id), refetchInterval: POLL_MS });
  const [asked, setAsked] = useState(false);
  const cancel = useAction({
    mutationFn: () => call("POST /api/v1/imports/:id/cancel", { params: { id } }),
    onSuccess: (ended) => client.setQueryData(importQuery(id).queryKey, ended),
    onError: (error) => toast("bad", RUN.failed_cancel, wordsOf(error)),
    onSettled: () => setAsked(false),
  });
  return (
    <Card className={classes["block"]}>
      <div className={classes["progress"]}>
        <b>{RUN.done(rows_done, rows_total)}</b>
        <Progress label={RUN.progress} done={rows_done} total={rows_total} />
        <p className={classes["soft"]}>{RUN.leave}</p>
      </div>
      <Counts counts={counts} />
      <div>
        <Button variant="default" onClick={() => setAsked(true)}>
          {RUN.cancel}
        </Button>
      </div>
      <Confirm
        opened={asked}
        title={RUN.ask}
        yes={RUN.yes}
        no={RUN.no}
        danger
        loading={cancel.isPending}
        onYes={() => cancel.mutate()}
        onClose={() => setAsked(false)}
      >
        <p>{RUN.ask_text(rows_done)}</p>
      </Confirm>
    </Card>
  );
}
