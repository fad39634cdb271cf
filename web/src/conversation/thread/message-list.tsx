import { Fragment, memo, Suspense, useMemo, useState } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import type { Letter } from "../outbox/letter.ts";
import { quotedName } from "../../lib/words/message.ts";
import { daysAgo } from "../../lib/words/time.ts";
import type { Message } from "../../lib/types.ts";
import { NoteCard } from "../notes/note-card.tsx";
import classes from "../notes/notes.module.css";
import type { Note } from "../notes/queries.ts";
import { type Around, Row } from "./row.tsx";
import { THREAD } from "../message/texts.ts";

const MessageDetails = lazyPart(() => import("../message/message-details.tsx"), "MessageDetails");

const TOGETHER_MS = 5 * 60_000;

export interface MessageListProps extends Around {
  contact_name: string;
}

/** The messages with their days, and a line before the first that was not read when one came. */
export const MessageList = memo(function MessageList({
  messages,
  letter_of,
  rowOf,
  unread,
  notes,
  contact_name,
  ...around
}: MessageListProps & {
  messages: Message[];
  letter_of: ReadonlyMap<string, Letter>;
  rowOf: (message_id: string) => string;
  unread: { message_id: string; count: number } | null;
  /** Of the team, by the place of the message that they stand before. */
  notes: ReadonlyMap<number, readonly Note[]>;
  onQuote: (message_id: string) => void;
}) {
  const [detailed, setDetailed] = useState<Message | null>(null);
  const authors = useMemo(() => new Map(messages.map(({ id, author }) => [id, author])), [messages]);
  return (
    <>
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const day = !before || daysAgo(before.sent_at, Date.parse(message.sent_at)) !== 0;
        const is_unread = unread?.message_id === message.id;
        // Who said in a group what is quoted.
        const quoted = authors.get(message.context?.message_id ?? "") ?? contact_name;
        return (
          <Fragment key={rowOf(message.id)}>
            <Notes notes={notes.get(index)} />
            <Row
              {...around}
              message={message}
              letter={letter_of.get(message.id)}
              day={day}
              first={day || is_unread || !isTogether(before, message)}
              unread_count={is_unread ? unread.count : null}
              quoted_name={quotedName(message, THREAD.you, quoted)}
              onDetails={setDetailed}
            />
          </Fragment>
        );
      })}
      <Notes notes={notes.get(messages.length)} />
      <Suspense>
        {detailed && (
          <MessageDetails
            message={messages.find(({ id }) => id === detailed.id) ?? detailed}
            onClose={() => setDetailed(null)}
          />
        )}
      </Suspense>
    </>
  );
});

const Notes = ({ notes = [] }: { notes?: readonly Note[] | undefined }) =>
  notes.map((note) => (
    <div key={note.id} className={classes["in_thread"]}>
      <NoteCard note={note} />
    </div>
  ));

/** Said by the same side soon after: drawn as one block. */
function isTogether(before: Message, message: Message): boolean {
  return (
    before.type !== "system" &&
    before.direction === message.direction &&
    before.author === message.author &&
    before.standby === message.standby &&
    Date.parse(message.sent_at) - Date.parse(before.sent_at) < TOGETHER_MS
  );
}
