import { useMemo, useSyncExternalStore } from "react";
import { ApiProblem, call, wordsOf } from "../../lib/server/api.ts";
import { serverNow } from "../../lib/words/clock.ts";
import { tellFailedSend } from "../../lib/live/failed-sends.ts";
import type { Letter } from "./letter.ts";
import { putMessage } from "../../lib/live/live-cache.ts";
import { liveState, watchLiveState } from "../../lib/live/live.ts";
import { readLetters, removeLetter, watchLetters, writeLetter } from "./outbox-storage.ts";
import { conversationQuery, meQuery, queryClient } from "../../lib/server/queries.ts";
import { isReloading } from "../../lib/page/reload.ts";
import { toast } from "../../lib/page/toast.ts";
import { OUTBOX } from "../../lib/words/texts.ts";

const RETRY_MS = 10_000;
/** Then a line that looks open is dead; asked again, the key keeps it one message. */
const ANSWER_MS = 30_000;
/** The server knows an idempotency key for a day; what is older than this is sent only when asked for. */
const AUTOMATIC_MS = 12 * 3_600_000;
const NONE: readonly Letter[] = [];

const watchers = new Set<() => void>();
let letters: readonly Letter[] = NONE;
let user_id: string | null = null;
/** Letters that the browser's storage did not take. */
const only_here = new Set<string>();
/** Conversations whose letters are being sent. */
const sending = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

export const conversationOf = (letter: Letter) => letter.shown.conversation_id;
/** One that the server has not answered for. */
const isUnsent = (letter: Letter) => letter.message_id === null;
/** One that goes out by itself. */
const isWaiting = (letter: Letter) => isUnsent(letter) && letter.problem === null;

function show(next: readonly Letter[]): void {
  letters = next;
  for (const watcher of watchers) watcher();
}

/** Changes the letters on screen and, those that have not gone out, in the browser's storage. */
function change(with_letters: (letters: readonly Letter[]) => readonly Letter[]): void {
  const before = new Map(letters.map((letter) => [letter.key, letter]));
  show(with_letters(letters));
  if (user_id === null) return;
  const unsent = letters.filter(isUnsent);
  const kept = unsent.filter((letter) => before.get(letter.key) !== letter).map((letter) => keep(letter));
  for (const { key } of unsent) before.delete(key);
  for (const key of before.keys()) removeLetter(user_id, key);
  if (kept.includes(false)) toast("bad", OUTBOX.keep_open, OUTBOX.storage_full);
}

function keep(letter: Letter): boolean {
  const kept = user_id !== null && writeLetter(user_id, letter);
  if (kept) only_here.delete(letter.key);
  else only_here.add(letter.key);
  return kept;
}
const isOnlyHere = (letter: Letter) => isWaiting(letter) && only_here.has(letter.key);

