import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import type { Kind } from "./paste-kinds.ts";

/** The API takes so many a call. */
const A_CALL = 1_000;
/** A longer text makes the field slow: it is shown by its name alone. */
const MOST_SHOWN = 200_000;

export interface Outcome {
  added: number;
  known: number;
  refused: { line: number; phone: string; says: string }[];
}

/** The numbers before they are sent, and their sending, a call's worth after the other. */
export function usePaste(campaign_id: string, { read, send }: Kind, onAdded: () => Promise<void>) {
  const [text, setText] = useState("");
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [done, setDone] = useState(0);
  const people = read(file?.text ?? text);
  const add = useAction({
    mutationFn: async () => {
      const outcome: Outcome = { added: 0, known: 0, refused: [] };
      setDone(0);
      for (let from = 0; from < people.length; from += A_CALL) {
        const some = people.slice(from, from + A_CALL);
        const answer = await send(campaign_id, some);
        outcome.added += answer.added;
        outcome.known += answer.known;
        for (const { index, says } of answer.refused)
          outcome.refused.push({ line: some[index]!.line, phone: some[index]!.phone, says });
        setDone(from + some.length);
      }
      return outcome;
    },
    onSettled: onAdded,
  });
  const choose = async (chosen: File | null) => {
    if (chosen === null) return;
    const words = await chosen.text();
    if (words.length <= MOST_SHOWN) setText(words);
    setFile(words.length <= MOST_SHOWN ? null : { name: chosen.name, text: words });
  };
  return { text, setText, file, choose, people, add, done };
}
