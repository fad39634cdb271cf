import { Button } from "@mantine/core";
import { useState } from "react";
import classes from "./connections.module.css";
import { EditDialog } from "./edit-dialog.tsx";
import { Findings } from "./findings.tsx";
import type { Connection } from "./queries.ts";
import { RotateDialog } from "./rotate-dialog.tsx";
import { Step } from "./step.tsx";
import { CARD, GUIDE } from "./texts.ts";
import { useCheck } from "./use-check.ts";

/** What Meta says of all of it, with a way to correct what was entered. */
export function ConnectCheck({ connection }: { connection: Connection }) {
  const check = useCheck(connection);
  const [dialog, setDialog] = useState<"edit" | "rotate" | null>(null);
  const { findings } = connection;
  const done = findings !== null && findings.every(({ state }) => state !== "problem");
  return (
    <Step title={GUIDE.check} done={done}>
      <p>{GUIDE.check_text}</p>
      {findings !== null && <Findings findings={findings} />}
      <span className={classes["actions"]} data-start>
        <Button
          variant={done ? "default" : "filled"}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {findings === null ? CARD.check : GUIDE.check_again}
        </Button>
        <Button variant="default" onClick={() => setDialog("edit")}>
          {CARD.edit}
        </Button>
        <Button variant="default" onClick={() => setDialog("rotate")}>
          {CARD.rotate}
        </Button>
      </span>
      <EditDialog connection={connection} opened={dialog === "edit"} onClose={() => setDialog(null)} />
      <RotateDialog connection={connection} opened={dialog === "rotate"} onClose={() => setDialog(null)} />
    </Step>
  );
}
