import { TextInput } from "@mantine/core";
import { useTyped } from "../../lib/page/use-typed.ts";

/** A text that is saved when one leaves it; empty is null. */
export function SavedText({
  saved,
  save,
  ...rest
}: {
  label: string;
  description?: string;
  placeholder?: string;
  maxLength: number;
  saved: string | null;
  save: (text: string | null) => void;
}) {
  const { text, type, leave } = useTyped(saved ?? "", (typed) => save(typed || null));
  return (
    <TextInput
      {...rest}
      dir="auto"
      inputWrapperOrder={["label", "input", "description"]}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onBlur={leave}
    />
  );
}
