import { tableOf } from "../../lib/table-of.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../lib/server/action.ts";
import { Suspense, useState } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { useConnection } from "../../lib/live/connection.ts";
import { putMessage } from "../../lib/live/live-cache.ts";
import type { Letter } from "../outbox/letter.ts";
import { discard, flush, postAgain } from "../outbox/outbox.ts";
import { ahead } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Message } from "../../lib/types.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { useSignIn } from "../../lib/server/use-sign-in.ts";
import { FailedNote, type Remedies } from "./failed-note.tsx";
import classes from "./send-note.module.css";
import { NOTE } from "./texts.ts";
import { useAgain } from "./use-again.ts";

const Confirm = lazyPart(() => import("../../ui/confirm.tsx"), "Confirm");

/** Longer than that in the queue is worth a word, and can be cancelled. */
const WAITING_MS = 5_000;

/** What has to be said about a message of ours that is not simply on its way, and what one can do about it. */
export function SendNote({
  message,
  paused,
  ...remedies
}: { message: Message; paused: boolean; onDetails: () => void } & Remedies) {
  const state = message.send?.state;
  if (state === "unconfirmed") return <Unconfirmed message={message} />;
  if (message.status === "FAILED") return <FailedNote message={message} {...remedies} />;
  if (state === "cancelled") return <p className={classes["note"]}>{NOTE.cancelled}</p>;
  if (state === "queued" || (state === "sending" && message.send?.reason))
    return <Waiting message={message} paused={paused} />;
  return null;
}

/** Problems that a template is the way out of. */
const TEMPLATE_HELPS = tableOf<string>({
  WINDOW_CLOSED: NOTE.send_template,
  MARKETING_REFUSED: NOTE.other_template,
  TEMPLATE_BLOCKED: NOTE.other_template,
});

/** A letter that waits for the connection, or that the server refused. */
export function LetterNote({ letter, onTemplate }: { letter: Letter } & Pick<Remedies, "onTemplate">) {
  const { problem, key, held, message_id } = letter;
  if (message_id !== null) return null;
  if (!problem) return held ? <Held letter={letter} /> : null;
  const template = TEMPLATE_HELPS[problem.code];
  return (
    <div className={classes["note"]} data-tone="bad" role="alert">
      <span>{wordsOf(problem)}</span>
      {template === undefined ? (
        <button type="button" onClick={() => postAgain(letter)}>
          {NOTE.retry}
        </button>
      ) : (
        <button type="button" onClick={onTemplate}>
          {template}
        </button>
      )}
      <button type="button" onClick={() => discard(key)}>
        {NOTE.discard}
      </button>
    </div>
  );
}

function Held({ letter }: { letter: Letter }) {
  const ended = useConnection() === "ended";
  const signIn = useSignIn();
  return (
    <div className={classes["note"]}>
      <span>{ended ? NOTE.ended : NOTE.waits}</span>
      <button type="button" onClick={ended ? signIn : flush}>
        {ended ? NOTE.sign_in : NOTE.send_now}
      </button>
      <button type="button" onClick={() => discard(letter.key)}>
        {NOTE.cancel}
      </button>
    </div>
  );
}

function Unconfirmed({ message }: { message: Message }) {
  const again = useAgain(message);
  const [asking, setAsking] = useState(false);
  return (
    <div className={classes["note"]} data-tone="warn">
      <span>{NOTE.unconfirmed}</span>
      <button type="button" disabled={again.isPending} onClick={() => setAsking(true)}>
        {NOTE.send_again}
      </button>
      {asking && (
        <Suspense>
          <Confirm
            opened
            title={NOTE.confirm_title}
            yes={NOTE.send_again}
            loading={again.isPending}
            onClose={() => setAsking(false)}
            onYes={() => again.mutate({ confirm: true }, { onSettled: () => setAsking(false) })}
          >
            <p>{NOTE.confirm}</p>
          </Confirm>
        </Suspense>
      )}
    </div>
  );
}

function Waiting({ message, paused }: { message: Message; paused: boolean }) {
  const now = useNow();
  const client = useQueryClient();
  const cancel = useAction({
    mutationFn: () => call("POST /api/v1/messages/:id/cancel", { params: { id: message.id } }),
    onSuccess: (changed) => putMessage(client, changed),
    onError: (error) => toast("bad", NOTE.not_cancelled, wordsOf(error)),
  });
  const reason = message.send?.reason ?? null;
  const due = message.send?.next_attempt_at ?? null;
  if (!paused && reason === null && now - Date.parse(message.sent_at) < WAITING_MS) return null;
  return (
    <div className={classes["note"]}>
      <span>
        {paused ? NOTE.paused : (reason ?? NOTE.queued)}
        {!paused && due && Date.parse(due) > now && ` ${NOTE.will_retry(ahead(due, now))}`}
      </span>
      {message.send?.state === "queued" && (
        <button type="button" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {NOTE.cancel}
        </button>
      )}
    </div>
  );
}
