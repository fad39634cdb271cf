import { Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import { type ComponentProps, useState } from "react";
import { chevron } from "../../../ui/filter-bar.tsx";
import { SHORT_DAY, WEEKDAYS } from "../flow-texts.ts";
import type { Hours } from "../model/model.ts";
import { FIELDS, UNITS } from "../setting-texts.ts";
import classes from "./nodes.module.css";

/** One of several; a value that is not among them any more stays until another one is chosen. */
export function Choose({
  value,
  put,
  empty,
  gone,
  data,
  ...props
}: Omit<ComponentProps<typeof NativeSelect>, "value" | "onChange" | "data"> & {
  value: string | null;
  put: (value: string | null) => void;
  /** What stands there while nothing is chosen. */
  empty?: string;
  gone?: string;
  data: { value: string; label: string }[] | { group: string; items: { value: string; label: string }[] }[];
}) {
  const all = data.flatMap((each) => ("items" in each ? each.items : [each]));
  const unknown = value !== null && !all.some((each) => each.value === value);
  return (
    <NativeSelect
      rightSection={chevron}
      {...props}
      data={[
        ...(empty === undefined ? [] : [{ value: "", label: empty }]),
        ...(unknown ? [{ value, label: gone ?? "…" }] : []),
        ...data,
      ]}
      value={value ?? ""}
      onChange={({ currentTarget }) => put(currentTarget.value || null)}
    />
  );
}

export const optionsOf = <Value extends string>(words: Record<Value, string>, among?: readonly Value[]) =>
  (among ?? (Object.keys(words) as Value[])).map((value) => ({ value, label: words[value] }));

type Unit = keyof typeof UNITS;
const LONGEST = 365 * 1_440;

/** A length of time, told in the largest unit that has it whole. */
export function MinutesField({
  label,
  description,
  value,
  least = 1,
  most = LONGEST,
  put,
}: {
  label: string;
  description?: string;
  value: number;
  least?: number;
  most?: number;
  put: (minutes: number) => void;
}) {
  const [unit, setUnit] = useState<Unit>(() =>
    value !== 0 && value % 1_440 === 0 ? 1_440 : value !== 0 && value % 60 === 0 ? 60 : 1,
  );
  const set = (amount: number, by: Unit) => put(Math.min(most, Math.max(least, Math.round(amount * by))));
  return (
    <div className={classes["length"]} role="group" aria-label={label}>
      <NumberInput
        label={label}
        description={description}
        min={0}
        allowNegative={false}
        hideControls
        value={value / unit}
        onChange={(amount) => typeof amount === "number" && set(amount, unit)}
      />
      <NativeSelect
        aria-label={`${label}: ${FIELDS.unit}`}
        rightSection={chevron}
        data={Object.entries(UNITS).map(([each, name]) => ({ value: each, label: name }))}
        value={String(unit)}
        onChange={({ currentTarget }) => {
          const next = Number(currentTarget.value) as Unit;
          setUnit(next);
          set(value / unit, next);
        }}
      />
    </div>
  );
}

/** Several words or phrases, with commas between them. */
export function WordsField({
  value,
  put,
  ...props
}: Omit<ComponentProps<typeof TextInput>, "value" | "onChange"> & {
  value: readonly string[];
  put: (words: string[]) => void;
}) {
  const [text, setText] = useState(value.join(", "));
  const wordsOf = (typed: string) => typed.split(",").flatMap((word) => word.trim().slice(0, 100) || []);
  // Undone, or changed elsewhere.
  const shown = wordsOf(text).join(",") === value.join(",") ? text : value.join(", ");
  return (
    <TextInput
      dir="auto"
      placeholder={FIELDS.words_hint}
      {...props}
      value={shown}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        put(wordsOf(currentTarget.value).slice(0, 50));
      }}
    />
  );
}

/** Where something stands in what the trigger told: `order.number`. */
export function PathField({
  value,
  put,
  label = FIELDS.path,
  description,
}: {
  value: readonly string[] | null;
  put: (path: string[]) => void;
  label?: string;
  description?: string;
}) {
  const [text, setText] = useState(value?.join(".") ?? "");
  return (
    <TextInput
      label={label}
      description={description}
      placeholder={FIELDS.path_hint}
      maxLength={300}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        put(
          currentTarget.value
            .split(".")
            .flatMap((part) => part.trim() || [])
            .slice(0, 5),
        );
      }}
    />
  );
}

export function TimeField({ value, put, label = FIELDS.time, ...props }: TimeProps) {
  return (
    <TextInput
      type="time"
      label={label}
      {...props}
      value={value}
      onChange={({ currentTarget }) => currentTarget.value !== "" && put(currentTarget.value.slice(0, 5))}
    />
  );
}
type TimeProps = Omit<ComponentProps<typeof TextInput>, "value" | "onChange"> & {
  value: string;
  put: (time: string) => void;
};

/** The days of a week; one at least. */
export function WeekdaysField({ value, put }: { value: readonly number[]; put: (days: number[]) => void }) {
  return (
    <div className={classes["days"]} role="group" aria-label={FIELDS.weekdays}>
      {WEEKDAYS.map((name, index) => {
        const day = index + 1;
        const on = value.includes(day);
        return (
          <Checkbox
            key={name}
            aria-label={name}
            label={SHORT_DAY(day)}
            checked={on}
            disabled={on && value.length === 1}
            onChange={() =>
              put(on ? value.filter((each) => each !== day) : [...value, day].toSorted((a, b) => a - b))
            }
          />
        );
      })}
    </div>
  );
}

export function HoursField({ value, put }: { value: Hours; put: (hours: Hours) => void }) {
  return (
    <>
      <WeekdaysField value={value.weekdays} put={(weekdays) => put({ ...value, weekdays })} />
      <div className={classes["pair"]}>
        <TimeField label={FIELDS.from} value={value.from} put={(from) => put({ ...value, from })} />
        <TimeField label={FIELDS.to} value={value.to} put={(to) => put({ ...value, to })} />
      </div>
    </>
  );
}
