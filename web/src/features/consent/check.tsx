import classes from "./consent.module.css";

/** A box to tick; the whole line is what one hits. `name` is read in place of a label that is short. */
export function Check({
  label,
  name,
  checked,
  disabled,
  put,
}: {
  label: string;
  name?: string;
  checked: boolean;
  disabled: boolean;
  put: (checked: boolean) => void;
}) {
  return (
    <label className={classes["check"]}>
      <input
        type="checkbox"
        {...(name !== undefined && { "aria-label": name })}
        checked={checked}
        disabled={disabled}
        onChange={({ currentTarget }) => put(currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

/** Several of them, of which some are ticked. */
export function Checks<Value extends string | number>({
  legend,
  options,
  values,
  disabled,
  put,
}: {
  legend: string;
  options: readonly { value: Value; label: string; name?: string }[];
  values: readonly Value[];
  disabled: boolean;
  put: (values: Value[]) => void;
}) {
  return (
    <fieldset className={classes["checks"]}>
      <legend>{legend}</legend>
      {options.map(({ value, ...option }) => (
        <Check
          key={value}
          {...option}
          checked={values.includes(value)}
          disabled={disabled}
          put={(checked) =>
            put(
              options
                .map((one) => one.value)
                .filter((one) => (one === value ? checked : values.includes(one))),
            )
          }
        />
      ))}
    </fieldset>
  );
}
