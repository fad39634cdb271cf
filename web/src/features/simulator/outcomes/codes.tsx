import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { MetaErrorLine } from "../../../lib/types.ts";
import classes from "./codes.module.css";
import { Fold, NumberField } from "../parts/parts.ts";
import { metaErrorsQuery, sharesOf, type Odds } from "../model/model.ts";
import { texts } from "../texts.ts";

const { codes: says_of } = texts;

/** What Wharf knows of Meta's codes, in words. */
function useCatalogue() {
  const { data } = useQuery(metaErrorsQuery);
  const lines = (data?.data ?? []).filter((line) => line.subcode === undefined);
  const explain = (code: number, words: (line: MetaErrorLine) => string): string => {
    const line = lines.find((each) => code >= each.code && code <= (each.last ?? each.code));
    return line ? words(line) : data ? says_of.unknown : "";
  };
  return { lines: lines.filter((line) => line.last === undefined), explain };
}

/** The catalogue says what Wharf does without naming it. */
const andThen = ({ says, does }: MetaErrorLine) =>
  `${says} Wharf ${does.charAt(0).toLowerCase()}${does.slice(1)}`;

/** Asks for one of Meta's error codes, and says what it means before something is done with it. */
export function CodeForm({
  label,
  actions,
}: {
  label: string;
  actions: readonly { title: string; onCode: (code: number) => void }[];
}) {
  const list_id = useId();
  const [text, setText] = useState("");
  const { lines, explain } = useCatalogue();
  const isCode = /^\d{1,9}$/.test(text.trim());
  const act = (onCode: (code: number) => void) => {
    if (!isCode) return;
    onCode(Number(text));
    setText("");
  };
  return (
    <div className={classes["form"]}>
      <TextInput
        aria-label={label}
        placeholder={says_of.placeholder}
        inputMode="numeric"
        autoComplete="off"
        list={list_id}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && act(actions[0]!.onCode)}
      />
      <datalist id={list_id}>
        {lines.map(({ code, says }) => (
          <option key={code} value={code}>
            {says}
          </option>
        ))}
      </datalist>
      {actions.map(({ title, onCode }) => (
        <Button
          key={title}
          variant="default"
          disabled={!isCode}
          leftSection={<IconPlus size={16} />}
          onClick={() => act(onCode)}
        >
          {title}
        </Button>
      ))}
      {isCode && <p role="status">{explain(Number(text), andThen)}</p>}
    </div>
  );
}

/** Why messages fail. */
export function Codes({
  codes,
  locked,
  onChange,
}: {
  codes: Odds["codes"];
  locked: boolean;
  onChange: (codes: Odds["codes"]) => void;
}) {
  const { explain } = useCatalogue();
  const shares = sharesOf(codes);
  const without = (code: string) =>
    Object.fromEntries(Object.entries(codes).filter(([each]) => each !== code));
  return (
    <Fold title={says_of.title} now={shares.map(({ code, share }) => says_of.share(code, share)).join(", ")}>
      <p className={classes["says"]}>{says_of.says}</p>
      <ul className={classes["codes"]}>
        {shares.map(({ code, weight, share }) => (
          <li key={code}>
            <b>{code}</b>
            <span>{explain(Number(code), ({ says }) => says)}</span>
            <em>{Math.round(share * 100)}%</em>
            <NumberField
              name={says_of.weight(code)}
              value={weight}
              onChange={(typed) => onChange({ ...codes, [code]: typed })}
              min={0}
              max={1_000_000}
              whole={false}
              width={58}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              aria-label={says_of.remove(code)}
              disabled={locked || shares.length === 1}
              onClick={() => onChange(without(code))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <CodeForm
        label={says_of.another}
        actions={[{ title: says_of.add, onCode: (code) => onChange({ ...codes, [code]: codes[code] ?? 1 }) }]}
      />
    </Fold>
  );
}
