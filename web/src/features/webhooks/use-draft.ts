import { type FormEvent, useRef, useState } from "react";
import { type Draft, type Field, type FieldProblems, fieldProblemOf, problemsOf } from "./draft.ts";

/** A draft and what is wrong with it: what can be seen at once, all of it after the first try to save. */
export function useDraft(start: Draft) {
  const [draft, setDraft] = useState(start);
  const [final, setFinal] = useState(false);
  const [left, setLeft] = useState(false);
  const [refused, setRefused] = useState<FieldProblems>({});
  const form = useRef<HTMLFormElement>(null);
  const url_final = final || (left && draft.url !== "");
  const problems: FieldProblems = { ...refused, ...problemsOf(draft, final) };
  const url = problemsOf(draft, url_final).url;
  if (url) problems.url = url;

  const focusProblem = () =>
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  return {
    draft,
    problems,
    form,
    set(changes: Partial<Draft>) {
      setDraft((now) => ({ ...now, ...changes }));
      const fields = new Set(Object.keys(changes));
      setRefused((now) =>
        Object.fromEntries(Object.entries(now).filter(([field]) => !fields.has(field as Field))),
      );
    },
    leftUrl: () => setLeft(true),
    /** Calls `save` when nothing is wrong, else leads to what is. */
    submit: (save: () => void) => (event: FormEvent) => {
      event.preventDefault();
      setFinal(true);
      if (Object.keys(problemsOf(draft, true)).length === 0) save();
      else focusProblem();
    },
    /** Shows the server's problem at its field; false when it belongs to none. */
    refuse(error: Error): boolean {
      const at = fieldProblemOf(error);
      if (at === null) return false;
      setRefused(at);
      focusProblem();
      return true;
    },
  };
}
export type DraftState = ReturnType<typeof useDraft>;
