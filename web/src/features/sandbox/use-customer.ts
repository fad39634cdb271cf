import { useState } from "react";
import { useAttachment } from "../../conversation/compose/use-attachment.ts";
import { AD, isTold, type Play, withCaption } from "./plays.ts";

export type Writing = { kind: "new" } | { kind: "reply" | "edit"; wamid: string; text: string };

/** What goes along with the next message. */
export interface Along {
  forwarded: boolean;
  referral: boolean;
}

const NOTHING: Along = { forwarded: false, referral: false };

/** What the customer writes, with what goes along with it, and what becomes a message then. */
export function useCustomer(onSend: (play: Play, file?: File) => void) {
  const [text, setText] = useState("");
  /** What was being written when an edit began. */
  const [kept, setKept] = useState("");
  const [writing, setWriting] = useState<Writing>({ kind: "new" });
  const [along, setAlong] = useState(NOTHING);
  const { attachment, attach, detach } = useAttachment("/api/v1/sandbox/media");

  const play = (each: Play) => {
    const reply = writing.kind === "reply" && isTold(each) && !along.forwarded;
    const told = isTold(each);
    const file =
      attachment?.media && (each.image ?? each.video ?? each.audio ?? each.document ?? each.sticker);
    const own = file && "id" in file && file.id === attachment?.media?.id ? attachment : null;
    if (each.edit) setText(kept);
    setWriting({ kind: "new" });
    if (told) setAlong(NOTHING);
    if (own) detach();
    onSend(
      {
        ...(reply ? { context_wamid: writing.wamid } : {}),
        ...(told && along.forwarded ? { forwarded: true } : {}),
        ...(told && along.referral ? { referral: AD } : {}),
        ...each,
      },
      own?.file,
    );
  };
  /** What was written goes along as the caption, where there can be one. */
  const share = (each: Play) => {
    const captioned = withCaption(each, text.trim());
    if (captioned !== null && captioned !== each) setText("");
    play(captioned ?? each);
  };
  const write = (next: Writing) => {
    if (next.kind === "edit") {
      if (writing.kind !== "edit") setKept(text);
      setText(next.text);
    } else if (writing.kind === "edit") setText(kept);
    setWriting(next);
  };
  return { text, setText, writing, write, along, setAlong, attachment, attach, detach, play, share };
}

export type Customer = ReturnType<typeof useCustomer>;
