import { Button, TextInput } from "@mantine/core";
import { IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Offer } from "../../lib/offers.ts";
import { digits } from "../../lib/people.ts";
import type { Persona } from "../../lib/types.ts";
import type { Play } from "./plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";

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
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            {section.title !== null && <h3>{section.title}</h3>}
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
                  <b>{row.title}</b>
                  {row.description !== null && <small>{row.description}</small>}
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
    <Sheet title="May this business call you?" onClose={onClose}>
      <ul className={classes["rows"]}>
        <li>
          <button type="button" data-autofocus onClick={() => answer("accept")}>
            <IconPhone size={21} stroke={1.7} aria-hidden />
            <span>Allow calls for a week</span>
          </button>
          <button type="button" onClick={() => answer("reject")}>
            <IconPhoneOff size={21} stroke={1.7} aria-hidden />
            <span>Don’t allow</span>
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
    <Sheet title="A new number" onClose={onClose}>
      <form className={classes["form"]} onSubmit={submit}>
        <p>WhatsApp tells the business that {persona.name} is to be found there from now on.</p>
        <TextInput
          label="New number, with country code"
          placeholder="+1 202 555 0188"
          inputMode="tel"
          value={phone}
          onChange={(event) => setPhone(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!valid}>
          Change the number
        </Button>
      </form>
    </Sheet>
  );
}
