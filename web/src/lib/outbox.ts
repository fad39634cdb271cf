import { useEffect, useSyncExternalStore } from "react";
import { ApiProblem, call, randomKey, wordsOf } from "./api.ts";
import { putMessage } from "./live-cache.ts";
import { conversationQuery, messagesQuery, queryClient } from "./queries.ts";
import { sentForm } from "./templates.ts";
import { toast } from "./toast.ts";
import { NOTHING_YET } from "./message.ts";
import type { Message, NewMessage } from "./types.ts";

/** A message that was written here and that the server has not answered for yet, or has refused. */
export interface Letter {
  /** Also the Idempotency-Key: tried again after a lost answer, it is still the same message. */
  key: string;
  body: NewMessage;
  /** How it looks in the thread meanwhile. */
  shown: Message;
  /** What stood in the thread before: the message that it becomes is none of these. */
  known: ReadonlySet<string>;
  /** The server's message, once it answered. */
  message_id: string | null;
  problem: ApiProblem | null;
}

type Outbox = ReadonlyMap<string, readonly Letter[]>;
const NONE: readonly Letter[] = [];
const watchers = new Set<() => void>();
/** The last one under way in each conversation: they go out in the order in which they were written. */
const tails = new Map<string, Promise<void>>();
let outbox: Outbox = new Map();

function change(conversation_id: string, with_letters: (letters: readonly Letter[]) => readonly Letter[]) {
  outbox = new Map(outbox).set(conversation_id, with_letters(outbox.get(conversation_id) ?? NONE));
  for (const watcher of watchers) watcher();
}

function useLetters(conversation_id: string): readonly Letter[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => outbox.get(conversation_id) ?? NONE,
  );
}

/** Shows the message at once and sends it. `text` is what one reads of it in the thread. */
export function post(
  conversation_id: string,
  body: NewMessage,
  {
    text,
    context = null,
    media = null,
  }: { text: string | null; context?: Message["context"]; media?: Message["media"] },
): void {
  const thread = queryClient.getQueryData(messagesQuery(conversation_id).queryKey);
  const letter: Letter = {
    key: randomKey(),
    body,
    shown: draftOf(conversation_id, body, { text, context, media }),
    known: new Set((thread?.pages ?? []).flatMap((page) => page.data.map((message) => message.id))),
    message_id: null,
    problem: null,
  };
  change(conversation_id, (letters) => [...letters, letter]);
  send(conversation_id, letter);
}

export function postAgain(conversation_id: string, letter: Letter): void {
  patch(conversation_id, letter.key, { problem: null });
  send(conversation_id, letter);
}

export function discard(conversation_id: string, key: string): void {
  change(conversation_id, (letters) => letters.filter((each) => each.key !== key));
}

function patch(conversation_id: string, key: string, changes: Partial<Letter>): void {
  change(conversation_id, (letters) =>
    letters.map((each) => (each.key === key ? { ...each, ...changes } : each)),
  );
}

function send(conversation_id: string, { key, body }: Letter): void {
  const before = tails.get(conversation_id) ?? Promise.resolve();
  const mine = (async () => {
    await before;
    try {
      const message = await call("POST /api/v1/conversations/:id/messages", {
        params: { id: conversation_id },
        body,
        idempotency_key: key,
      });
      patch(conversation_id, key, { message_id: message.id });
      putMessage(queryClient, message);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (body.content.type === "reaction") {
        // It is no line of the thread that could say so.
        discard(conversation_id, key);
        toast("bad", "No reaction sent", wordsOf(error));
      } else patch(conversation_id, key, { problem: error });
      // What the page believed of the window, or of the number, is no longer so.
      if (error.status === 409) void queryClient.invalidateQueries(conversationQuery(conversation_id));
    }
  })();
  tails.set(conversation_id, mine);
}

/** The thread with what is on its way into it, at its end. */
export function useWithLetters(
  conversation_id: string,
  messages: Message[],
): { messages: Message[]; letterOf: (message: Message) => Letter | undefined } {
  const letters = useLetters(conversation_id);
  const { waiting, arrived } = sorted(letters, messages);
  const done = arrived.map((letter) => letter.key).join(" ");
  useEffect(() => {
    if (done === "") return;
    const keys = new Set(done.split(" "));
    change(conversation_id, (all) => all.filter((each) => !keys.has(each.key)));
  }, [conversation_id, done]);
  return {
    messages: waiting.length === 0 ? messages : [...messages, ...waiting.map((letter) => letter.shown)],
    letterOf: (message) => waiting.find((letter) => letter.shown.id === message.id),
  };
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
    // Only what was answered is done: what the feed brought may still turn out to be somebody else's.
    if (!found) waiting.push(letter);
    else if (letter.message_id !== null || letter.problem !== null) arrived.push(letter);
  }
  return { waiting, arrived };
}

/** How a message looks before the server has it. */
function draftOf(
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
