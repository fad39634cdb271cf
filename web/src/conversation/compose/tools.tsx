import { ActionIcon } from "@mantine/core";
import { IconLayoutList, IconPaperclip, IconTemplate, type TablerIcon } from "@tabler/icons-react";
import { type RefObject, useRef } from "react";
import { Hint } from "../../ui/hint.tsx";
import classes from "./compose.module.css";
import { EmojiButton } from "./emoji-button.tsx";
import { COMPOSER } from "./texts.ts";

/** Beside the field: emojis, a file, a template, a question with answers. */
export function Tools({
  input,
  is_group,
  onText,
  onFile,
  onDialog,
}: {
  input: RefObject<HTMLTextAreaElement | null>;
  /** Groups take no questions with answers. */
  is_group: boolean;
  onText: (text: string) => void;
  onFile: (file: File) => void;
  onDialog: (dialog: "template" | "choices") => void;
}) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <div className={classes["tools"]}>
      <EmojiButton input={input} onText={onText} />
      <input
        ref={chooser}
        type="file"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
          event.currentTarget.value = "";
          input.current?.focus();
        }}
      />
      <Tool label={COMPOSER.attach} icon={IconPaperclip} onClick={() => chooser.current?.click()} />
      <Tool label={COMPOSER.template} icon={IconTemplate} onClick={() => onDialog("template")} />
      {!is_group && (
        <Tool label={COMPOSER.choices} icon={IconLayoutList} onClick={() => onDialog("choices")} />
      )}
    </div>
  );
}

function Tool({ label, icon: Icon, onClick }: { label: string; icon: TablerIcon; onClick: () => void }) {
  return (
    <Hint label={label}>
      <ActionIcon variant="subtle" color="gray" size={40} radius="xl" aria-label={label} onClick={onClick}>
        <Icon size={21} stroke={1.7} />
      </ActionIcon>
    </Hint>
  );
}
