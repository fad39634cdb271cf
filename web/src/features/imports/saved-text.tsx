import { TextInput } from "@mantine/core";
import { useState } from "react";

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
  const [text, setText] = useState(saved ?? "");
  return (
    <TextInput
      {...rest}
      dir="auto"
      inputWrapperOrder={["label", "input", "description"]}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={() => {
        const wanted = text.trim() || null;
        if (wanted !== saved) save(wanted);
      }}
    />
  );
}
