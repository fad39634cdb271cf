import { Button, Textarea, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import {
  type Component,
  samplesOf,
  type TemplateForm,
  textOf,
  variablesIn,
} from "../../../../src/template-rules/template-rules.ts";
import classes from "./editor.module.css";
import { type Say, withText } from "./editor-model.ts";
import { EDITOR } from "./texts.ts";

/** A header's or a body's words, its length, and an example for each of its variables. */
export function TextField({
  part,
  place,
  field,
  most,
  label,
  format,
  say,
  put,
}: {
  part: Component;
  place: "header" | "body";
  field: string;
  most: number;
  label: string;
  format: TemplateForm["parameter_format"];
  say: Say;
  put: (part: Component) => void;
}) {
  const text = textOf(part["text"]);
  const names = variablesIn(text);
  const samples = samplesOf(part, place, names);
  const write = (words: string) => put(withText(part, place, words, format));
  const shown = {
    label,
    dir: "auto" as const,
    value: text,
    error: say(`${field}.text`),
    description: EDITOR.count(text.length, most),
    inputWrapperOrder: ["label", "input", "description", "error"] as (
      | "label"
      | "input"
      | "description"
      | "error"
    )[],
    onChange: (event: { currentTarget: { value: string } }) => write(event.currentTarget.value),
  };
  const next = format === "NAMED" ? nextName(names) : String(names.length + 1);
  return (
    <>
      {place === "body" ? (
        <Textarea autosize minRows={4} maxRows={14} {...shown} />
      ) : (
        <TextInput {...shown} />
      )}
      {(place === "body" || names.length === 0) && (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => write(`${text}${text === "" || text.endsWith(" ") ? "" : " "}{{${next}}}`)}
          >
            {EDITOR.add_variable}
          </Button>
        </div>
      )}
      {names.length > 0 && <p className={classes["hint"]}>{EDITOR.samples_lead}</p>}
      {names.map((name) => (
        <TextInput
          key={name}
          dir="auto"
          label={EDITOR.sample_of(name)}
          value={samples[name] ?? ""}
          error={say(`${field}.example.${name}`)}
          onChange={({ currentTarget: { value } }) =>
            put(withText(part, place, text, format, { [name]: value }))
          }
        />
      ))}
    </>
  );
}

function nextName(names: readonly string[]): string {
  for (let number = names.length + 1; ; number++)
    if (!names.includes(`variable_${number}`)) return `variable_${number}`;
}
