import type { Change, Import } from "./queries.ts";

/** What is to change; a function where it depends on what was chosen before, as one column of several does. */
export type Wanted = Change | ((now: Import) => Change);

/** The draft as it will be once `change` is saved. */
export function changed(now: Import, { kind, encoding, delimiter, has_header, ...settings }: Change): Import {
  return {
    ...now,
    kind: kind ?? now.kind,
    encoding: encoding ?? now.encoding,
    delimiter: delimiter ?? now.delimiter,
    has_header: has_header ?? now.has_header,
    settings: { ...now.settings, ...(settings as Partial<Import["settings"]>) },
  };
}

/**
 * What to save. It is read from what is kept with all that is still on its way, never from what was drawn last: two
 * changes of one moment would take each other back.
 */
export const changeOf = (kept: Import, on_their_way: readonly Change[], wanted: Wanted): Change =>
  typeof wanted === "function" ? wanted(on_their_way.reduce(changed, kept)) : wanted;
