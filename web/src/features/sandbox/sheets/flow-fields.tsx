import { Button, Textarea, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import classes from "./sheet.module.css";
import { texts } from "../texts.ts";

export interface Field {
  name: string;
  value: string;
}

/** The name of a field of the flow, and what it was filled in with. */
export function Pair({
  place,
  field,
  onChange,
  onRemove,
}: {
  /** The first is 1. */
  place: number;
  field: Field;
  onChange: (changes: Partial<Field>) => void;
  onRemove: () => void;
}) {
  return (
    <div className={classes["pair"]}>
      <TextInput
        aria-label={texts.flow.field(place)}
        value={field.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        aria-label={texts.flow.answer(place)}
        dir="auto"
        value={field.value}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
      />
      <Button variant="subtle" color="gray" px={0} aria-label={texts.flow.remove(place)} onClick={onRemove}>
        <IconX size={16} />
      </Button>
    </div>
  );
}

/** All of it at once. */
export function JsonField({
  json,
  invalid,
  onChange,
}: {
  json: string;
  invalid: boolean;
  onChange: (json: string) => void;
}) {
  return (
    <Textarea
      autoFocus
      label={texts.flow.json}
      autosize
      minRows={4}
      maxRows={10}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      value={json}
      error={invalid && texts.flow.no_json}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
