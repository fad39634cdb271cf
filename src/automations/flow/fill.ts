import type { Act } from "../../contract/automations.ts";
import { answerOf, type Known } from "./known.ts";
import { spelledOut, valueAt } from "./tests.ts";

/** `{{contact.name}}`, `{{payload.order.id}}`, `{{answer.check.body.code}}`, and the same with a fallback: `{{contact.name|there}}`. */
const PLACE = /\{\{\s*([\w-]+(?:\.[^\s{}|.]+)+)\s*(?:\|([^{}]*))?\}\}/g;
const LONGEST = 4_096;

export interface FilledPerson {
  name: string | null;
  phone: string | null;
  language: string | null;
  country: string | null;
}

/** A text with its places filled in; what is not there is its fallback, or nothing. */
export function fillText(
  text: string,
  person: FilledPerson,
  known: Pick<Known, "payload" | "answers">,
): string {
  const filled = text.replaceAll(PLACE, (_, place: string, fallback: string | undefined) => {
    const value = spelledOut(placeValue(place.split("."), person, known)) ?? "";
    return value === "" ? (fallback ?? "").trim() : value;
  });
  return filled.slice(0, LONGEST);
}

function placeValue(
  [from = "", ...path]: string[],
  person: FilledPerson,
  known: Pick<Known, "payload" | "answers">,
): unknown {
  switch (from) {
    case "contact":
      return valueAt(person, path);
    case "payload":
      return valueAt(known.payload, path);
    case "answer": {
      const [of = "", ...rest] = path;
      return valueAt(answerOf(known, of), rest);
    }
    default:
      return undefined;
  }
}

/** Which answers a text is filled in with. */
export const answersIn = (text: string): { of: string; path: string[] }[] =>
  [...text.matchAll(PLACE)].flatMap(([, place = ""]) => {
    const [from, of = "", ...path] = place.split(".");
    return from === "answer" ? [{ of, path }] : [];
  });

/** Whether what an action does depends on what a URL answered. */
export function asksAnswers(act: Act): boolean {
  if (act.kind === "send_template") return Object.values(act.variables).some(({ from }) => from === "answer");
  return "text" in act && act.text.includes("{{");
}
