import { Button, CloseButton, Textarea, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { FileField } from "../../../conversation/filling/file-field.tsx";
import { filesQuery, type LibraryFile } from "../../../conversation/filling/library-queries.ts";
import { type Act, newId } from "../model/model.ts";
import { ACTION } from "../setting-texts.ts";
import { Choose, optionsOf } from "./fields.tsx";
import classes from "./nodes.module.css";

type Of<Kind extends Act["kind"]> = { act: Extract<Act, { kind: Kind }>; set: (act: Act) => void };

const window_note = <p className={classes["hint"]}>{ACTION.window_note}</p>;

function TextField({
  label,
  value,
  most,
  put,
}: {
  label: string;
  value: string;
  most: number;
  put: (text: string) => void;
}) {
  return (
    <Textarea
      dir="auto"
      label={label}
      rows={4}
      maxLength={most}
      value={value}
      onChange={({ currentTarget }) => put(currentTarget.value)}
    />
  );
}

export const TextMessage = ({ act, set }: Of<"send_text">) => (
  <>
    <TextField label={ACTION.text} value={act.text} most={4_096} put={(text) => set({ ...act, text })} />
    {window_note}
  </>
);

export function MediaMessage({ act, set }: Of<"send_media">) {
  const { data } = useInfiniteQuery(filesQuery(undefined));
  const chosen = data?.pages.flatMap((page) => page.data).find(({ id }) => id === act.media_id);
  const [wanted, setWanted] = useState<LibraryFile["kind"]>("image");
  const kind = chosen?.kind ?? wanted;
  return (
    <>
      <Choose
        label={ACTION.file_kind}
        value={kind}
        data={optionsOf(ACTION.file_kinds)}
        put={(next) => {
          setWanted(next as LibraryFile["kind"]);
          if (act.media_id !== null) set({ ...act, media_id: null });
        }}
      />
      <FileField
        key={kind}
        kind={kind}
        place={{ key: "file", label: ACTION.file, takes: kind, example: "" }}
        variable={act.media_id === null ? undefined : { from: "media", media_id: act.media_id }}
        set={(file) => set({ ...act, media_id: file?.from === "media" ? file.media_id : null })}
      />
      <TextField
        label={ACTION.caption}
        value={act.caption}
        most={1_024}
        put={(caption) => set({ ...act, caption })}
      />
      {window_note}
    </>
  );
}

export const ButtonsMessage = ({ act, set }: Of<"send_buttons">) => (
  <>
    <TextField label={ACTION.text} value={act.text} most={1_024} put={(text) => set({ ...act, text })} />
    <Choices
      title={ACTION.buttons}
      name={ACTION.button}
      add={ACTION.add_button}
      most={3}
      longest={20}
      choices={act.buttons}
      put={(buttons) => set({ ...act, buttons })}
    />
    {window_note}
  </>
);

export const ListMessage = ({ act, set }: Of<"send_list">) => (
  <>
    <TextField label={ACTION.text} value={act.text} most={4_096} put={(text) => set({ ...act, text })} />
    <TextInput
      dir="auto"
      label={ACTION.open_list}
      maxLength={20}
      value={act.button}
      onChange={({ currentTarget: { value } }) => set({ ...act, button: value })}
    />
    <Choices
      title={ACTION.rows}
      name={ACTION.row}
      add={ACTION.add_row}
      most={10}
      longest={24}
      choices={act.rows}
      put={(rows) => set({ ...act, rows })}
    />
    {window_note}
  </>
);

type Choice = Extract<Act, { kind: "send_buttons" }>["buttons"][number];

/** What can be tapped in a message; what is told of a tap is the choice's id, which stays. */
function Choices({
  title,
  name,
  add,
  most,
  longest,
  choices,
  put,
}: {
  title: string;
  name: (at: number) => string;
  add: string;
  most: number;
  longest: number;
  choices: readonly Choice[];
  put: (choices: Choice[]) => void;
}) {
  return (
    <>
      <h3>{title}</h3>
      {choices.map((choice, index) => (
        <div key={choice.id} className={classes["itemHead"]}>
          <TextInput
            dir="auto"
            aria-label={name(index + 1)}
            maxLength={longest}
            value={choice.title}
            onChange={({ currentTarget: { value } }) =>
              put(choices.map((each) => (each.id === choice.id ? { ...each, title: value } : each)))
            }
          />
          <CloseButton
            aria-label={ACTION.remove(name(index + 1))}
            onClick={() => put(choices.filter(({ id }) => id !== choice.id))}
          />
        </div>
      ))}
      {choices.length < most && (
        <Button
          variant="default"
          size="xs"
          className={classes["add"] ?? ""}
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => put([...choices, { id: newId("r"), title: "" }])}
        >
          {add}
        </Button>
      )}
    </>
  );
}
