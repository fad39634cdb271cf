import { type ReactNode, useId } from "react";
import classes from "./parts.module.css";

/** One of a few ways, each with what it means; below the chosen one stand its fields. */
export function RadioCards<Value extends string>({
  label,
  options,
  value,
  disabled = false,
  onChange,
}: {
  label: string;
  options: readonly { value: Value; label: string; hint?: string; fields?: ReactNode }[];
  value: Value;
  disabled?: boolean;
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <div className={classes["cards"]} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <div key={option.value} data-chosen={option.value === value || undefined}>
          <label>
            <input
              type="radio"
              name={name}
              disabled={disabled}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              <b>{option.label}</b>
              {option.hint !== undefined && <small>{option.hint}</small>}
            </span>
          </label>
          {option.value === value && option.fields && (
            <div className={classes["cardFields"]}>{option.fields}</div>
          )}
        </div>
      ))}
    </div>
  );
}
