import { Button, TextInput } from "@mantine/core";
import { IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Offer } from "../../../conversation/model/offers.ts";
import { digits } from "../../../conversation/model/people.ts";
import type { Persona } from "../../../lib/types.ts";
import type { Play } from "../plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";
import { texts } from "../texts.ts";

interface Answering {
  onPlay: (play: Play) => void;
  onClose: () => void;
}

/** The rows of a list that the business sent. */
export function ListSheet({
  offer,
  onPlay,
  onClose,
}: Answering & { offer: Extract<Offer, { kind: "list" }> }) {
  const first = offer.sections.find(({ rows }) => rows.length > 0)?.rows[0];
  return (
    <Sheet title={offer.title} onClose={onClose}>
      <ul className={classes["rows"]}>
        {offer.sections.map((section, index) => (
          // Sections have no id, and their titles may be the same.
          <li key={index}>
            {section.title !== null && <h3 dir="auto">{section.title}</h3>}
            {section.rows.map((row) => (
              <button
                key={row.id}
                type="button"
                data-autofocus={row === first || undefined}
                onClick={() => {
                  onClose();
                  const { description, ...list_reply } = row;
                  onPlay({ list_reply: { ...list_reply, ...(description === null ? {} : { description }) } });
                }}
              >
                <span>
                  <b dir="auto">{row.title}</b>
                  {row.description !== null && <small dir="auto">{row.description}</small>}
                </span>
                <i className={classes["check"]} aria-hidden />
              </button>
            ))}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** The business asked whether it may call. */
export function CallSheet({ onPlay, onClose }: Answering) {
  const answer = (call_permission: "accept" | "reject") => {
    onClose();
    onPlay({ call_permission });
  };
  return (
    <Sheet title={texts.call.title} onClose={onClose}>
      <ul className={classes["rows"]}>
        <li>
          <button type="button" data-autofocus onClick={() => answer("accept")}>
            <IconPhone size={21} stroke={1.7} aria-hidden />
            <span>{texts.call.accept}</span>
          </button>
          <button type="button" onClick={() => answer("reject")}>
            <IconPhoneOff size={21} stroke={1.7} aria-hidden />
            <span>{texts.call.reject}</span>
          </button>
        </li>
      </ul>
    </Sheet>
  );
}

/** The customer moves to another number. */
export function NumberSheet({ persona, onPlay, onClose }: Answering & { persona: Persona }) {
  const [phone, setPhone] = useState("");
  const new_number = digits(phone);
  const valid = /^\d{7,15}$/.test(new_number) && new_number !== persona.wa_id;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    onClose();
    onPlay({ new_number });
  };
  return (
    <Sheet title={texts.number.title} dirty={phone.trim() !== ""} onClose={onClose}>
      <form className={classes["form"]} onSubmit={submit}>
        <p>{texts.number.lead(persona.name)}</p>
        <TextInput
          label={texts.number.label}
          placeholder={texts.number.example}
          inputMode="tel"
          value={phone}
          onChange={(event) => setPhone(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!valid}>
          {texts.number.change}
        </Button>
      </form>
    </Sheet>
  );
}
