import {
  IconFileText,
  IconPhone,
  IconPhoneIncoming,
  IconPhoneOutgoing,
  IconPhoneX,
} from "@tabler/icons-react";
import type { Message } from "../../lib/types.ts";
import classes from "./call.module.css";
import { Player } from "./player.tsx";
import { CALL } from "./texts.ts";

type Call = NonNullable<Message["call"]>;

const ENDED_BADLY: ReadonlySet<Call["result"]> = new Set(["missed", "rejected", "failed"]);

/** A call, as WhatsApp shows one: how it went, and what was recorded or written down of it. */
export function CallCard({ message, call }: { message: Message; call: Call }) {
  const ours = message.direction === "OUTBOUND";
  const bad = ENDED_BADLY.has(call.result);
  const Icon = bad
    ? IconPhoneX
    : call.result === "answered"
      ? IconPhone
      : ours
        ? IconPhoneOutgoing
        : IconPhoneIncoming;
  const missed = bad && !ours;
  return (
    <div className={classes["call"]}>
      <span className={classes["icon"]} data-missed={missed || undefined}>
        <Icon size={20} stroke={1.8} aria-hidden />
      </span>
      <div className={classes["words"]}>
        <b>{message.text}</b>
        <span>{hintOf(call, ours)}</span>
      </div>
      <Recording recording={call.recording} />
      <Transcript transcription={call.transcription} />
    </div>
  );
}

function hintOf({ result }: Call, ours: boolean): string {
  if (result === "ringing") return ours ? CALL.ringing : CALL.maybe_ringing;
  if (result === "ongoing") return CALL.ongoing;
  if (result === "missed" && !ours) return CALL.missed;
  return ours ? CALL.ours : CALL.theirs;
}

function Recording({ recording }: Pick<Call, "recording">) {
  if (recording === null) return null;
  if (recording.url !== null)
    return (
      <div className={classes["recording"]}>
        <Player url={recording.url} label={CALL.recording} voice={false} onError={() => {}} />
      </div>
    );
  return <p className={classes["note"]}>{waitingFor("recording", recording)}</p>;
}

function Transcript({ transcription }: Pick<Call, "transcription">) {
  if (transcription === null) return null;
  if (transcription.url === null)
    return <p className={classes["note"]}>{waitingFor("transcript", transcription)}</p>;
  return (
    <a className={classes["transcript"]} href={transcription.url} download="transcript.json">
      <IconFileText size={16} stroke={1.7} aria-hidden /> {CALL.transcript}
    </a>
  );
}

function waitingFor(what: string, file: NonNullable<Call["recording"]>): string {
  return file.state === "pending" ? CALL.fetching(what) : CALL.unavailable(what, file.error);
}
