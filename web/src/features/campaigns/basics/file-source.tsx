import { SegmentedControl } from "@mantine/core";
import type { ComponentProps } from "react";
import common from "../campaigns.module.css";
import type { LibraryFile } from "../model/model.ts";
import { FILES } from "../wizard-texts.ts";
import { FileField } from "./file-field.tsx";
import { SourceFields } from "./source-fields.tsx";

/** A header's file: the same for everyone, or behind a link that each person has of their own. */
export function FileSource({
  kind,
  ...place
}: ComponentProps<typeof SourceFields> & { kind: LibraryFile["kind"] }) {
  const { variable, set } = place;
  const from = variable === undefined || variable.from === "media" ? "library" : "link";
  return (
    <>
      <SegmentedControl
        aria-label={FILES.source}
        data={(["library", "link"] as const).map((value) => ({ value, label: FILES.sources[value] }))}
        value={from}
        onChange={(value) => set(value === "library" ? null : { from: "column", column: "", fallback: null })}
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
