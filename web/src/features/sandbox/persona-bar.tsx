import { Button, Popover, Skeleton, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { digits, withPlus } from "../../conversation/model/people.ts";
import type { Persona, Sandbox } from "../../lib/types.ts";
import { Avatar } from "../../conversation/marks/avatar.tsx";
import classes from "./persona-bar.module.css";
import { texts } from "./texts.ts";

const { customers: says } = texts;

type Number = Sandbox["numbers"][number];

/** Of the sandbox's own customers, before they are there. */
const WIDTHS_PX = [159, 163, 132, 152];

/** The customer that one plays, and which of the business's numbers they write to. */
export function PersonaBar(props: {
  personas: Persona[];
  persona: Persona | undefined;
  onPersona: (wa_id: string) => void;
  onOwn: (persona: Persona) => void;
  numbers: Number[];
  number: Number | undefined;
  onNumber: (phone_number_id: string) => void;
}) {
  return (
    <div className={classes["bar"]}>
      <div className={classes["people"]} role="radiogroup" aria-label={says.label}>
        {props.personas.length === 0 &&
          WIDTHS_PX.map((width, index) => (
            <Skeleton key={width * 10 + index} h={38} w={width} radius={99} style={{ flex: "none" }} />
          ))}
        {props.personas.map((each) => (
          <button
            key={each.wa_id}
            type="button"
            role="radio"
            aria-checked={each.wa_id === props.persona?.wa_id}
            className={classes["person"]}
            title={`+${each.wa_id}${each.username ? ` · @${each.username}` : ""}`}
            onClick={() => props.onPersona(each.wa_id)}
          >
            <Avatar id={each.wa_id} name={each.name} size={28} />
            <bdi>{each.name}</bdi>
          </button>
        ))}
        <AddCustomer onOwn={props.onOwn} />
      </div>
      {props.numbers.length > 1 && (
        <label className={classes["to"]}>
          {says.writes_to}
          <select
            value={props.number?.phone_number_id}
            onChange={(event) => props.onNumber(event.currentTarget.value)}
          >
            {props.numbers.map((each) => (
              <option key={each.phone_number_id} value={each.phone_number_id}>
                {withPlus(each.display_phone_number)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function AddCustomer({ onOwn }: { onOwn: (persona: Persona) => void }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  const wa_id = digits(phone);
  const valid = /^\d{6,20}$/.test(wa_id) && name.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    onOwn({ wa_id, name: name.trim(), username: null });
    setOpen(false);
    setName("");
    setPhone("");
  };
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={280}
      trapFocus
      shadow="md"
      radius="md"
      position="bottom-end"
    >
      <Popover.Target>
        <button
          type="button"
          className={classes["person"]}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <span className={classes["plus"]}>
            <IconPlus size={15} aria-hidden />
          </span>
          {says.add}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className={classes["form"]} onSubmit={submit}>
          <TextInput
            label={says.name}
            dir="auto"
            placeholder={says.name_example}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={says.phone}
            placeholder={says.phone_example}
            inputMode="tel"
            value={phone}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!valid}>
            {says.use}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
