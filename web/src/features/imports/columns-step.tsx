import { Checkbox, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Card } from "../../ui/page.tsx";
import { chevron } from "../../ui/filter-bar.tsx";
import { ColumnRow } from "./column-row.tsx";
import { countryOptions } from "./countries.ts";
import classes from "./imports.module.css";
import type { Wanted } from "./draft-changes.ts";
import { fieldsQuery, type Import, type Target } from "./queries.ts";
import { COLUMNS } from "./texts.ts";

/** What each column is, with samples from the file. */
export function ColumnsStep({ imported, change }: { imported: Import; change: (wanted: Wanted) => void }) {
  const { columns, settings, rows_total, kind } = imported;
  const { data: fields } = useQuery(fieldsQuery);
  const put = (index: number, next: (target: Target) => Target) =>
    change((now) => ({
      mapping: now.settings.mapping.map((each, i) => (i === index ? next(each) : each)),
    }));
  return (
    <>
      <Card>
        <p className={classes["cardLead"]}>{COLUMNS.lead(rows_total)}</p>
        <div className={classes["columnHeads"]} aria-hidden>
          <span>{COLUMNS.column}</span>
          <span>{COLUMNS.becomes}</span>
        </div>
        <ul className={classes["rows"]}>
          {columns.map((column, i) => (
            <ColumnRow
              key={`${i} ${column.name}`}
              column={column}
              target={settings.mapping[i] ?? { to: "ignore" }}
              kind={kind}
              fields={fields?.data ?? []}
              put={(next) => put(i, next)}
            />
          ))}
        </ul>
      </Card>
      <Card className={classes["block"]}>
        <div className={classes["fields"]}>
          <NativeSelect
            label={COLUMNS.country}
            rightSection={chevron}
            data={[{ value: "", label: COLUMNS.no_country }, ...countryOptions()]}
            value={settings.default_country ?? ""}
            onChange={({ currentTarget: { value } }) => change({ default_country: value || null })}
          />
          <NativeSelect
            label={COLUMNS.dates}
            rightSection={chevron}
            data={[
              { value: "day", label: COLUMNS.day_first },
              { value: "month", label: COLUMNS.month_first },
            ]}
            value={settings.day_first ? "day" : "month"}
            onChange={({ currentTarget: { value } }) => change({ day_first: value === "day" })}
          />
          <NativeSelect
            label={COLUMNS.decimal}
            rightSection={chevron}
            data={[
              { value: ".", label: COLUMNS.point },
              { value: ",", label: COLUMNS.comma },
            ]}
            value={settings.decimal}
            onChange={({ currentTarget: { value } }) => change({ decimal: value as "." | "," })}
          />
        </div>
        <Format imported={imported} change={change} />
      </Card>
    </>
  );
}

function Format({ imported, change }: { imported: Import; change: (wanted: Wanted) => void }) {
  const { delimiter, encoding, has_header } = imported;
  return (
    <details className={classes["format"]}>
      <summary>{COLUMNS.read}</summary>
      <p className={classes["soft"]}>{COLUMNS.read_text}</p>
      <div className={classes["fields"]}>
        <NativeSelect
          label={COLUMNS.delimiter}
          rightSection={chevron}
          data={Object.entries(COLUMNS.delimiters).map(([value, label]) => ({ value, label }))}
          value={delimiter}
          onChange={({ currentTarget: { value } }) => change({ delimiter: value as Import["delimiter"] })}
        />
        <NativeSelect
          label={COLUMNS.encoding}
          rightSection={chevron}
          data={Object.entries(COLUMNS.encodings).map(([value, label]) => ({ value, label }))}
          value={encoding}
          onChange={({ currentTarget: { value } }) => change({ encoding: value as Import["encoding"] })}
        />
      </div>
      <Checkbox
        label={COLUMNS.header}
        checked={has_header}
        onChange={({ currentTarget: { checked } }) => change({ has_header: checked })}
      />
    </details>
  );
}
