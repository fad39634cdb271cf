import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { upload } from "../../lib/server/upload.ts";
import type { FileKind, LibraryFile } from "./queries.ts";
import { MEDIA, SAMPLE } from "./texts.ts";

const ACCEPTED = { image: "image/jpeg,image/png", video: "video/mp4", document: "application/pdf" };

/** Adds a file to the library. */
export function UploadButton({
  kind,
  onUploaded,
}: {
  kind?: FileKind;
  onUploaded?: (file: LibraryFile) => void;
}) {
  const client = useQueryClient();
  const chooser = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const send = (file: File) => {
    setProgress(0);
    void upload("/api/v1/template_media", file, setProgress, new AbortController().signal)
      .then((added) => {
        void client.invalidateQueries({ queryKey: ["template-media"] });
        return onUploaded?.(added);
      })
      .catch((error: Error) => toast("bad", SAMPLE.failed, wordsOf(error)))
      .finally(() => setProgress(null));
  };
  return (
    <>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={kind ? ACCEPTED[kind] : Object.values(ACCEPTED).join(",")}
        aria-label={MEDIA.upload}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) send(file);
          event.currentTarget.value = "";
        }}
      />
      <Button
        leftSection={<IconUpload size={16} aria-hidden />}
        loading={progress === 1}
        disabled={progress !== null}
        onClick={() => chooser.current?.click()}
      >
        {progress === null ? MEDIA.upload : SAMPLE.uploading(Math.round(progress * 100))}
      </Button>
    </>
  );
}
