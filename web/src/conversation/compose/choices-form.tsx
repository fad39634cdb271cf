import { ActionIcon, Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Outgoing } from "../../lib/types.ts";
import { KeepingModal } from "./keeping-modal.tsx";
import classes from "./compose.module.css";
import { CHOICES } from "./texts.ts";

/** Meta's limits: how many choices there may be, and how long each. */
const KINDS = {
  buttons: { label: CHOICES.buttons, most: 3, length: 20 },
  list: { label: CHOICES.list, most: 10, length: 24 },
} as const;
type Kind = keyof typeof KINDS;

/** A question with answers to tap on. */
export function ChoicesForm({
  onClose,
  onSend,
}: {
  onClose: () => void;
  onSend: (content: Outgoing, text: string) => void;
}) {
  const [kind, setKind] = useState<Kind>("buttons");
  const [body, setBody] = useState("");
  const [opener, setOpener] = useState<string>(CHOICES.opener_default);
  const [choices, setChoices] = useState(["", ""]);
  const { most, length } = KINDS[kind];
  const titles = choices.map((each) => each.trim()).filter((each) => each !== "");
  const twice = new Set(titles).size < titles.length;
  const ready =
    body.trim() !== "" && titles.length > 0 && !twice && (kind === "buttons" || opener.trim() !== "");
  return (
    <KeepingModal
      size={480}
      title={CHOICES.title}
      filled={body.trim() !== "" || titles.length > 0}
      onClose={onClose}
    >
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onSend(contentOf(kind, body.trim(), opener.trim(), titles), body.trim());
        }}
      >
        <KindChoice
          kind={kind}
          onChange={(value) => {
            setKind(value);
            const next = KINDS[value];
            setChoices((now) => now.slice(0, next.most).map((each) => each.slice(0, next.length)));
          }}
        />
        <TextInput
          data-autofocus
          label={CHOICES.question}
          dir="auto"
          maxLength={1024}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        {kind === "list" && (
          <TextInput
            label={CHOICES.opener}
            dir="auto"
            maxLength={20}
            value={opener}
            onChange={(event) => setOpener(event.currentTarget.value)}
          />
        )}
        <Answers choices={choices} titles={titles} most_characters={length} onChange={setChoices} />
        <div className={classes["buttons"]}>
          {choices.length < most && (
            <Button
              variant="subtle"
              leftSection={<IconPlus size={16} />}
              onClick={() => setChoices((now) => [...now, ""])}
            >
              {CHOICES.another}
            </Button>
          )}
          <Button type="submit" disabled={!ready}>
            {CHOICES.send}
          </Button>
        </div>
      </form>
    </KeepingModal>
  );
}

function contentOf(kind: Kind, body: string, opener: string, titles: readonly string[]): Outgoing {
  // What comes back when one is tapped is its title, so the id need only tell them apart.
  const options = titles.map((title, index) => ({ id: `choice-${index + 1}`, title }));
  return kind === "buttons"
    ? { type: "buttons", body, buttons: options }
    : { type: "list", body, button: opener, sections: [{ rows: options }] };
}

function KindChoice({ kind, onChange }: { kind: Kind; onChange: (kind: Kind) => void }) {
  return (
    <SegmentedControl
      fullWidth
      aria-label={CHOICES.as}
      data={[
        { value: "buttons", label: KINDS.buttons.label },
        { value: "list", label: KINDS.list.label },
      ]}
      value={kind}
      onChange={onChange}
    />
  );
}

function Answers({
  choices,
  titles,
  most_characters,
  onChange,
}: {
  choices: readonly string[];
  /** Those of them that say something. */
  titles: readonly string[];
  most_characters: number;
  onChange: (change: (now: string[]) => string[]) => void;
}) {
  return choices.map((choice, index) => {
    const title = choice.trim();
    const twice = titles.indexOf(title) !== titles.lastIndexOf(title);
    return (
      <TextInput
        // They have no identity but their place.
        key={index}
        label={CHOICES.answer(index + 1)}
        dir="auto"
        maxLength={most_characters}
        value={choice}
        error={twice && CHOICES.twice}
        rightSection={
          choices.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={CHOICES.remove(index + 1)}
              onClick={() => onChange((now) => now.toSpliced(index, 1))}
            >
              <IconX size={16} />
            </ActionIcon>
          )
        }
        onChange={(event) => {
          const { value } = event.currentTarget;
          onChange((now) => now.with(index, value));
        }}
      />
    );
  });
}
