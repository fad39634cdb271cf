import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle } from "@tabler/icons-react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { Card } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./imports.module.css";
import { PreviewRow } from "./preview-row.tsx";
import { type Import, importQuery, previewQuery } from "./queries.ts";
import { CHECK } from "./texts.ts";

/** The last step: what is still to be decided, the first rows as they will be, and the start. */
export function CheckStep({ imported, saving }: { imported: Import; saving: boolean }) {
  const { id, problems, rows_total } = imported;
  const client = useQueryClient();
  const start = useAction({
    mutationFn: () => call("POST /api/v1/imports/:id/start", { params: { id } }),
    onSuccess: (started) => client.setQueryData(importQuery(id).queryKey, started),
    onError: (error) => {
      toast("bad", CHECK.not_started, wordsOf(error));
      void client.invalidateQueries({ queryKey: importQuery(id).queryKey });
    },
  });
  return (
    <>
      {problems.length > 0 && (
        <Card className={classes["problems"]} role="alert">
          <IconAlertTriangle size={20} aria-hidden />
          <div>
            <b>{CHECK.decide}</b>
            <ul>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </div>
        </Card>
      )}
      <Card>{saving ? <Trying /> : <PreviewRows imported={imported} />}</Card>
      <div className={classes["start"]}>
        <Button
          size="md"
          disabled={problems.length > 0 || saving}
          loading={start.isPending}
          onClick={() => start.mutate()}
        >
          {CHECK.start(rows_total)}
        </Button>
      </div>
    </>
  );
}

function PreviewRows({ imported: { id, rows_total } }: { imported: Import }) {
  const { data: preview, isError, error, refetch } = useQuery(previewQuery(id));
  if (isError) return <Failure error={error} retry={() => void refetch()} />;
  if (!preview) return <Trying />;
  return (
    <>
      <header className={classes["cardLead"]}>
        <b>{CHECK.preview}</b>
        <span className={classes["soft"]}>{CHECK.preview_text(preview.rows.length, rows_total)}</span>
        {preview.counts.kept_opted_out > 0 && (
          <span className={classes["soft"]}>{CHECK.kept(preview.counts.kept_opted_out)}</span>
        )}
      </header>
      <ul className={classes["rows"]}>
        {preview.rows.map((row) => (
          <PreviewRow key={row.line} row={row} />
        ))}
      </ul>
    </>
  );
}

const Trying = () => (
  <div role="status" aria-busy aria-label={CHECK.loading} className={classes["skeletons"]}>
    {Array.from({ length: 5 }, (_, index) => (
      <Skeleton key={index} h={40} radius={10} />
    ))}
  </div>
);
