import { CloseButton } from "@mantine/core";
import type { NodeProps } from "@xyflow/react";
import { CANVAS } from "../flow-texts.ts";
import { changeNote, remove } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import classes from "./canvas.module.css";
import type { NoteElement } from "./elements.ts";

/** Words that stay on the canvas, for those who draw. */
export function NoteNode({ data: { note } }: NodeProps<NoteElement>) {
  const { flow, put } = useDrawing();
  return (
    <div className={classes["note"]}>
      <textarea
        className="nodrag nowheel"
        dir="auto"
        aria-label={CANVAS.note_label}
        placeholder={CANVAS.note_hint}
        maxLength={2_000}
        value={note.text}
        onChange={({ currentTarget: { value } }) => put(changeNote(flow, note.id, value), `note ${note.id}`)}
      />
      <CloseButton
        size="xs"
        className="nodrag"
        aria-label={CANVAS.remove_note}
        onClick={() => put(remove(flow, new Set([note.id])))}
      />
    </div>
  );
}
