import { SegmentedControl } from "@mantine/core";
import type { ComponentProps } from "react";
import common from "../../ui/form-blocks.module.css";
import type { LibraryFile } from "./library-queries.ts";
import { FILES } from "./texts.ts";
import { FileField } from "./file-field.tsx";
import type { Variable } from "./place-props.ts";
import { SourceFields } from "./source-fields.tsx";

/** A header's file: the same for everyone, or behind a link that each person has of their own. */
export function FileSource({
  kind,
  ...place
}: ComponentProps<typeof SourceFields> & { kind: LibraryFile["kind"] }) {
  const { variable, set } = place;
  const linked: Variable =
    place.columns === null ? { from: "text", text: "" } : { from: "column", column: "", fallback: null };
  const from = variable === undefined || variable.from === "media" ? "library" : "link";
  return (
    <>
      <SegmentedControl
        aria-label={FILES.source}
        data={(["library", "link"] as const).map((value) => ({ value, label: FILES.sources[value] }))}
        value={from}
        onChange={(value) => set(value === "library" ? null : linked)}
      />
      {from === "library" ? (
        <FileField place={place.place} variable={variable} set={set} kind={kind} />
      ) : (
        <>
          <p className={common["hint"]}>{FILES.link_hint}</p>
          <SourceFields {...place} />
        </>
      )}
    </>
  );
}
