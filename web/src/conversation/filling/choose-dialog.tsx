import { Button, Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CHOICE } from "./texts.ts";
import classes from "./choose-dialog.module.css";

/** One of the things that can be chosen. */
export interface Choice {
  id: string;
  title: string;
  text?: ReactNode;
  aside?: ReactNode;
  /** Why it can't be chosen. */
  disabled?: string | undefined;
}

/** A search, and what it finds to choose from. The search itself is whose dialog it is. */
export function ChooseDialog({
  title,
  search,
  setSearch,
  label,
  choices,
  empty,
  note,
  onChoose,
  onClose,
}: {
  title: string;
  search: string;
  setSearch: (search: string) => void;
  label: string;
  /** Undefined while they are being read. */
  choices: readonly Choice[] | undefined;
  empty: string;
  note?: ReactNode;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title={title} size={600}>
      <div className={classes["choosing"]}>
        <TextInput
          data-autofocus
          type="search"
          aria-label={label}
          placeholder={label}
          maxLength={200}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={({ currentTarget: { value } }) => setSearch(value)}
        />
        {note}
        {choices === undefined ? (
          <p role="status">{CHOICE.loading}</p>
        ) : choices.length === 0 ? (
          <p role="status">{empty}</p>
        ) : (
          <ul className={classes["choices"]}>
            {choices.map((choice) => (
              <li key={choice.id}>
                <button
                  type="button"
                  disabled={choice.disabled !== undefined}
                  onClick={() => onChoose(choice.id)}
                >
                  <span>
                    <b dir="auto">{choice.title}</b>
                    {choice.aside}
                  </span>
                  {(choice.disabled ?? choice.text) && (
                    <small dir="auto">{choice.disabled ?? choice.text}</small>
                  )}
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className={classes["dialogButtons"]}>
          <Button variant="default" onClick={onClose}>
            {CHOICE.cancel}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
