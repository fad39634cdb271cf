import { IconMicrophone, IconMusic, IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { type RefObject, type SyntheticEvent, useLayoutEffect, useRef, useState } from "react";
import classes from "./player.module.css";
import { PLAYER } from "./texts.ts";

const SPEEDS = [1, 1.5, 2];

/** One thing is heard at a time. */
export function playAlone({ currentTarget }: SyntheticEvent<HTMLMediaElement>): void {
  for (const other of document.querySelectorAll<HTMLMediaElement>("audio, video"))
    if (other !== currentTarget) other.pause();
}

/** What a file tells before its element is on the page reaches no listener, so it gets the file only then. */
export function useSource(element: RefObject<HTMLMediaElement | null>, url: string): void {
  useLayoutEffect(() => {
    element.current?.setAttribute("src", url);
  }, [element, url]);
}

/** A voice note, or a recording that was attached: as messengers play them. */
export function Player({
  url,
  label,
  voice,
  onError,
}: {
  url: string;
  label: string;
  voice: boolean;
  onError: () => void;
}) {
  const audio = useRef<HTMLAudioElement>(null);
  useSource(audio, url);
  const [playing, setPlaying] = useState(false);
  const [time_s, setTime] = useState(0);
  const [length_s, setLength] = useState(0);
  const [speed, setSpeed] = useState(1);
  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) element.pause();
    // That it can't be played is told by its `error` event.
    else element.play().catch(() => undefined);
  };
  const Kind = voice ? IconMicrophone : IconMusic;
  return (
    <div className={classes["player"]} role="group" aria-label={label}>
      <button
        type="button"
        className={classes["play"]}
        aria-label={playing ? PLAYER.pause : PLAYER.play}
        onClick={toggle}
      >
        {playing ? <IconPlayerPauseFilled size={20} /> : <IconPlayerPlayFilled size={20} />}
      </button>
      <span className={classes["track"]}>
        <Position
          time_s={time_s}
          length_s={length_s}
          onChange={(to_s) => {
            if (audio.current) audio.current.currentTime = to_s;
            setTime(to_s);
          }}
        />
        <small>
          <Kind size={13} stroke={2} aria-hidden />
          {clock(playing || time_s > 0 ? time_s : length_s)}
        </small>
      </span>
      <Speed
        speed={speed}
        onChange={(next) => {
          if (audio.current) audio.current.playbackRate = next;
          setSpeed(next);
        }}
      />
      {/* What customers say has no captions. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio
        ref={audio}
        preload="metadata"
        onPlay={(event) => {
          playAlone(event);
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onTimeUpdate={({ currentTarget }) => setTime(currentTarget.currentTime)}
        onDurationChange={({ currentTarget: { duration } }) =>
          setLength(Number.isFinite(duration) ? duration : 0)
        }
        onEnded={() => setTime(0)}
        onError={onError}
      />
    </div>
  );
}

/** Where in it one is, to be seen and to be moved. */
function Position({
  time_s,
  length_s,
  onChange,
}: {
  time_s: number;
  /** 0 until it is known. */
  length_s: number;
  onChange: (to_s: number) => void;
}) {
  return (
    <input
      type="range"
      aria-label={PLAYER.position}
      aria-valuetext={PLAYER.at(clock(time_s), clock(length_s))}
      min={0}
      max={length_s || 1}
      disabled={length_s === 0}
      step={0.05}
      value={time_s}
      style={{ "--part": length_s === 0 ? 0 : time_s / length_s } as React.CSSProperties}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    />
  );
}

function Speed({ speed, onChange }: { speed: number; onChange: (next: number) => void }) {
  return (
    <button
      type="button"
      className={classes["speed"]}
      aria-label={PLAYER.speed(speed)}
      onClick={() => onChange(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1)}
    >
      {speed}×
    </button>
  );
}

/** `0:07` */
const clock = (length_s: number): string =>
  `${Math.floor(length_s / 60)}:${String(Math.floor(length_s % 60)).padStart(2, "0")}`;
