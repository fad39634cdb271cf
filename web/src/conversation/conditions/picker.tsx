import { Button, type ButtonProps, Checkbox, Popover, TextInput } from "@mantine/core";
import { IconChevronDown, IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import classes from "./conditions.module.css";
import { PICK } from "./texts.ts";

export interface Option {
  id: string;
  name: string;
}

/** Chooses among many by typing a part of a name; what is not there yet can be made. */
export function Picker({
  label,
  options,
  chosen,
  put,
  create,
  texts,
  icon = <IconChevronDown size={15} aria-hidden />,
  ...button
}: {
  label: ReactNode;
  options: readonly Option[];
  chosen: ReadonlySet<string>;
  put: (option: Option, on: boolean) => void;
  /** Left out where only what is there can be chosen. */
  create?: ((name: string) => void) | undefined;
  texts: { search: string; none: string };
  icon?: ReactNode;
} & Pick<ButtonProps, "size" | "variant" | "disabled"> & { "aria-label"?: string }) {
  const [opened, open] = useState(false);
  return (
    <Popover opened={opened} onChange={open} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          {...button}
          rightSection={icon}
          aria-expanded={opened}
          onClick={() => open(!opened)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes["picker"] ?? ""}>
        <Options options={options} chosen={chosen} put={put} create={create} texts={texts} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** What is found by the text; it begins anew each time that it is opened. */
function Options({
  options,
  chosen,
  put,
  create,
  texts,
}: Pick<Parameters<typeof Picker>[0], "options" | "chosen" | "put" | "create" | "texts">) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLocaleLowerCase("en");
  const found = options.filter(({ name }) => name.toLocaleLowerCase("en").includes(wanted));
  const is_there = options.some(({ name }) => name.toLocaleLowerCase("en") === wanted);
  return (
    <>
      <TextInput
        data-autofocus
        aria-label={texts.search}
        placeholder={texts.search}
        maxLength={50}
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      <div className={classes["options"]} role="group" aria-label={texts.search}>
        {found.map((option) => (
          <Checkbox
            key={option.id}
            label={<span dir="auto">{option.name}</span>}
            checked={chosen.has(option.id)}
            onChange={({ currentTarget: { checked } }) => put(option, checked)}
          />
        ))}
        {found.length === 0 && wanted === "" && <p>{texts.none}</p>}
        {found.length === 0 && wanted !== "" && !create && <p>{PICK.nothing(text.trim())}</p>}
        {create && wanted !== "" && !is_there && (
          <Button
            variant="subtle"
            size="xs"
            justify="start"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => {
              create(text.trim());
              setText("");
            }}
          >
            {PICK.create(text.trim())}
          </Button>
        )}
      </div>
    </>
  );
}
