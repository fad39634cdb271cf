import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, wordsOf } from "./api.ts";
import { countChange, refreshCounts } from "./counts.ts";
import { putConversation, showConversation } from "./live-cache.ts";
import { conversationQuery } from "./queries.ts";
import { toast } from "./toast.ts";
import type { Conversation, ConversationStatus } from "./types.ts";
import { STATUS_CHANGE } from "./texts.ts";

/** Shows the change at once and takes it back if the server refuses it. */
export function useUpdateConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      conversation,
      ...body
    }: {
      conversation: Conversation;
      status?: ConversationStatus;
      read?: true;
    }) => call("PATCH /api/v1/conversations/:id", { params: { id: conversation.id }, body }),
    onMutate: ({ conversation, status, read }) => {
      const newest = client.getQueryData(conversationQuery(conversation.id).queryKey) ?? conversation;
      const changed = {
        ...newest,
        ...(status ? { status } : {}),
        // Who resolves it has dealt with what failed in it.
        ...(status === "RESOLVED" ? { failure: null } : {}),
        ...(read ? { unread_count: 0 } : {}),
      };
      countChange(client, newest, changed);
      showConversation(client, changed);
    },
    onSuccess: (conversation) => putConversation(client, conversation),
    onError: (error, { conversation, read }) => {
      putConversation(client, conversation);
      if (!read) toast("bad", STATUS_CHANGE.failed, wordsOf(error));
    },
    onSettled: () => refreshCounts(client),
  });
}

/** Changes a conversation's status, and offers to take that back. */
export function useSetStatus(): (conversation: Conversation, status: ConversationStatus) => void {
  const { mutate } = useUpdateConversation();
  return (conversation, status) => {
    const before = conversation.status;
    if (before === status) return;
    mutate({ conversation, status });
    toast("good", STATUS_CHANGE[status], STATUS_CHANGE.of(conversation.contact.display_name), () =>
      mutate({ conversation: { ...conversation, status }, status: before }),
    );
  };
}

/** What is on a visible screen counts as read. */
export function useMarkRead(conversation: Conversation | undefined): void {
  const { mutate } = useUpdateConversation();
  const unread = (conversation?.unread_count ?? 0) > 0;
  useEffect(() => {
    if (!conversation || !unread) return;
    const read = () => {
      if (document.visibilityState === "visible") mutate({ conversation, read: true });
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
    // Asked once for each time that something unread appears, not for each change of the conversation.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [conversation?.id, conversation?.last_message_at, unread, mutate]);
}
