import { TextInput } from "@mantine/core";
import { type CSSProperties, type KeyboardEvent, useId, useState } from "react";
import { readDuration, writeDuration } from "../model/model.ts";
import classes from "./fields.module.css";
import { texts } from "../texts.ts";

interface Typed<T> {
  /** Shown above it; `name` instead says it only to those who don't see. */
  label?: string;
  name?: string;
  value: T;
  onChange: (value: T) => void;
  unit?: string | undefined;
  width?: number;
  disabled?: boolean;
}

/** What is typed counts as soon as it can be read; what can't be read is marked, and forgotten when one leaves. */
function TypedField<T>({
  label,
  name,
  value,
  onChange,
  unit,
  width,
  disabled = false,
  read,
  write,
}: Typed<T> & { read: (text: string) => T | null; write: (value: T) => string }) {
  const [text, setText] = useState<string | null>(null);
  return (
    <TextInput
      label={label}
      {...(name === undefined ? {} : { "aria-label": name })}
      className={classes["typed"] ?? ""}
      style={{ "--width": `${width ?? 96}px` }}
      size="sm"
      inputMode="decimal"
      autoComplete="off"
      disabled={disabled}
      error={text !== null && read(text) === null}
      rightSection={unit === undefined ? undefined : <span className={classes["unit"]}>{unit}</span>}
      rightSectionWidth={unit === undefined ? undefined : 16 + unit.length * 7}
      rightSectionPointerEvents="none"
      value={text ?? write(value)}
      onChange={({ currentTarget: { value: typed } }) => {
        setText(typed);
        const known = read(typed);
        if (known !== null) onChange(known);
      }}
      onBlur={() => setText(null)}
      onKeyDown={(event: KeyboardEvent) => event.key === "Enter" && setText(null)}
    />
  );
}

export function NumberField({
  min,
  max = Infinity,
  whole = true,
  ...rest
}: Typed<number> & { min: number; max?: number; whole?: boolean }) {
  const read = (text: string) => {
    const value = Number(text.replace(",", ".").replaceAll(/\s/g, ""));
    const isFit = text.trim() !== "" && value >= min && value <= max && !(whole && !Number.isInteger(value));
    return isFit ? value : null;
  };
  return <TypedField {...rest} read={read} write={String} />;
}

/** Seconds, written with their unit: `500 ms`, `2 min`. */
export function DurationField(props: Typed<number>) {
  return <TypedField {...props} read={readDuration} write={writeDuration} />;
}

/** A share of 1, shown in percent: by the slider, or to a decimal in the field. */
export function ShareSlider({
  label,
  says,
  value,
  disabled = false,
  onChange,
}: {
  label: string;
  says: string;
  value: number;
  disabled?: boolean;
  onChange: (value: number) => void;
}) {
  const id = useId();
  const percent = Math.round(value * 1_000) / 10;
  return (
    <div className={classes["share"]}>
      <div className={classes["words"]}>
        <b>{label}</b>
        <span id={id}>{says}</span>
      </div>
      <input
        type="range"
        aria-label={label}
        aria-describedby={id}
        aria-valuetext={`${percent}%`}
        className={classes["slider"]}
        style={{ "--at": `${percent}%` } as CSSProperties}
        min={0}
        max={100}
        step={1}
        value={percent}
        disabled={disabled}
        onChange={(event) => onChange(Number(event.currentTarget.value) / 100)}
      />
      <NumberField
        name={texts.messages.percent(label)}
        value={percent}
        disabled={disabled}
        onChange={(typed) => onChange(typed / 100)}
        min={0}
        max={100}
        whole={false}
        unit="%"
        width={76}
      />
    </div>
  );
}
