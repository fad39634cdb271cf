import { type Component, listOf, recordOf, textOf } from "./form.ts";

/** What the author filled in for Meta's review, by the variable's name. */
export type Sample = Readonly<Record<string, string>>;

/**
 * Of a body or a header, in either of Meta's forms: by place, or by name. With a format only in that one's form, which is
 * all that Meta reads.
 */
export function samplesOf(
  part: Component | undefined,
  place: "body" | "header",
  names: readonly string[],
  format?: "POSITIONAL" | "NAMED",
): Sample {
  const example = recordOf(part?.["example"]);
  const named = listOf(example[`${place}_text_named_params`]);
  const given = example[`${place}_text`];
  const row: unknown[] = Array.isArray(given) ? (Array.isArray(given[0]) ? given[0] : given) : [];
  return Object.fromEntries(
    names.map((name) => {
      const own = named.find((each) => each["param_name"] === name);
      if (own && format !== "POSITIONAL") return [name, textOf(own["example"])];
      return [name, /^\d+$/.test(name) && format !== "NAMED" ? textOf(row[Number(name) - 1]) : ""];
    }),
  );
}

/** The file that is the sample of a header: one of the library, Meta's handle, or none. */
export function sampleOf(header: Component | undefined): { media_id: string } | { handle: string } | null {
  const example = recordOf(header?.["example"]);
  const media_id = textOf(example["media_id"]);
  if (media_id !== "") return { media_id };
  const handles = example["header_handle"];
  const handle = textOf(Array.isArray(handles) ? handles[0] : handles);
  return handle === "" ? null : { handle };
}
