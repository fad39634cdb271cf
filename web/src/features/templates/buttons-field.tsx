import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import {
  type Component,
  LIMITS,
  listOf,
  textOf,
  typeOf,
} from "../../../../src/template-rules/template-rules.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./editor.module.css";
import type { Say } from "./editor-model.ts";
import { EDITOR } from "./texts.ts";

/** The buttons of a template, or of a card. */
export function ButtonsField({
  part,
  field,
  most,
  say,
  put,
}: {
  part: Component | undefined;
  field: string;
  most: number;
  say: Say;
  put: (part: Component | null) => void;
}) {
  const buttons = listOf(part?.["buttons"]);
  const set = (next: readonly Component[]) =>
    put(next.length === 0 ? null : { type: "BUTTONS", buttons: next });
  const change = (at: number, button: Component) =>
    set(buttons.map((each, place) => (place === at ? button : each)));
  return (
    <>
      {buttons.map((button, at) => (
        <div key={at} className={classes["item"]}>
          <div className={classes["itemHead"]}>
            <NativeSelect
              label={EDITOR.button_kind(at + 1)}
              rightSection={chevron}
              data={Object.entries(EDITOR.button_kinds).map(([value, label]) => ({ value, label }))}
              value={typeOf(button["type"])}
              error={say(`${field}.${at}`)}
              onChange={({ currentTarget: { value } }) =>
                change(at, { type: value, text: textOf(button["text"]) })
              }
            />
            {at > 0 && (
              <ActionIcon
                size={36}
                variant="default"
                aria-label={EDITOR.move_up(at + 1)}
                onClick={() => set(buttons.with(at - 1, button).with(at, buttons[at - 1]!))}
              >
                <IconArrowUp size={17} aria-hidden />
              </ActionIcon>
            )}
            <ActionIcon
              size={36}
              variant="default"
              aria-label={EDITOR.remove_button(at + 1)}
              onClick={() => set(buttons.filter((_, place) => place !== at))}
            >
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          </div>
          <ButtonFields button={button} field={`${field}.${at}`} say={say} put={(next) => change(at, next)} />
        </div>
      ))}
      {say(field) && (
        <p className={classes["wrong"]} role="alert">
          {say(field)}
        </p>
      )}
      {buttons.length < most && (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set([...buttons, { type: "QUICK_REPLY", text: "" }])}
          >
            {EDITOR.add_button}
          </Button>
        </div>
      )}
    </>
  );
}

function ButtonFields({
  button,
  field,
  say,
  put,
}: {
  button: Component;
  field: string;
  say: Say;
  put: (button: Component) => void;
}) {
  const kind = typeOf(button["type"]);
  const url = textOf(button["url"]);
  const { example } = button;
  const sample = textOf(Array.isArray(example) ? example[0] : example);
  const input = (
    label: string,
    name: string,
    value: string,
    write: (value: string) => Component,
    hint?: string,
  ) => (
    <TextInput
      label={label}
      dir="auto"
      value={value}
      error={say(`${field}.${name}`)}
      {...(hint === undefined ? {} : { description: hint })}
      onChange={({ currentTarget }) => put(write(currentTarget.value))}
    />
  );
  return (
    <div className={classes["pair"]}>
      {kind !== "COPY_CODE" &&
        input(
          EDITOR.button_text,
          "text",
          textOf(button["text"]),
          (text) => ({ ...button, text }),
          EDITOR.count(textOf(button["text"]).length, LIMITS.button),
        )}
      {kind === "URL" && input(EDITOR.url, "url", url, (next) => ({ ...button, url: next }), EDITOR.url_hint)}
      {kind === "URL" &&
        url.includes("{{") &&
        input(EDITOR.url_sample, "example", sample, (value) => ({ ...button, example: [value] }))}
      {kind === "PHONE_NUMBER" &&
        input(EDITOR.phone, "phone_number", textOf(button["phone_number"]), (phone_number) => ({
          ...button,
          phone_number,
        }))}
      {kind === "COPY_CODE" &&
        input(EDITOR.code_sample, "example", sample, (value) => ({ type: "COPY_CODE", example: value }))}
      {kind === "FLOW" &&
        input(EDITOR.flow_id, "flow_id", textOf(button["flow_id"]), (flow_id) => ({ ...button, flow_id }))}
    </div>
  );
}
