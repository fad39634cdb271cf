import { type ApiProblem, randomKey } from "./api.ts";
import { NOTHING_YET } from "./message.ts";
import { sentForm } from "./templates.ts";
import type { Message, NewMessage } from "./types.ts";

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
 * known by what it says.
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
  for (const letter of letters) {
    const found = messages.findLast((message) => !taken.has(message.id) && is(letter, message));
    if (found) taken.add(found.id);
    // Only what was answered is done: what the feed brought may still turn out to be another's.
    if (!found) waiting.push(letter);
    else if (letter.message_id !== null || letter.problem !== null) arrived.push(letter);
  }
  return { waiting, arrived };
}

/** How a message looks before the server has it. */
export function draftOf(
  conversation_id: string,
  { content }: NewMessage,
  said: Pick<Message, "text" | "context" | "media">,
): Message {
  const now = new Date().toISOString();
  return {
    ...NOTHING_YET,
    id: `letter-${randomKey()}`,
    conversation_id,
    direction: "OUTBOUND",
    source: "AGENT",
    type: content.type === "buttons" || content.type === "list" ? "interactive" : content.type,
    wamid: null,
    content: contentOf(content),
    ...said,
    status: "QUEUED",
    sent_at: now,
    received_at: now,
  };
}

/** What is drawn of it, in the form that Meta is sent. */
function contentOf(content: NewMessage["content"]): Message["content"] {
  switch (content.type) {
    case "reaction":
      return { reaction: { message_id: content.target_wamid, emoji: content.emoji ?? "" } };
    case "buttons":
      return {
        interactive: {
          body: { text: content.body },
          action: { buttons: content.buttons.map((reply) => ({ type: "reply", reply })) },
        },
      };
    case "list":
      return {
        interactive: {
          body: { text: content.body },
          action: { button: content.button, sections: content.sections },
        },
      };
    case "template":
      return { template: sentForm(content) };
    default:
      return {};
  }
}
