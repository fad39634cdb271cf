import { useQuery } from "@tanstack/react-query";
import { useDraft } from "../../lib/draft.ts";
import { phoneNumbersQuery } from "../../lib/queries.ts";
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
  return (
    <>
      <Thread
        conversation_id={id}
        contact_name={conversation?.contact.display_name ?? ""}
        paused={Boolean(number?.sending.paused)}
        can_write={window.state !== "closed" && number?.connected !== false}
        onReply={({ id: message_id, wamid, text, type, direction }) => {
          if (wamid !== null) setDraft({ context: { message_id, wamid, text, type, direction } });
        }}
      />
      {conversation && (
        <Composer conversation={conversation} number={number} draft={draft} onDraft={setDraft} />
      )}
    </>
  );
}
