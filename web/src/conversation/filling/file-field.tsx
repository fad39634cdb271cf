import { Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { MessageIcon } from "../marks/message-icon.tsx";
import { wordsOf } from "../../lib/server/api.ts";
import { upload } from "../../lib/server/upload.ts";
import { toast } from "../../lib/page/toast.ts";
import { bytes } from "../../lib/words/time.ts";
import common from "../../ui/form-blocks.module.css";
import { filesQuery, type LibraryFile } from "./library-queries.ts";
import { ChooseDialog } from "./choose-dialog.tsx";
import { FILES } from "./texts.ts";
import type { PlaceProps } from "./place-props.ts";

const ACCEPTED = { image: "image/jpeg,image/png", video: "video/mp4", document: "application/pdf" };

/** The file of a header: one of the library, or one that is added to it here. */
export function FileField({ kind, variable, set }: PlaceProps & { kind: LibraryFile["kind"] }) {
  const [choosing, setChoosing] = useState(false);
  const { data } = useInfiniteQuery(filesQuery(kind));
  const files = data?.pages.flatMap((page) => page.data);
  const media_id = variable?.from === "media" ? variable.media_id : null;
  const file = files?.find(({ id }) => id === media_id);
  return (
    <div className={common["line"]}>
      <div className={common["chosen"]}>
        {media_id === null ? (
          <small>{FILES.none[kind]}</small>
        ) : (
          <>
            <b dir="auto">{file?.name ?? FILES.chosen[kind]}</b>
            {file && <small>{bytes(file.size_bytes)}</small>}
          </>
        )}
      </div>
      <Upload kind={kind} onUploaded={({ id }) => set({ from: "media", media_id: id })} />
      <Button variant={media_id === null ? "filled" : "default"} onClick={() => setChoosing(true)}>
        {media_id === null ? FILES.choose : FILES.change}
      </Button>
      {choosing && (
        <FileDialog
          files={files}
          onChoose={(id) => {
            set({ from: "media", media_id: id });
            setChoosing(false);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  );
}

function FileDialog({
  files,
  onChoose,
  onClose,
}: {
  files: readonly LibraryFile[] | undefined;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  return (
    <ChooseDialog
      title={FILES.library}
      label={FILES.search}
      search={search}
      setSearch={setSearch}
      choices={files
        ?.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
        .map(({ id, name, kind, size_bytes }) => ({
          id,
          title: name,
          text: bytes(size_bytes),
          aside: <MessageIcon type={kind} size={18} />,
        }))}
      empty={FILES.empty}
      onChoose={onChoose}
      onClose={onClose}
    />
  );
}

function Upload({
  kind,
  onUploaded,
}: {
  kind: LibraryFile["kind"];
  onUploaded: (file: LibraryFile) => void;
}) {
  const client = useQueryClient();
  const chooser = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const send = (file: File) => {
    setProgress(0);
    void upload("/api/v1/template_media", file, setProgress, new AbortController().signal)
      .then((added) => {
        void client.invalidateQueries({ queryKey: ["template-media"] });
        return onUploaded(added);
      })
      .catch((error: Error) => toast("bad", FILES.failed, wordsOf(error)))
      .finally(() => setProgress(null));
  };
  return (
    <>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={ACCEPTED[kind]}
        aria-label={FILES.upload}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) send(file);
          event.currentTarget.value = "";
        }}
      />
      <Button variant="default" disabled={progress !== null} onClick={() => chooser.current?.click()}>
        {progress === null ? FILES.upload : FILES.uploading(Math.round(progress * 100))}
      </Button>
    </>
  );
}
