import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDownload, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { call, wordsOf } from "../../lib/api.ts";
import { putMessage } from "../../lib/live-cache.ts";
import { list, partOf, text, typeLabel } from "../../lib/message.ts";
import { bytes } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { Message } from "../../lib/types.ts";
import { MessageIcon } from "../message-icon.tsx";
import { RichText } from "../rich-text.tsx";
import classes from "./message-body.module.css";

/** A file: shown or played where a browser can, else to be downloaded; or why it is not there. */
export function Media({ message }: { message: Message }) {
  const part = partOf(message);
  const filename = message.media?.filename ?? text(part["filename"]);
  return (
    <>
      <File message={message} filename={filename} />
      {message.text !== null && message.text !== "" && message.text !== filename && (
        <div className={classes["caption"]}>
          <RichText text={message.text} />
        </div>
      )}
    </>
  );
}

function File({ message, filename }: { message: Message; filename: string | null }) {
  const { media } = message;
  const type = message.type === "audio" && partOf(message)["voice"] === true ? "voice" : message.type;
  const label = typeLabel(type);
  const url = media?.url ?? null;
  if (media === null || url === null)
    return <Missing message={message} title={filename ?? label} type={type} />;
  if (type === "image" || type === "sticker") {
    return (
      <a
        className={classes["picture"]}
        data-type={type}
        href={url}
        target="_blank"
        rel="noopener"
        aria-label={`Open the ${label.toLowerCase()}`}
      >
        <img src={url} alt={message.text ?? label} loading="lazy" />
      </a>
    );
  }
  if (type === "video") {
    // What customers film has no captions.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    return <video className={classes["video"]} src={url} controls preload="metadata" aria-label={label} />;
  }
  if (type === "audio" || type === "voice") {
    return (
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      <audio className={classes["audio"]} src={url} controls preload="metadata" aria-label={label} />
    );
  }
  return (
    <Card type={type} title={filename ?? label} lines={[kindOf(media.mime_type, media.size_bytes)]}>
      <a className={classes["download"]} href={url} download={filename ?? ""}>
        <IconDownload size={16} aria-hidden /> Download
      </a>
    </Card>
  );
}

/** It waits to be fetched from Meta, or could not be. */
function Missing({ message, title, type }: { message: Message; title: string; type: string }) {
  const client = useQueryClient();
  const { media } = message;
  const retry = useMutation({
    mutationFn: (id: string) => call("POST /api/v1/media/:id/retry", { params: { id } }),
    onSuccess: (found) => putMessage(client, { ...message, media: found }),
    onError: (error) => toast("bad", "Not fetched", wordsOf(error)),
  });
  const problem = list(message.content["errors"])[0];
  const mime_type = media?.mime_type ?? text(partOf(message)["mime_type"]);
  return (
    <Card
      type={type}
      title={title}
      lines={[
        kindOf(mime_type, media?.size_bytes ?? null),
        problem ? (text(problem["title"]) ?? "WhatsApp could not fetch it") : null,
        media?.state === "pending" ? "Being fetched from WhatsApp" : null,
        media?.error ?? (media?.state === "expired" ? "WhatsApp no longer has it" : null),
      ]}
    >
      {media?.state === "failed" && (
        <button
          type="button"
          className={classes["download"]}
          disabled={retry.isPending}
          onClick={() => retry.mutate(media.id)}
        >
          <IconRefresh size={16} aria-hidden /> Retry
        </button>
      )}
    </Card>
  );
}

function kindOf(mime_type: string | null, size_bytes: number | null): string | null {
  const kind = mime_type?.split(";")[0] ?? null;
  return [kind, size_bytes === null ? null : bytes(size_bytes)].filter(Boolean).join(" · ") || null;
}

export function Card({
  type,
  title,
  lines,
  children,
}: {
  type: string;
  title: string;
  lines?: (string | null)[];
  children?: ReactNode;
}) {
  return (
    <div className={classes["card"]}>
      <span className={classes["icon"]}>
        <MessageIcon type={type} size={20} />
      </span>
      <div className={classes["facts"]}>
        <b>{title}</b>
        {lines?.map((line) => line && <span key={line}>{line}</span>)}
        {children}
      </div>
    </div>
  );
}
