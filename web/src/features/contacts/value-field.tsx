import { NativeSelect, TextInput } from "@mantine/core";
import { useTyped } from "../../lib/page/use-typed.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./contact.module.css";
import { PAGE } from "./texts.ts";

/** A value that is changed where it stands: Enter or leaving the field saves it, Escape takes the change back. */
export function TextValue({
  label,
  value,
  type = "text",
  maxLength = 1_000,
  save,
}: {
  label: string;
  value: string;
  type?: "text" | "number" | "date";
  maxLength?: number;
  save: (value: string) => void;
}) {
  const { text, type: put, undo, leave } = useTyped(value, save);
  return (
    <TextInput
      className={classes["value"] ?? ""}
      label={label}
      type={type}
      step="any"
      placeholder={PAGE.empty}
      maxLength={maxLength}
      dir="auto"
      value={text}
      onChange={({ currentTarget }) => put(currentTarget.value)}
      onBlur={leave}
      onKeyDown={({ key, currentTarget }) => {
        if (key === "Enter") currentTarget.blur();
        if (key === "Escape") undo();
      }}
    />
  );
}

export function ChoiceValue({
  label,
  value,
  options,
  save,
}: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  save: (value: string) => void;
}) {
  // What is no longer offered stays what it is until another one is chosen.
  const known = value === "" || options.some((option) => option.value === value);
  return (
    <NativeSelect
      className={classes["value"] ?? ""}
      label={label}
      rightSection={chevron}
      data={[{ value: "", label: PAGE.not_set }, ...(known ? [] : [{ value, label: value }]), ...options]}
      value={value}
      onChange={({ currentTarget }) => save(currentTarget.value)}
    />
  );
}
