import { tableOf } from "../../lib/table-of.ts";
import { NativeSelect } from "@mantine/core";
import {
  type Component,
  LIMITS,
  sampleOf,
  type TemplateForm,
  typeOf,
} from "../../../../src/template-rules/template-rules.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./editor.module.css";
import type { Say } from "./editor-model.ts";
import { SampleField } from "./sample-field.tsx";
import { TextField } from "./text-field.tsx";
import { EDITOR } from "./texts.ts";

const FILES = tableOf<"image" | "video" | "document">({
  IMAGE: "image",
  VIDEO: "video",
  DOCUMENT: "document",
});

/** What stands above the message. */
export function HeaderField({
  header,
  field,
  kinds,
  format,
  say,
  put,
}: {
  header: Component | undefined;
  field: string;
  kinds: readonly string[];
  format: TemplateForm["parameter_format"];
  say: Say;
  put: (header: Component | null) => void;
}) {
  const kind = header === undefined ? "NONE" : typeOf(header["format"]);
  const file = FILES[kind];
  const sample = sampleOf(header);
  return (
    <>
      <NativeSelect
        label={EDITOR.header_kind}
        rightSection={chevron}
        data={kinds.map((value) => ({ value, label: EDITOR.header_kinds[value] ?? value }))}
        value={kind}
        error={say(field)}
        onChange={({ currentTarget: { value } }) =>
          put(
            value === "NONE"
              ? null
              : { type: "HEADER", format: value, ...(value === "TEXT" ? { text: "" } : {}) },
          )
        }
      />
      {kind === "LOCATION" && <p className={classes["hint"]}>{EDITOR.location_hint}</p>}
      {kind === "PRODUCT" && <p className={classes["hint"]}>{EDITOR.product_hint}</p>}
      {header && kind === "TEXT" && (
        <TextField
          part={header}
          place="header"
          field={field}
          most={LIMITS.header}
          label={EDITOR.header_text}
          format={format}
          say={say}
          put={put}
        />
      )}
      {header && file && (
        <SampleField
          kind={file}
          media_id={sample && "media_id" in sample ? sample.media_id : null}
          error={say(`${field}.example`)}
          put={(media_id) => put({ ...header, example: { media_id } })}
        />
      )}
    </>
  );
}
