import { Button, Popover, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { digits, withPlus } from "../../lib/people.ts";
import type { Persona, Sandbox } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import classes from "./persona-bar.module.css";

type Number = Sandbox["numbers"][number];

/** Who one plays, and which of the business's numbers they write to. */
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
      <div className={classes["people"]} role="radiogroup" aria-label="You are">
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
            {each.name}
          </button>
        ))}
        <SomeoneElse onOwn={props.onOwn} />
      </div>
      {props.numbers.length > 1 && (
        <label className={classes["to"]}>
          writes to
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

function SomeoneElse({ onOwn }: { onOwn: (persona: Persona) => void }) {
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
          Someone else
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className={classes["form"]} onSubmit={submit}>
          <TextInput
            label="Name"
            placeholder="Ada Osei"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Number, with country code"
            placeholder="+233 20 555 0147"
            inputMode="tel"
            value={phone}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!valid}>
            Play this person
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
