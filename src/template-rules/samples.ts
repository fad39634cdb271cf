import { type Component, listOf, recordOf, textOf } from "./form.ts";

/** What the author filled in for Meta's review, by the variable's name. */
export type Sample = Readonly<Record<string, string>>;

/** Of a body or a header, in either of Meta's forms: by place, or by name. */
export function samplesOf(
  part: Component | undefined,
  place: "body" | "header",
  names: readonly string[],
): Sample {
  const example = recordOf(part?.["example"]);
  const named = listOf(example[`${place}_text_named_params`]);
  const given = example[`${place}_text`];
  const row: unknown[] = Array.isArray(given) ? (Array.isArray(given[0]) ? given[0] : given) : [];
  return Object.fromEntries(
    names.map((name, at) => {
      const own = named.find((each) => each["param_name"] === name);
      const place_of = /^\d+$/.test(name) ? Number(name) - 1 : at;
      return [name, own ? textOf(own["example"]) : textOf(row[place_of])];
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
