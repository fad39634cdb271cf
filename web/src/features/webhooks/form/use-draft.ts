import { type FormEvent, useState } from "react";
import { type Draft, type FieldProblems, fieldProblemOf, isTouched, problemsOf } from "./draft.ts";

export interface DraftState {
  draft: Draft;
  problems: FieldProblems;
  set: (changes: Partial<Draft>) => void;
  /** One has written something since it began. */
  touched: boolean;
  /** One has been in the URL's field and gone on. */
  leftUrl: () => void;
  /** Calls `save` when nothing is wrong, else leads to what is. */
  submit: (event: FormEvent<HTMLFormElement>, save: () => void) => void;
  /** Shows the server's problem at its field; false when it belongs to none. */
  refuse: (error: Error) => boolean;
}

/** A draft and what is wrong with it: what can be seen at once, all of it after the first try to save. */
export function useDraft(start: Draft): DraftState {
  const [began] = useState(start);
  const [draft, setDraft] = useState(start);
  const [final, setFinal] = useState(false);
  const [left, setLeft] = useState(false);
  const [refused, setRefused] = useState<FieldProblems>({});
  const problems: FieldProblems = { ...refused, ...problemsOf(draft, final) };
  const url_problem = problemsOf(draft, final || (left && draft.url !== "")).url;
  if (url_problem) problems.url = url_problem;
  return {
    draft,
    touched: isTouched(began, draft),
    problems,
    set: (changes) => {
      setDraft((now) => ({ ...now, ...changes }));
      setRefused((now) => Object.fromEntries(Object.entries(now).filter(([field]) => !(field in changes))));
    },
    leftUrl: () => setLeft(true),
    submit: (event, save) => {
      event.preventDefault();
      setFinal(true);
      if (Object.keys(problemsOf(draft, true)).length === 0) save();
      else focusProblem(event.currentTarget);
    },
    refuse: (error) => {
      const at = fieldProblemOf(error);
      if (at === null) return false;
      setRefused(at);
      return true;
    },
  };
}

/** Once the problem is shown. */
function focusProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
