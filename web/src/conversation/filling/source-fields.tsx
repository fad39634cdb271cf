import { NativeSelect, TextInput } from "@mantine/core";
import type { Field } from "../../lib/server/audience.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import common from "../../ui/form-blocks.module.css";
import { VARIABLES } from "./texts.ts";
import type { PlaceProps, Sources, Variable } from "./place-props.ts";

type About = Extract<Variable, { from: "contact" }>["what"];
const ABOUT: readonly About[] = ["first_name", "name", "phone", "language", "country", "time_zone"];

/**
 * Where the words of a place come from, and what people get who have none.
 *
 * Long: the fields of each source, one after the other.
 */
export function SourceFields({
  place,
  variable,
  set,
  columns,
  payload,
  answers = [],
  fields,
}: PlaceProps & Sources & { fields: readonly Field[] }) {
  const fallback = variable && "fallback" in variable ? variable.fallback : null;
  const choose = (value: string) => set(variableOf(value, fallback));
  return (
    <>
      <div className={common["pair"]}>
        <NativeSelect
          label={VARIABLES.source}
          rightSection={chevron}
          data={[
            { value: "", label: VARIABLES.choose },
            { value: "text", label: VARIABLES.text },
            {
              group: VARIABLES.person,
              items: ABOUT.map((what) => ({ value: `contact:${what}`, label: VARIABLES.about[what] })),
            },
            ...(fields.length > 0
              ? [
                  {
                    group: VARIABLES.fields,
                    items: fields.map(({ id, name }) => ({ value: `field:${id}`, label: name })),
                  },
                ]
              : []),
            ...(columns === null
              ? []
              : [
                  {
                    group: VARIABLES.csv,
                    items: [
                      ...columns.map((column) => ({
                        value: `column:${column}`,
                        label: VARIABLES.column_named(column),
                      })),
                      { value: "column:", label: VARIABLES.other_column },
                    ],
                  },
                ]),
            ...(payload ? [{ value: "payload", label: VARIABLES.payload }] : []),
            ...(answers.length > 0
              ? [
                  {
                    group: VARIABLES.answers,
                    items: answers.map(({ id, name }) => ({
                      value: `answer:${id}`,
                      label: VARIABLES.answer_of(name),
                    })),
                  },
                ]
              : []),
          ]}
          value={valueOf(variable, columns ?? [])}
          error={variable === undefined && VARIABLES.missing}
          onChange={({ currentTarget: { value } }) => choose(value)}
        />
        {variable?.from === "text" && (
          <TextInput
            dir="auto"
            label={VARIABLES.words}
            placeholder={place.example}
            maxLength={1_024}
            value={variable.text}
            onChange={({ currentTarget: { value } }) => set({ from: "text", text: value })}
          />
        )}
        {variable?.from === "column" && !columns?.includes(variable.column) && (
          <TextInput
            dir="auto"
            label={VARIABLES.column_name}
            maxLength={200}
            value={variable.column}
            onChange={({ currentTarget: { value } }) => set({ ...variable, column: value })}
          />
        )}
        {(variable?.from === "payload" || variable?.from === "answer") && (
          <TextInput
            label={VARIABLES.path}
            placeholder={variable.from === "payload" ? VARIABLES.path_hint : VARIABLES.answer_hint}
            maxLength={300}
            defaultValue={variable.path.join(".")}
            onChange={({ currentTarget: { value } }) => {
              const path = value.split(".").flatMap((part) => part.trim() || []);
              if (path.length > 0) set({ ...variable, path: path.slice(0, 5) });
            }}
          />
        )}
      </div>
      {variable && "fallback" in variable && <FallbackFields place={place} variable={variable} set={set} />}
    </>
  );
}

type WithFallback = Extract<Variable, { fallback: string | null }>;

/** What stands there for a person who has none, or that they are skipped. */
function FallbackFields({ place, variable, set }: Omit<PlaceProps, "variable"> & { variable: WithFallback }) {
  return (
    <div className={common["pair"]}>
      <NativeSelect
        label={VARIABLES.if_missing}
        rightSection={chevron}
        data={[
          { value: "skip", label: VARIABLES.skip },
          { value: "use", label: VARIABLES.use_instead },
        ]}
        value={variable.fallback === null ? "skip" : "use"}
        onChange={({ currentTarget: { value } }) =>
          set({ ...variable, fallback: value === "skip" ? null : place.example })
        }
      />
      {variable.fallback !== null && (
        <TextInput
          dir="auto"
          label={VARIABLES.instead}
          placeholder={place.example}
          maxLength={1_024}
          value={variable.fallback}
          error={variable.fallback.trim() === "" && VARIABLES.instead_missing}
          onChange={({ currentTarget: { value } }) => set({ ...variable, fallback: value })}
        />
      )}
    </div>
  );
}

function valueOf(variable: Variable | undefined, columns: readonly string[]): string {
  switch (variable?.from) {
    case undefined:
      return "";
    case "contact":
      return `contact:${variable.what}`;
    case "field":
      return `field:${variable.field_id}`;
    case "payload":
      return "payload";
    case "answer":
      return `answer:${variable.of ?? ""}`;
    case "column":
      return `column:${columns.includes(variable.column) ? variable.column : ""}`;
    default:
      return "text";
  }
}

function variableOf(value: string, fallback: string | null): Variable | null {
  const [from = "", ...rest] = value.split(":");
  const named = rest.join(":");
  if (from === "contact") return { from, what: named as About, fallback };
  if (from === "field") return { from, field_id: named, fallback };
  if (from === "column") return { from, column: named, fallback };
  if (from === "answer") return { from, of: named === "" ? null : named, path: ["body", "code"], fallback };
  if (from === "payload") return { from, path: ["id"], fallback };
  return from === "text" ? { from, text: "" } : null;
}
