import { ActionIcon, Button, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Outgoing } from "../../lib/types.ts";
import classes from "./compose.module.css";

/** Meta's limits: how many choices there may be, and how long each. */
const KINDS = {
  buttons: { label: "Buttons", most: 3, length: 20 },
  list: { label: "List", most: 10, length: 24 },
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
  const [opener, setOpener] = useState("Choose");
  const [choices, setChoices] = useState(["", ""]);
  const { most, length } = KINDS[kind];
  const titles = choices.map((each) => each.trim()).filter((each) => each !== "");
  const twice = new Set(titles).size < titles.length;
  const ready =
    body.trim() !== "" && titles.length > 0 && !twice && (kind === "buttons" || opener.trim() !== "");
  const send = () => {
    const text = body.trim();
    // What comes back when one is tapped is its title, so the id need only tell them apart.
    const options = titles.map((title, index) => ({ id: `choice-${index + 1}`, title }));
    onSend(
      kind === "buttons"
        ? { type: "buttons", body: text, buttons: options }
        : { type: "list", body: text, button: opener.trim(), sections: [{ rows: options }] },
      text,
    );
  };
  return (
    <Modal
      opened
      centered
      size={480}
      title="Ask with quick replies"
      closeButtonProps={{ "aria-label": "Close" }}
      onClose={onClose}
    >
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) send();
        }}
      >
        <SegmentedControl
          fullWidth
          aria-label="As"
          data={[
            { value: "buttons", label: KINDS.buttons.label },
            { value: "list", label: KINDS.list.label },
          ]}
          value={kind}
          onChange={(value) => {
            setKind(value);
            const next = KINDS[value];
            setChoices((now) => now.slice(0, next.most).map((each) => each.slice(0, next.length)));
          }}
        />
        <TextInput
          data-autofocus
          label="Question"
          maxLength={1024}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        {kind === "list" && (
          <TextInput
            label="What opens the list"
            maxLength={20}
            value={opener}
            onChange={(event) => setOpener(event.currentTarget.value)}
          />
        )}
        {choices.map((choice, index) => (
          <TextInput
            // They have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            label={`Answer ${index + 1}`}
            maxLength={length}
            value={choice}
            error={
              twice && titles.indexOf(choice.trim()) !== titles.lastIndexOf(choice.trim()) && "Twice the same"
            }
            rightSection={
              choices.length > 1 && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove answer ${index + 1}`}
                  onClick={() => setChoices((now) => now.toSpliced(index, 1))}
                >
                  <IconX size={16} />
                </ActionIcon>
              )
            }
            onChange={(event) => {
              const { value } = event.currentTarget;
              setChoices((now) => now.with(index, value));
            }}
          />
        ))}
        <div className={classes["buttons"]}>
          {choices.length < most && (
            <Button
              variant="subtle"
              leftSection={<IconPlus size={16} />}
              onClick={() => setChoices((now) => [...now, ""])}
            >
              Another answer
            </Button>
          )}
          <Button type="submit" disabled={!ready}>
            Send question
          </Button>
        </div>
      </form>
    </Modal>
  );
}
