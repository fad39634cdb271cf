import { useState } from "react";

/** Rows that are chosen: one by one, a range of them, or all that the filter finds. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** All that match, also those that are not shown. */
  all: boolean;
  /** Chooses or leaves one; with `range` all from the last one to it. */
  toggle: (id: string, range: boolean) => void;
  choose: (ids: readonly string[]) => void;
  chooseAll: () => void;
  clear: () => void;
}

interface Chosen {
  /** Of which filter; under another one nothing is chosen. */
  of: string;
  ids: ReadonlySet<string>;
  all: boolean;
  last: string | null;
}

export function useSelection(of: string, shown: readonly { id: string; kind: string }[]): Selection {
  const nothing: Chosen = { of, ids: new Set(), all: false, last: null };
  const [stored, setChosen] = useState(nothing);
  const chosen = stored.of === of ? stored : nothing;
  const selectable = shown.filter(({ kind }) => kind !== "test").map(({ id }) => id);
  return {
    ids: chosen.all ? new Set(selectable) : chosen.ids,
    all: chosen.all,
    toggle(id, range) {
      const ids = new Set(chosen.all ? selectable : chosen.ids);
      const on = !ids.has(id);
      for (const each of range ? between(selectable, chosen.last, id) : [id]) {
        if (on) ids.add(each);
        else ids.delete(each);
      }
      setChosen({ of, ids, all: false, last: id });
    },
    choose: (ids) => setChosen({ of, ids: new Set(ids), all: false, last: null }),
    chooseAll: () => setChosen({ of, ids: new Set(), all: true, last: null }),
    clear: () => setChosen(nothing),
  };
}

/** Both ends included; the last alone when the first is not shown. */
export function between(shown: readonly string[], first: string | null, last: string): string[] {
  const [from, to] = [first === null ? -1 : shown.indexOf(first), shown.indexOf(last)];
  return from < 0 || to < 0 ? [last] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
}