/** What another tab has added, changed, sent or taken back. What this tab has an answer for stays as it is. */
function take(key: string, letter: Letter | null): void {
  const known = letters.find((each) => each.key === key);
  if (known && !isUnsent(known)) return;
  const others = letters.filter((each) => each.key !== key);
  show(
    letter === null
      ? others
      : known
        ? letters.map((each) => (each.key === key ? letter : each))
        : [...others, letter],
  );
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/**
 * Keeps the promise of the outbox while the user is signed in: letters that were kept are shown and sent, again and
 * again until the server has answered for them.
 */
export function startOutbox(id: string): { stop(): void } {
  user_id = id;
  show(readLetters(id));
  const ends = [
    watchLetters(id, (key, letter) => {
      take(key, letter);
      flush();
    }),
    watchLiveState(() => liveState() === "live" && flush()),
  ];
  const warn = (event: BeforeUnloadEvent) => {
    if (isReloading() ? letters.some(isOnlyHere) : letters.some(isWaiting)) event.preventDefault();
  };
  addEventListener("online", flush);
  addEventListener("beforeunload", warn);
  flush();
  return {
    stop() {
      for (const end of ends) end();
      removeEventListener("online", flush);
      removeEventListener("beforeunload", warn);
      clearTimeout(timer);
      user_id = null;
      show(NONE);
    },
  };
}

/** Sends whatever waits, in all conversations. */
export function flush(): void {
  for (const conversation_id of new Set(letters.filter(isWaiting).map(conversationOf)))
    void send(conversation_id);
}

/** Messages that would stay behind if the user signed out now. */
export const countUnsent = (): number => letters.filter(isUnsent).length;

/** Takes a letter in, and sends it. */
export function add(letter: Letter): void {
  change((all) => [...all, letter]);
  void send(conversationOf(letter));
}

export function postAgain(letter: Letter): void {
  const sent_at = new Date(serverNow()).toISOString();
  patch(letter.key, { problem: null, shown: { ...letter.shown, sent_at } });
  void send(conversationOf(letter));
}

export const discard = (key: string): void => drop(new Set([key]));

/** Their messages are in the thread, or they are taken back. */
export function drop(keys: ReadonlySet<string>): void {
  change((all) => all.filter((each) => !keys.has(each.key)));
}

function patch(key: string, changes: Partial<Letter>): void {
  change((all) => all.map((each) => (each.key === key ? { ...each, ...changes } : each)));
}

/** What waits behind a letter that can't be sent now waits with it. */
function hold(conversation_id: string): void {
  change((all) =>
    all.map((each) =>
      isWaiting(each) && conversationOf(each) === conversation_id ? { ...each, held: true } : each,
    ),
  );
}

/** Sends what waits in a conversation, in the order in which it was written; one tab at a time. */
async function send(conversation_id: string): Promise<void> {
  if (sending.has(conversation_id)) return;
  sending.add(conversation_id);
  try {
    await alone(`wharf.outbox.${conversation_id}`, async () => {
      for (;;) {
        const next = letters.find(
          (letter) => isWaiting(letter) && conversationOf(letter) === conversation_id,
        );
        if (!next || !(await sendOne(conversation_id, next))) return;
      }
    });
  } finally {
    sending.delete(conversation_id);
  }
}

/** Sends one letter. False when it has to wait, and those behind it with it. */
async function sendOne(conversation_id: string, { key, body, shown }: Letter): Promise<boolean> {
  const as = user_id;
  if (as === null) return false;
  if (serverNow() - Date.parse(shown.sent_at) > AUTOMATIC_MS) {
    patch(key, { problem: TOO_OLD });
    return true;
  }
  try {
    const message = await call("POST /api/v1/conversations/:id/messages", {
      params: { id: conversation_id },
      body,
      idempotency_key: key,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (user_id === as) patch(key, { message_id: message.id });
    putMessage(queryClient, message);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (user_id !== as) return false;
    if (isPassing(error)) {
      hold(conversation_id);
      clearTimeout(timer);
      timer = setTimeout(flush, RETRY_MS);
      if (error.status === 401) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      return false;
    }
    if (body.content.type === "reaction") {
      // It is no line of the thread that could say so.
      discard(key);
      toast("bad", OUTBOX.no_reaction, wordsOf(error));
    } else {
      patch(key, { problem: error });
      tellFailedSend({ conversation_id, message_id: null, reason: error.text.says, mine: true });
    }
    // What the page believed of the window, or of the number, is no longer so.
    if (error.status === 409) void queryClient.invalidateQueries(conversationQuery(conversation_id));
  }
  return true;
}

const TOO_OLD = new ApiProblem({ status: 0, code: "TOO_OLD" });

/** Unreachable, restarting, signed out, too many requests, or the same key still being worked on: later it may work. */
function isPassing({ status, code }: ApiProblem): boolean {
  return [0, 401, 408, 425, 429, 502, 503, 504].includes(status) || code === "IDEMPOTENCY_IN_PROGRESS";
}

/** Only one tab at a time; where the page is not from a secure origin there are no locks, and the server's key decides. */
async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  await (locks ? locks.request(name, work) : work());
}

export const useLetters = (): readonly Letter[] => useSyncExternalStore(watch, () => letters);

/** Letters that have not gone out, by conversation, newest last. */
export function useUnsent(): ReadonlyMap<string, readonly Letter[]> {
  const all = useLetters();
  return useMemo(() => {
    const by_conversation = new Map<string, Letter[]>();
    for (const letter of all.filter(isUnsent)) {
      const id = conversationOf(letter);
      by_conversation.set(id, [...(by_conversation.get(id) ?? []), letter]);
    }
    return by_conversation;
  }, [all]);
}
