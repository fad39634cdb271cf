import { useQueryClient } from "@tanstack/react-query";
import { IconChevronLeft, IconChevronRight, IconDownload, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { typeLabel } from "../../lib/words/message.ts";
import { messagesQuery } from "../../lib/server/queries.ts";
import { oldestFirst, type ThreadPages } from "../../lib/server/thread-pages.ts";
import { exactTime } from "../../lib/words/time.ts";
import type { Message } from "../../lib/types.ts";
import { RichText } from "../marks/rich-text.tsx";
import classes from "./lightbox.module.css";
import { LIGHTBOX } from "./texts.ts";

/** A photo as large as the window, and with it all photos of its thread: by the arrows, Home and End. */
export function Lightbox({ message, onClose }: { message: Message; onClose: () => void }) {
  const pictures = usePictures(message);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      pictures.findIndex(({ id }) => id === message.id),
    ),
  );
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const shown = pictures[at] ?? message;
  const last = pictures.length - 1;
  const go = (to: number) => setAt(Math.min(last, Math.max(0, to)));
  const keys = (event: KeyboardEvent) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const label = shown.text || typeLabel("image");
  // Outside of the bubble: what is done here is none of the thread's.
  return createPortal(
    <dialog
      ref={dialog}
      className={classes["lightbox"]}
      aria-label={LIGHTBOX.photo(at + 1, last + 1)}
      onClose={onClose}
      onKeyDown={keys}
      onClick={(event) => {
        if (!(event.target as Element).closest("img, button, a, p")) dialog.current?.close();
      }}
    >
      <header>
        <time dateTime={shown.sent_at}>{exactTime(shown.sent_at)}</time>
        <a href={shown.media?.url ?? ""} download aria-label={LIGHTBOX.download} title={LIGHTBOX.download}>
          <IconDownload size={21} stroke={1.8} />
        </a>
        <button
          type="button"
          aria-label={LIGHTBOX.close}
          title={LIGHTBOX.close}
          onClick={() => dialog.current?.close()}
        >
          <IconX size={22} stroke={1.8} />
        </button>
      </header>
      <img key={shown.id} src={shown.media?.url ?? ""} alt={label} />
      {shown.text && (
        <p>
          <RichText text={shown.text} />
        </p>
      )}
      {last > 0 && (
        <>
          <Turn to="left" disabled={at === 0} onClick={() => go(at - 1)} />
          <Turn to="right" disabled={at === last} onClick={() => go(at + 1)} />
        </>
      )}
    </dialog>,
    document.body,
  );
}

/** The photos of the message's thread, as they were when it was opened. */
function usePictures(message: Message): Message[] {
  const client = useQueryClient();
  const [pictures] = useState(() => {
    const { queryKey } = messagesQuery(message.conversation_id);
    // The present of the thread, or the stretch of its past in which it stands.
    const found = client
      .getQueriesData<ThreadPages>({ queryKey })
      .map(([, thread]) => oldestFirst(thread).filter(({ type, media }) => type === "image" && media?.url))
      .find((pictures) => pictures.some(({ id }) => id === message.id));
    return found ?? [message];
  });
  return pictures;
}

function Turn({ to, disabled, onClick }: { to: "left" | "right"; disabled: boolean; onClick: () => void }) {
  const Icon = to === "left" ? IconChevronLeft : IconChevronRight;
  return (
    <button
      type="button"
      data-to={to}
      aria-label={to === "left" ? LIGHTBOX.earlier : LIGHTBOX.later}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon size={26} />
    </button>
  );
}
