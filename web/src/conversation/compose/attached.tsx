import { IconRefresh, IconX } from "@tabler/icons-react";
import { useCallback } from "react";
import { bytes } from "../../lib/words/time.ts";
import classes from "./compose.module.css";
import { FILE } from "./texts.ts";
import type { Attachment } from "./use-attachment.ts";

/** The file that goes with the next message, and how far its upload is. */
export function Attached({ attachment, onRemove }: { attachment: Attachment; onRemove: () => void }) {
  const { file, progress, media, problem } = attachment;
  return (
    <div className={classes["about"]} data-bad={problem !== null || undefined}>
      <Thumbnail file={file} />
      <span>
        <b dir="auto">{file.name}</b>
        <span role={problem ? "alert" : "status"}>
          {problem ?? (media ? FILE.ready(bytes(file.size)) : FILE.uploaded(Math.floor(progress * 100)))}
        </span>
        {!media && !problem && <progress value={progress} max={1} aria-label={FILE.progress} />}
      </span>
      {problem !== null && (
        <button type="button" aria-label={FILE.again} title={FILE.again} onClick={attachment.again}>
          <IconRefresh size={16} />
        </button>
      )}
      <button type="button" aria-label={FILE.remove} onClick={onRemove}>
        <IconX size={16} />
      </button>
    </div>
  );
}

/** What one is about to send, where a browser can show it. */
function Thumbnail({ file }: { file: File }) {
  const show = useCallback(
    (image: HTMLImageElement | null) => {
      if (!image) return;
      const url = URL.createObjectURL(file);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  return file.type.startsWith("image/") ? <img className={classes["thumbnail"]} ref={show} alt="" /> : null;
}
