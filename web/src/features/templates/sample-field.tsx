import { Button, Modal } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { Empty, Failure, Older } from "../../ui/page-state.tsx";
import { MessageIcon } from "../../conversation/marks/message-icon.tsx";
import classes from "./editor.module.css";
import { type FileKind, mediaQuery } from "./queries.ts";
import shared from "./templates.module.css";
import { EDITOR, MEDIA, OLDER, SAMPLE } from "./texts.ts";
import { UploadButton } from "./upload-button.tsx";

/** The file that Meta's reviewers see: one of the library, or a new one, which is in it from then on. */
export function SampleField({
  kind,
  media_id,
  error,
  put,
}: {
  kind: FileKind;
  media_id: string | null;
  error: string | undefined;
  put: (media_id: string) => void;
}) {
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <div className={classes["sample"]}>
        {media_id !== null && kind === "image" && (
          <img src={`/api/v1/media/${media_id}/content`} alt={EDITOR.header_kinds["IMAGE"]} />
        )}
        {media_id !== null && kind !== "image" && <MessageIcon type={kind} size={28} />}
        <Button variant="default" onClick={() => setChoosing(true)}>
          {media_id === null ? SAMPLE.choose(MEDIA.kinds[kind]) : SAMPLE.change}
        </Button>
        {media_id === null && <span className={classes["hint"]}>{SAMPLE.none}</span>}
      </div>
      {error && (
        <p className={classes["wrong"]} role="alert">
          {error}
        </p>
      )}
      {choosing && (
        <Library
          kind={kind}
          onClose={() => setChoosing(false)}
          onChoose={(id) => {
            put(id);
            setChoosing(false);
          }}
        />
      )}
    </>
  );
}

function Library({
  kind,
  onChoose,
  onClose,
}: {
  kind: FileKind;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const query = useInfiniteQuery(mediaQuery(kind));
  const files = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Modal opened onClose={onClose} title={SAMPLE.title} size={640}>
      <UploadButton kind={kind} onUploaded={(file) => onChoose(file.id)} />
      {query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : files.length === 0 && !query.isPending ? (
        <Empty icon={<IconUpload size={26} stroke={1.6} />} title={SAMPLE.empty} />
      ) : (
        <ul className={shared["files"]}>
          {files.map((file) => (
            <li key={file.id}>
              <button type="button" className={shared["fileCard"]} onClick={() => onChoose(file.id)}>
                {kind === "image" ? (
                  <img src={file.url} alt="" loading="lazy" />
                ) : (
                  <span className={shared["thumb"]}>
                    <MessageIcon type={kind} size={30} />
                  </span>
                )}
                <b dir="auto">{file.name}</b>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Older query={query}>{OLDER}</Older>
    </Modal>
  );
}
