import { Button } from "@mantine/core";
import { useState } from "react";
import { BULK } from "../activity-texts.ts";
import type { Run, RunState, RunVerb } from "../model/model.ts";
import classes from "./activity.module.css";
import { VerbDialog } from "./verb-dialog.tsx";

const VERBS: Partial<Record<RunState, RunVerb[]>> = {
  ACTIVE: ["move", "cancel"],
  PAUSED: ["resume", "move", "cancel"],
  FAILED: ["retry"],
};

/** What can be done for one person. */
export function Actions({ run }: { run: Run }) {
  const [asked, ask] = useState<RunVerb | null>(null);
  const verbs = VERBS[run.state] ?? [];
  if (verbs.length === 0) return null;
  return (
    <div className={classes["verbs"]}>
      {verbs.map((verb) => (
        <Button key={verb} size="xs" variant="default" onClick={() => ask(verb)}>
          {BULK.verbs[verb].button}
        </Button>
      ))}
      {asked && (
        <VerbDialog
          automation_id={run.automation_id}
          verb={asked}
          choice={{ ids: [run.id] }}
          onClose={() => ask(null)}
        />
      )}
    </div>
  );
}
