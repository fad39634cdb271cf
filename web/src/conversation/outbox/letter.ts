import type { ApiProblem } from "../../lib/server/api.ts";
import type { Message, NewMessage } from "../../lib/types.ts";

/** A message that was written here and that the server has not answered for yet, or has refused. */
export interface Letter {
  /** Also the Idempotency-Key: sent again after a lost answer, it is still the same message. */
  key: string;
  body: NewMessage;
  /** How it looks in the thread meanwhile. */
  shown: Message;
  /** What stood in the thread before: the message that it becomes is none of these. */
  known: ReadonlySet<string>;
  /** The server's message, once it answered. */
  message_id: string | null;
  /** It could not be sent just now, and goes out as soon as that works. */
  held: boolean;
  /** Why it was refused; null while it waits. */
  problem: ApiProblem | null;
}

/**
 * Which letters are in the thread by now. The live feed may bring the message before the server answered: then it is
 * known by what it says. `became` has the id as which each of these messages stood in the thread before.
 */
export function sorted(letters: readonly Letter[], messages: readonly Message[]) {
  const taken = new Set<string>();
  const is = (letter: Letter, message: Message) =>
    letter.message_id !== null
      ? letter.message_id === message.id
      : message.direction === "OUTBOUND" &&
        message.source === "AGENT" &&
        message.type === letter.shown.type &&
        (message.type !== "text" || message.text === letter.shown.text) &&
        !letter.known.has(message.id);
  const waiting: Letter[] = [];
  const arrived: Letter[] = [];
  const became = new Map<string, string>();
  for (const letter of letters) {
    const found = messages.findLast((message) => !taken.has(message.id) && is(letter, message));
    if (found) {
      taken.add(found.id);
      became.set(found.id, letter.shown.id);
    }
    // Only what was answered is done: what the feed brought may still turn out to be another's.
    if (!found) waiting.push(letter);
    else if (letter.message_id !== null || letter.problem !== null) arrived.push(letter);
  }
  return { waiting, arrived, became };
}
