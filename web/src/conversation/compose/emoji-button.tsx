import { ActionIcon } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { type RefObject, Suspense, useState } from "react";
import { nearPart } from "../../lib/page/chunks.ts";
import { Hint } from "../../ui/hint.tsx";
import classes from "./compose.module.css";
import { EMOJI } from "./texts.ts";

const Picker = nearPart(() => import("./emoji-picker.tsx"), "EmojiPicker");

/** Puts emoji where the cursor stands in the field. On touch screens the keyboard has them, and the field has the room. */
export function EmojiButton({
  input,
  onText,
}: {
  input: RefObject<HTMLTextAreaElement | null>;
  onText: (text: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const close = (had_focus: boolean) => {
    setOpen(false);
    if (had_focus) input.current?.focus();
  };
  const insert = (emoji: string) => {
    const field = input.current;
    if (!field || field.value.length + emoji.length > field.maxLength) return;
    field.setRangeText(emoji, field.selectionStart, field.selectionEnd, "end");
    onText(field.value);
  };
  return (
    <span className={classes["emoji"]}>
      <Hint label={EMOJI.open}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          radius="xl"
          aria-label={EMOJI.open}
          aria-haspopup="dialog"
          aria-expanded={open}
          onPointerEnter={() => void Picker.fetch()}
          onFocus={() => void Picker.fetch()}
          onClick={() => (open ? close(true) : setOpen(true))}
        >
          <IconMoodSmile size={21} stroke={1.7} />
        </ActionIcon>
      </Hint>
      {open && (
        <Suspense>
          <Picker.Part onChoose={insert} onClose={close} />
        </Suspense>
      )}
    </span>
  );
}
