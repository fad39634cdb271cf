import { NativeSelect, TextInput } from "@mantine/core";
import { useTyped } from "../../lib/page/use-typed.ts";
import { isolate } from "../../lib/words/isolate.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./imports.module.css";
import type { Field, Import, Target } from "./queries.ts";
import { optionsOf, targetOf, valueOf } from "./targets.ts";
import { COLUMNS, FIELD_KINDS } from "./texts.ts";

const NEW_KINDS = ["text", "number", "date", "boolean"] as const;

/** A column of the file, and what it is. */
export function ColumnRow({
  column,
  target,
  kind,
  fields,
  put,
}: {
  column: Import["columns"][number];
  target: Target;
  kind: Import["kind"];
  fields: readonly Field[];
  put: (next: (now: Target) => Target) => void;
}) {
  const { name, samples } = column;
  return (
    <li className={classes["column"]} data-ignored={target.to === "ignore" || undefined}>
      <div className={classes["what"]}>
        <b dir="auto" title={name}>
          {name}
        </b>
        <span title={samples.join("\n")}>
          {samples.length === 0 ? COLUMNS.no_samples : samples.map(isolate).join(" · ")}
        </span>
      </div>
      <div className={classes["target"]}>
        <NativeSelect
          aria-label={COLUMNS.is(name)}
          rightSection={chevron}
          data={optionsOf(kind, fields)}
          value={valueOf(target)}
          onChange={({ currentTarget: { value } }) => put(() => targetOf(value, name))}
        />
        {target.to === "tags" && (
          <NativeSelect
            aria-label={COLUMNS.separator(name)}
            rightSection={chevron}
            data={Object.entries(COLUMNS.separators).map(([value, label]) => ({ value, label }))}
            value={target.separator}
            onChange={({ currentTarget: { value } }) => put(() => ({ to: "tags", separator: value }))}
          />
        )}
        {target.to === "new_field" && <NewField name={name} target={target} put={put} />}
      </div>
    </li>
  );
}

function NewField({
  name,
  target,
  put,
}: {
  name: string;
  target: Extract<Target, { to: "new_field" }>;
  put: (next: (now: Target) => Target) => void;
}) {
  const change = (part: Partial<typeof target>) =>
    put((now) => (now.to === "new_field" ? { ...now, ...part } : now));
  const { text, type, leave, undo } = useTyped(target.name, (typed) => change({ name: typed || name }));
  return (
    <>
      <TextInput
        aria-label={COLUMNS.new_name(name)}
        value={text}
        maxLength={100}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onBlur={text.trim() === "" ? undo : leave}
      />
      <NativeSelect
        aria-label={COLUMNS.new_kind(name)}
        rightSection={chevron}
        data={NEW_KINDS.map((value) => ({ value, label: FIELD_KINDS[value] }))}
        value={target.kind}
        onChange={({ currentTarget: { value } }) => change({ kind: value as (typeof NEW_KINDS)[number] })}
      />
    </>
  );
}
