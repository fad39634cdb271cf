import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDraft } from "../../lib/draft.ts";
import { messagesQuery, phoneNumbersQuery } from "../../lib/queries.ts";
import { isAnsweredElsewhere } from "../../lib/responder.ts";
import { serviceWindow } from "../../lib/service-window.ts";
import type { Conversation } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Composer } from "../compose/composer.tsx";
import { Thread } from "../thread/thread.tsx";

/** The thread, and below it what one writes into it. */
export function Talk({ id, conversation }: { id: string; conversation: Conversation | undefined }) {
  const [draft, setDraft] = useDraft(id);
  const window = serviceWindow(conversation?.window_expires_at ?? null, useNow());
  const numbers = useQuery(phoneNumbersQuery).data?.data;
  const number = numbers?.find((each) => each.id === conversation?.phone_number.id);
  const newest = useInfiniteQuery(messagesQuery(id)).data?.pages[0]?.data;
  const closed_group = conversation?.group && conversation.group.state !== "active";
  return (
    <>
      <Thread
        conversation_id={id}
        contact_name={conversation?.contact.display_name ?? ""}
        paused={Boolean(number?.sending.paused)}
        can_write={window.state !== "closed" && number?.connected !== false && !closed_group}
        onReply={({ id: message_id, wamid, text, type, direction, revoked_at }) => {
          if (wamid !== null) setDraft({ context: { message_id, wamid, text, type, direction, revoked_at } });
        }}
      />
      {conversation && (
        <Composer
          conversation={conversation}
          number={number}
          elsewhere={isAnsweredElsewhere(newest ?? [])}
          draft={draft}
          onDraft={setDraft}
        />
      )}
    </>
  );
}
