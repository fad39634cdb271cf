import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { lazyPart } from "../../lib/chunks.ts";
import { call, wordsOf } from "../../lib/api.ts";
import { putMessage } from "../../lib/live-cache.ts";
import type { Letter } from "../../lib/letter.ts";
import { discard, flush, postAgain } from "../../lib/outbox.ts";
import { ahead } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { Message } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import classes from "./send-note.module.css";

const Confirm = lazyPart(() => import("../confirm.tsx"), "Confirm");

/** Longer than that in the queue is worth a word, and can be taken back. */
const WAITING_MS = 5_000;

/** What has to be said about a message of ours that is not simply on its way, and what one can do about it. */
export function SendNote({ message, paused }: { message: Message; paused: boolean }) {
  const state = message.send?.state;
  if (state === "unconfirmed") return <Unconfirmed message={message} />;
  if (message.status === "FAILED") return <Failed message={message} />;
  if (state === "cancelled") return <p className={classes["note"]}>Taken back; it was not sent.</p>;
  if (state === "queued" || (state === "sending" && message.send?.reason))
    return <Waiting message={message} paused={paused} />;
  return null;
}

/** A letter that waits for the connection, or that the server refused. */
export function LetterNote({ letter }: { letter: Letter }) {
  const { problem, key, held, message_id } = letter;
  if (message_id !== null) return null;
  if (!problem) {
    if (!held) return null;
    return (
      <div className={classes["note"]}>
        <span>Not sent yet. It goes out by itself as soon as Wharf can be reached.</span>
        <button type="button" onClick={flush}>
          Send now
        </button>
        <button type="button" onClick={() => discard(key)}>
          Take back
        </button>
      </div>
    );
  }
  return (
    <div className={classes["note"]} data-tone="bad" role="alert">
      <span>{wordsOf(problem)}</span>
      <button type="button" onClick={() => postAgain(letter)}>
        Try again
      </button>
      <button type="button" onClick={() => discard(key)}>
        Discard
      </button>
    </div>
  );
}

function Failed({ message }: { message: Message }) {
  const again = useAgain(message);
  const { error, send } = message;
  const title = error?.title ?? send?.reason ?? "Not delivered";
  const code = error?.code ?? send?.code ?? null;
  const others = message.errors.filter((each) => each.code !== code || each.details !== error?.details);
  return (
    <div className={classes["note"]} data-tone="bad">
      <span>
        {title}
        {error?.details && `: ${error.details}`}
        {code !== null && ` (${code})`}
        {error?.advice && <span className={classes["advice"]}> {error.advice}</span>}
        {others.map((each, i) => (
          <span key={i} className={classes["advice"]}>
            {" "}
            Also: {each.title}
            {each.details && `: ${each.details}`}
            {each.code !== null && ` (${each.code})`}
          </span>
        ))}
      </span>
      {send?.can_retry && (
        <button type="button" disabled={again.isPending} onClick={() => again.mutate({})}>
          Try again
        </button>
      )}
    </div>
  );
}

function Unconfirmed({ message }: { message: Message }) {
  const again = useAgain(message);
  const [asking, setAsking] = useState(false);
  return (
    <div className={classes["note"]} data-tone="warn">
      <span>Meta’s answer was lost; it may or may not have arrived.</span>
      <button type="button" disabled={again.isPending} onClick={() => setAsking(true)}>
        Send again
      </button>
      {asking && (
        <Suspense>
          <Confirm
            opened
            title="Send it again?"
            yes="Send again"
            loading={again.isPending}
            onClose={() => setAsking(false)}
            onYes={() => again.mutate({ confirm: true }, { onSettled: () => setAsking(false) })}
          >
            <p>
              Meta never said whether it took this message. If it did, the customer gets it twice. Perhaps ask
              them first.
            </p>
          </Confirm>
        </Suspense>
      )}
    </div>
  );
}

function Waiting({ message, paused }: { message: Message; paused: boolean }) {
  const now = useNow();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => call("POST /api/v1/messages/:id/cancel", { params: { id: message.id } }),
    onSuccess: (changed) => putMessage(client, changed),
    onError: (error) => toast("bad", "Not taken back", wordsOf(error)),
  });
  const reason = message.send?.reason ?? null;
  const due = message.send?.next_attempt_at ?? null;
  if (!paused && reason === null && now - Date.parse(message.sent_at) < WAITING_MS) return null;
  return (
    <div className={classes["note"]}>
      <span>
        {paused ? "It goes out when sending is resumed." : (reason ?? "It waits its turn.")}
        {!paused && due && Date.parse(due) > now && ` It is tried ${ahead(due, now)}.`}
      </span>
      {message.send?.state === "queued" && (
        <button type="button" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          Take back
        </button>
      )}
    </div>
  );
}

function useAgain(message: Message) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { confirm?: true }) =>
      call("POST /api/v1/messages/:id/retry", { params: { id: message.id }, body }),
    onSuccess: (changed) => putMessage(client, changed),
    onError: (error) => toast("bad", "Not sent again", wordsOf(error)),
  });
}
