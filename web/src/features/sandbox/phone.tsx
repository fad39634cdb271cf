import { useCallbackRef } from "@mantine/hooks";
import { IconBatteryFilled, IconBuildingStore, IconDownload, IconWifi } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { call, wordsOf } from "../../lib/server/api.ts";
import type { Offer } from "../../conversation/model/offers.ts";
import { withPlus } from "../../conversation/model/people.ts";
import { clockTime } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Message, Persona, Sandbox } from "../../lib/types.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { useAttachment } from "../../conversation/compose/use-attachment.ts";
import { CallSheet, ListSheet, NumberSheet } from "./answer-sheets.tsx";
import { AttachSheet } from "./attach-sheet.tsx";
import { Chat } from "./chat.tsx";
import { Composer, type Writing } from "./composer.tsx";
import { FlowSheet } from "./flow-sheet.tsx";
import { type Along, MoreSheet } from "./more-sheet.tsx";
import classes from "./phone.module.css";
import { AD, isTold, orderOf, ownCard, type Play, withCaption } from "./plays.ts";
import { texts } from "./texts.ts";
import type { Delivery } from "./use-sandbox.ts";
import { PLACE } from "./sample-texts.ts";

/** What lies over the lower part of the screen. */
type Open =
  | { sheet: "share" | "more" | "number" }
  | { sheet: "list"; wamid: string; offer: Extract<Offer, { kind: "list" }> }
  | { sheet: "flow"; wamid: string; offer: Extract<Offer, { kind: "flow" }> }
  | { sheet: "call"; wamid: string };

const NOTHING: Along = { forwarded: false, referral: false };
const LIMIT_BYTES = 100 * 1024 * 1024;

export function Phone({
  persona,
  number,
  messages,
  deliveries,
  loading,
  onSend,
  onAgain,
}: {
  persona: Persona;
  number: Sandbox["numbers"][number];
  messages: Message[];
  deliveries: ReadonlyMap<string, { key: string; delivery: Delivery }>;
  loading: boolean;
  /** With the file, where it is one of one's own. */
  onSend: (play: Play, file?: File) => void;
  onAgain: (key: string) => void;
}) {
  const now = useNow();
  const [text, setText] = useState("");
  /** What was being written when an edit began. */
  const [kept, setKept] = useState("");
  const [writing, setWriting] = useState<Writing>({ kind: "new" });
  const [along, setAlong] = useState(NOTHING);
  const [open, setOpen] = useState<Open | null>(null);
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const { attachment, attach, detach } = useAttachment("/api/v1/sandbox/media");
  const close = () => setOpen(null);

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
  const answer = (context_wamid: string) => (each: Play) => play({ ...each, context_wamid });
  const tap = (message: Message, offer: Offer) => {
    const { wamid } = message;
    if (wamid === null) return;
    switch (offer.kind) {
      case "button_reply":
        return answer(wamid)({ button_reply: { id: offer.id, title: offer.title } });
      case "button":
        return answer(wamid)({ button: { payload: offer.payload, text: offer.title } });
      case "location":
        return answer(wamid)({ location: PLACE });
      case "contact":
        return answer(wamid)(ownCard(persona));
      case "order":
        return answer(wamid)(orderOf(offer));
      case "call_permission":
        return setOpen({ sheet: "call", wamid });
      case "list":
        return setOpen({ sheet: "list", wamid, offer });
      case "flow":
        return setOpen({ sheet: "flow", wamid, offer });
      default:
    }
  };
  const take = (files: FileList | null | undefined) => {
    const [file] = files ?? [];
    if (!file) return;
    setOpen(null);
    if (writing.kind === "edit") write({ kind: "new" });
    if (file.size > LIMIT_BYTES) toast("bad", texts.too_large.title, texts.too_large.message);
    else attach(file);
  };
  // The same at each drawing.
  const said = {
    onPlay: useCallbackRef(play),
    onTap: useCallbackRef(tap),
    onWrite: useCallbackRef(write),
    onAgain: useCallbackRef(onAgain),
  };
  const outage = () => {
    call("POST /api/v1/sandbox/simulator/steps", { body: { outage: 60, of: "media" } }).then(
      () => toast("good", texts.files_out.title, texts.files_out.message),
      (error: Error) => toast("bad", texts.not_done, wordsOf(error)),
    );
  };
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(event.type === "dragenter" || event.type === "dragover");
  };
  return (
    <section
      className={classes["phone"]}
      aria-label={texts.phone}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        take(event.clipboardData.files);
      }}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={(event) =>
        !event.currentTarget.contains(event.relatedTarget as Node | null) && drag(event)
      }
      onDrop={(event) => {
        drag(event);
        take(event.dataTransfer.files);
      }}
    >
      <input
        ref={chooser}
        type="file"
        hidden
        data-testid="phone-file"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
      <div className={classes["screen"]}>
        <div className={classes["status"]} aria-hidden>
          <span>{clockTime(new Date(now).toISOString())}</span>
          <i />
          <span>
            <IconWifi size={15} />
            <IconBatteryFilled size={17} />
          </span>
        </div>
        <div className={classes["top"]}>
          <span className={classes["shop"]}>
            <IconBuildingStore size={20} stroke={1.7} aria-hidden />
          </span>
          <div>
            <b>{texts.business}</b>
            <span>{withPlus(number.display_phone_number)}</span>
          </div>
        </div>
        <Chat messages={messages} deliveries={deliveries} loading={loading} inert={open !== null} {...said} />
        <Composer
          text={text}
          writing={writing}
          attachment={attachment}
          along={along}
          inert={open !== null}
          onText={setText}
          onCancel={() => write({ kind: "new" })}
          onDetach={detach}
          onAlong={setAlong}
          onShare={() => setOpen({ sheet: "share" })}
          onPlay={play}
        />
        {open?.sheet === "share" && (
          <AttachSheet
            onPlay={share}
            onChoose={() => chooser.current?.click()}
            onMore={() => setOpen({ sheet: "more" })}
            onClose={close}
          />
        )}
        {open?.sheet === "more" && (
          <MoreSheet
            along={along}
            onAlong={setAlong}
            onPlay={play}
            onNumber={() => setOpen({ sheet: "number" })}
            onOutage={outage}
            onClose={close}
          />
        )}
        {open?.sheet === "number" && <NumberSheet persona={persona} onPlay={play} onClose={close} />}
        {open?.sheet === "list" && (
          <ListSheet offer={open.offer} onPlay={answer(open.wamid)} onClose={close} />
        )}
        {open?.sheet === "call" && <CallSheet onPlay={answer(open.wamid)} onClose={close} />}
        {open?.sheet === "flow" && (
          <FlowSheet offer={open.offer} name={persona.name} onPlay={answer(open.wamid)} onClose={close} />
        )}
        {over && (
          <div className={classes["drop"]}>
            <IconDownload size={30} stroke={1.6} aria-hidden />
            {texts.drop}
          </div>
        )}
      </div>
    </section>
  );
}
