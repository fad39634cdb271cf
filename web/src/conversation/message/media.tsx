import { tableOf } from "../../lib/table-of.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../lib/server/action.ts";
import { IconCloudPause, IconDownload, IconRefresh } from "@tabler/icons-react";
import { type MouseEvent, Suspense, useRef, useState } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import { ApiProblem, call, wordsOf } from "../../lib/server/api.ts";
import { partOf, problemOf, text, typeLabel } from "../../lib/words/message.ts";
import { bytes } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Message } from "../../lib/types.ts";
import { RichText } from "../marks/rich-text.tsx";
import { Card } from "./cards.tsx";
import classes from "./media.module.css";
import { Player, playAlone, useSource } from "./player.tsx";
import { MEDIA } from "./texts.ts";

const Lightbox = lazyPart(() => import("./lightbox.tsx"), "Lightbox");

/** A file: shown or played where a browser can, else to be downloaded; or why it is not there. */
export function Media({ message, bare }: { message: Message; bare: boolean }) {
  const part = partOf(message);
  const filename = message.media?.filename ?? text(part["filename"]);
  return (
    <>
      <File message={message} filename={filename} bare={bare} />
      {message.text !== null && message.text !== "" && message.text !== filename && (
        <div className={classes["caption"]} dir="auto">
          <RichText text={message.text} />
        </div>
      )}
    </>
  );
}

interface FileProps {
  message: Message;
  filename: string | null;
  bare: boolean;
}

function File({ message, filename, bare }: FileProps) {
  const { media } = message;
  const type = message.type === "audio" && partOf(message)["voice"] === true ? "voice" : message.type;
  const [unplayable, setUnplayable] = useState(false);
  const label = typeLabel(type);
  const url = media?.url ?? null;
  if (url === null) return <Missing message={message} title={filename ?? label} type={type} bare={bare} />;
  if (type === "image") return <Picture message={message} url={url} />;
  if (type === "sticker")
    return <img className={classes["sticker"]} src={url} alt={message.text ?? label} loading="lazy" />;
  // What a browser can't play, as an old phone's recording, can still be had.
  const failed = () => setUnplayable(true);
  if (type === "video" && !unplayable) return <Video url={url} label={label} onError={failed} />;
  if ((type === "audio" || type === "voice") && !unplayable)
    return <Player url={url} label={label} voice={type === "voice"} onError={failed} />;
  return (
    <Card type={type} title={filename ?? label} lines={[kindOf(message, filename)]}>
      <a className={classes["link"]} href={url} download={filename ?? ""}>
        <IconDownload size={16} aria-hidden /> {MEDIA.download}
      </a>
    </Card>
  );
}

function Video({ url, label, onError }: { url: string; label: string; onError: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useSource(video, url);
  return (
    // What customers film has no captions.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    <video
      ref={video}
      className={classes["video"]}
      controls
      playsInline
      preload="metadata"
      aria-label={label}
      onPlay={playAlone}
      onError={onError}
    />
  );
}

/** A click opens it large; with a key held, or by the middle button, in a tab of its own. */
function Picture({ message, url }: { message: Message; url: string }) {
  const [large, setLarge] = useState(false);
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    setLarge(true);
  };
  const label = message.text || typeLabel(message.type);
  return (
    <>
      <a
        className={classes["picture"]}
        href={url}
        target="_blank"
        rel="noopener"
        aria-label={MEDIA.open(message.text)}
        onClick={open}
      >
        <img src={url} alt={label} loading="lazy" />
      </a>
      <Suspense>{large && <Lightbox message={message} onClose={() => setLarge(false)} />}</Suspense>
    </>
  );
}

/** It waits to be fetched from Meta, or could not be. */
function Missing({
  message,
  title,
  type,
  bare,
}: {
  message: Message;
  title: string;
  type: string;
  bare: boolean;
}) {
  const client = useQueryClient();
  const { media } = message;
  const retry = useAction({
    mutationFn: (id: string) => call("POST /api/v1/media/:id/retry", { params: { id } }),
    // Its answer may be older than what the live feed has told meanwhile, so the thread is read anew.
    onSettled: () => client.invalidateQueries({ queryKey: ["messages", message.conversation_id] }),
    onError: (error) => {
      const came = error instanceof ApiProblem && error.code === "MEDIA_STATE";
      if (!came) toast("bad", MEDIA.not_fetched, wordsOf(error));
    },
  });
  const kind = kindOf(message, title);
  if (bare) return <Card type={type} title={title} lines={[kind]} />;
  const problem = problemOf(message);
  const reason =
    media?.error ??
    (media?.state === "expired" ? MEDIA.expired : null) ??
    (media?.state === "pruned" ? MEDIA.pruned : null) ??
    (problem ? (text(problem["title"]) ?? MEDIA.failed) : null);
  const stuck = media !== null && (media.state !== "pending" || media.error !== null);
  return (
    <Card type={type} title={title} lines={[kind]}>
      {stuck || reason !== null ? (
        <>
          <span className={classes["waiting"]}>
            <IconCloudPause size={15} aria-hidden />
            {media?.state === "pending" ? MEDIA.not_yet : MEDIA.missing}
          </span>
          {reason !== null && <span>{reason}</span>}
          {media?.state === "pending" && <span>{MEDIA.again}</span>}
        </>
      ) : (
        media !== null && <span>{MEDIA.fetching}</span>
      )}
      {stuck && media.state !== "pruned" && (
        <button
          type="button"
          className={classes["link"]}
          disabled={retry.isPending}
          onClick={() => retry.mutate(media.id)}
        >
          <IconRefresh size={16} aria-hidden /> {MEDIA.try_now}
        </button>
      )}
    </Card>
  );
}

const KINDS = tableOf<string>({
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
  "application/octet-stream": "File",
  "text/plain": "Text",
});

/** `PDF · 1.5 kB`: what it is and how large, as far as it is known. */
function kindOf(message: Message, name: string | null): string | null {
  const { media } = message;
  const mime_type = (media?.mime_type ?? text(partOf(message)["mime_type"]))?.split(";")[0] ?? null;
  const ending = /\.(\w{1,5})$/.exec(name ?? "")?.[1]?.toUpperCase();
  const known = mime_type === null ? undefined : KINDS[mime_type];
  const subtype = mime_type?.split("/").at(-1)?.toUpperCase();
  const size = media?.size_bytes ?? null;
  const kind = known ?? ending ?? (subtype !== undefined && subtype.length <= 5 ? subtype : mime_type);
  return [kind, size === null ? null : bytes(size)].filter(Boolean).join(" · ") || null;
}
