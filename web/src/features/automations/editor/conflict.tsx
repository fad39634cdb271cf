import { Button } from "@mantine/core";
import { clockTime } from "../../../lib/words/time.ts";
import { CONFLICT } from "../flow-texts.ts";
import { type Automation, differenceOf, type Flow, type Names } from "../model/model.ts";
import { DifferenceList } from "../versions/versions.tsx";
import classes from "./editor.module.css";

/** Someone else has saved the draft: what theirs has that ours has not, and which of the two is to stay. */
export function Conflict({
  mine,
  theirs,
  names,
  onReload,
  onOverwrite,
}: {
  mine: Flow;
  theirs: Automation;
  names: Names;
  onReload: () => void;
  onOverwrite: () => void;
}) {
  return (
    <div className={classes["banner"]} data-tone="warn" role="alert">
      <b dir="auto">{theirs.saved_by ? CONFLICT.by(theirs.saved_by.name) : CONFLICT.title}</b>
      <p>{CONFLICT.text(clockTime(theirs.saved_at ?? theirs.updated_at))}</p>
      <details>
        <summary>{CONFLICT.differences}</summary>
        <DifferenceList
          difference={differenceOf(mine, theirs.flow)}
          before={mine}
          after={theirs.flow}
          names={names}
        />
      </details>
      <div>
        <Button size="xs" variant="default" title={CONFLICT.reload_hint} onClick={onReload}>
          {CONFLICT.reload}
        </Button>
        <Button size="xs" onClick={onOverwrite}>
          {CONFLICT.overwrite}
        </Button>
      </div>
    </div>
  );
}
