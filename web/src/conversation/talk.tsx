import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { changeDraft } from "./outbox/draft.ts";
import { messagesQuery, phoneNumbersQuery } from "../lib/server/queries.ts";
import { isAnsweredElsewhere } from "./model/responder.ts";
import { serviceWindow } from "./model/service-window.ts";
import type { ThreadPages } from "../lib/server/thread-pages.ts";
import type { Conversation, Message } from "../lib/types.ts";
import { useNow } from "../lib/page/use-now.ts";
import { Composer, type ComposerDialog } from "./compose/composer.tsx";
import { Thread } from "./thread/thread.tsx";

const CLOSING_MS = 60_000;

const isElsewhere = ({ pages }: ThreadPages): boolean => isAnsweredElsewhere(pages[0]?.data ?? []);

/** The thread, and below it what one writes into it. */
export function Talk({
  id,
  conversation,
  unread,
  target,
}: {
  id: string;
  conversation: Conversation | undefined;
  /** How many messages were unread when one came. */
  unread: number;
  /** The message to show. */
  target: string | undefined;
}) {
  const [dialog, setDialog] = useState<ComposerDialog>(null);
  const now = useNow();
  const expires_at = conversation?.window_expires_at ?? null;
  const window = serviceWindow(expires_at, now);
  const numbers = useQuery(phoneNumbersQuery).data?.data;
  const number = numbers?.find((each) => each.id === conversation?.phone_number.id);
  const { data: elsewhere = false } = useInfiniteQuery({ ...messagesQuery(id), select: isElsewhere });
  const closed = window.state === "closed";
  const closed_group = conversation?.group && conversation.group.state !== "active";
  // The same for as long as the conversation is: the thread is drawn anew only when something in it changes.
  const onTemplate = useCallback(() => setDialog("template"), []);
  const onEdit = useCallback(
    (text: string) => {
      changeDraft(id, { text });
      document.getElementById("compose")?.focus();
    },
    [id],
  );
  const onReply = useCallback(
    ({ id: message_id, wamid, text, type, direction, revoked_at }: Message) => {
      if (wamid !== null)
        changeDraft(id, { context: { message_id, wamid, text, type, direction, revoked_at } });
    },
    [id],
  );
  return (
    <>
      <Thread
        conversation_id={id}
        contact_name={conversation?.contact.display_name ?? ""}
        unread_count={unread}
        target={target}
        paused={Boolean(number?.sending.paused)}
        can_write={!closed && number?.connected !== false && !closed_group}
        // The page's clock moves on in steps: what Meta has just closed may seem open for some seconds.
        closed={closed || Date.parse(expires_at ?? "") - now < CLOSING_MS}
        onTemplate={onTemplate}
        onEdit={onEdit}
        onReply={onReply}
      />
      {conversation && (
        <Composer
          conversation={conversation}
          number={number}
          elsewhere={elsewhere}
          dialog={dialog}
          onDialog={setDialog}
        />
      )}
    </>
  );
}
