import { tableOf } from "../../lib/table-of.ts";
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import classes from "./emoji-picker.module.css";
import { type Emoji, EMOJIS, findEmojis, recentEmojis, rememberEmoji } from "./emojis.ts";
import { EMOJI } from "./texts.ts";

/** Of the grid: the arrow keys move by it. */
const COLUMNS = 8;
const STEPS = tableOf<number>({
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -COLUMNS,
  ArrowDown: COLUMNS,
});

/** Emoji to write with, by group or by a word. It stays open for several; Esc or a press elsewhere closes it. */
export function EmojiPicker({
  onChoose,
  onClose,
}: {
  onChoose: (emoji: string) => void;
  /** Whether the focus is still in the picker, so that it has to go somewhere. */
  onClose: (had_focus: boolean) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState("");
  // Those of before it was opened: under the pointer nothing moves.
  const [recent] = useState(recentEmojis);
  const leave = useEffectEvent(() => onClose(false));
  useEffect(() => {
    // Inside of the wrapper is the button that opened it, which closes it by itself.
    const away = (event: Event) => {
      if (!box.current?.parentElement?.contains(event.target as Node)) leave();
    };
    const events = ["pointerdown", "focusin"] as const;
    for (const name of events) document.addEventListener(name, away);
    return () => {
      for (const name of events) document.removeEventListener(name, away);
    };
  }, []);
  const choose = ({ emoji }: Emoji) => {
    rememberEmoji(emoji);
    onChoose(emoji);
  };
  const found = search.trim() === "" ? null : findEmojis(search);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose(true);
      return;
    }
    const first = found?.[0];
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      if (first) choose(first);
      return;
    }
    if (box.current && moveFocus(box.current, event.target as Element, event.key)) event.preventDefault();
  };
  return (
    <div ref={box} className={classes["picker"]} role="dialog" aria-label={EMOJI.label} onKeyDown={keys}>
      <TextInput
        autoFocus
        aria-label={EMOJI.search}
        placeholder={EMOJI.search}
        leftSection={<IconSearch size={16} stroke={1.8} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <div className={classes["groups"]}>
        {found?.length === 0 && (
          <p className={classes["none"]} role="status">
            {EMOJI.none}
          </p>
        )}
        {found && found.length > 0 && <Grid emojis={found} onChoose={choose} />}
        {!found && recent.length > 0 && (
          <Group title={EMOJI.groups.recent} emojis={recent} onChoose={choose} />
        )}
        {!found &&
          EMOJIS.map(([group, emojis]) => (
            <Group key={group} title={EMOJI.groups[group]} emojis={emojis} onChoose={choose} />
          ))}
      </div>
    </div>
  );
}

interface GridProps {
  emojis: readonly Emoji[];
  onChoose: (emoji: Emoji) => void;
}

function Group({ title, ...props }: GridProps & { title: string }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <Grid {...props} />
    </section>
  );
}

function Grid({ emojis, onChoose }: GridProps) {
  return (
    <div className={classes["grid"]}>
      {emojis.map((each) => (
        <button
          key={each.emoji}
          type="button"
          aria-label={each.name}
          title={each.name}
          onClick={() => onChoose(each)}
        >
          {each.emoji}
        </button>
      ))}
    </div>
  );
}

/** Moves the focus among the emoji as an arrow key says; false where it is not to move. */
function moveFocus(box: Element, from: Element, key: string): boolean {
  const step = STEPS[key];
  if (step === undefined) return false;
  const buttons = [...box.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === from);
  // In the field, left and right are the cursor's.
  if (at < 0 && key !== "ArrowDown") return false;
  const to = at < 0 ? 0 : at + step;
  if (to < 0) box.querySelector("input")?.focus();
  else buttons[Math.min(to, buttons.length - 1)]?.focus();
  return true;
}
