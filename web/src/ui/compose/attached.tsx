import { IconX } from "@tabler/icons-react";
import { bytes } from "../../lib/time.ts";
import classes from "./compose.module.css";
import type { Attachment } from "./use-attachment.ts";

/** The file that goes with the next message, and how far its upload is. */
export function Attached({ attachment, onRemove }: { attachment: Attachment; onRemove: () => void }) {
  const { file, progress, media, problem } = attachment;
  return (
    <div className={classes["about"]} data-bad={problem !== null || undefined}>
      <span>
        <b>{file.name}</b>
        <span role={problem ? "alert" : "status"}>
          {problem ??
            (media ? `${bytes(file.size)} · ready to send` : `${Math.floor(progress * 100)} % uploaded`)}
        </span>
        {!media && !problem && <progress value={progress} max={1} aria-label="Uploaded" />}
      </span>
      <button type="button" aria-label="Remove the file" onClick={onRemove}>
        <IconX size={16} />
      </button>
    </div>
  );
}
