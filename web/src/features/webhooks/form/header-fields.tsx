import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { HeaderDraft } from "./draft.ts";
import { FIELDS } from "../texts.ts";
import type { DraftState } from "./use-draft.ts";
import shared from "../webhooks.module.css";
import classes from "./form.module.css";

/** Custom headers. The values of those that are stored can't be shown, only replaced. */
export function HeaderFields({ state }: { state: DraftState }) {
  const { draft, problems, set } = state;
  const change = (key: number, changes: Partial<HeaderDraft>) =>
    set({ headers: draft.headers.map((each) => (each.key === key ? { ...each, ...changes } : each)) });
  const remove = ({ key, stored }: HeaderDraft) =>
    stored
      ? change(key, { removed: true })
      : set({ headers: draft.headers.filter((each) => each.key !== key) });
  const add = () => {
    const key = Math.max(-1, ...draft.headers.map((each) => each.key)) + 1;
    set({ headers: [...draft.headers, { key, name: "", value: "", stored: false, removed: false }] });
  };
  return (
    <fieldset className={classes["headers"]}>
      <legend>{FIELDS.headers}</legend>
      <p>{FIELDS.headers_hint}</p>
      {draft.headers.map((header, index) =>
        header.removed ? (
          <RemovedHeader
            key={header.key}
            name={header.name}
            onKeep={() => change(header.key, { removed: false })}
          />
        ) : (
          <HeaderRow
            key={header.key}
            header={header}
            place={index + 1}
            wrong={problems.headers !== undefined}
            onChange={(changes) => change(header.key, changes)}
            onRemove={() => remove(header)}
          />
        ),
      )}
      {problems.headers && (
        <p className={shared["wrong"]} role="alert">
          {problems.headers}
        </p>
      )}
      <Button variant="default" size="xs" onClick={add}>
        {FIELDS.add_header}
      </Button>
    </fieldset>
  );
}

/** Until the form is saved, nothing has happened to it. */
function RemovedHeader({ name, onKeep }: { name: string; onKeep: () => void }) {
  return (
    <div className={classes["removed"]} role="status">
      <s>{name}</s>
      <span>{FIELDS.removed}</span>
      <Button size="compact-sm" variant="subtle" aria-label={FIELDS.keep_header(name)} onClick={onKeep}>
        {FIELDS.keep}
      </Button>
    </div>
  );
}

function HeaderRow({
  header: { name, value, stored },
  place,
  wrong,
  onChange,
  onRemove,
}: {
  header: HeaderDraft;
  place: number;
  wrong: boolean;
  onChange: (changes: Partial<HeaderDraft>) => void;
  onRemove: () => void;
}) {
  const shown = name || FIELDS.header(place);
  return (
    <div className={classes["header"]}>
      <TextInput
        aria-label={FIELDS.header_name(place)}
        placeholder={FIELDS.header_example}
        spellCheck={false}
        autoComplete="off"
        readOnly={stored}
        error={wrong}
        value={name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      {value === null ? (
        <>
          <span className={classes["hidden"]}>••••••••</span>
          <Button variant="default" onClick={() => onChange({ value: "" })}>
            {FIELDS.replace}
          </Button>
        </>
      ) : (
        <TextInput
          aria-label={FIELDS.header_value(shown)}
          placeholder={FIELDS.value}
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
      )}
      <ActionIcon variant="default" size={36} aria-label={FIELDS.remove(shown)} onClick={onRemove}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
