import { useMutation, type UseMutationOptions, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiProblem, call, wordsOf } from "../../lib/server/api.ts";
import { countChange, refreshCounts } from "../../lib/server/counts.ts";
import { putConversation, showConversation } from "../../lib/live/live-cache.ts";
import { conversationQuery } from "../../lib/server/queries.ts";
import { dismiss, toast } from "../../lib/page/toast.ts";
import type { Conversation, ConversationStatus } from "../../lib/types.ts";
import { STATUS_CHANGE } from "../../lib/words/texts.ts";

interface Change {
  conversation: Conversation;
  status?: ConversationStatus;
  read?: true;
}

/** The newest change of each conversation that is under way. */
const under_way = new Map<string, Promise<Conversation>>();

/** One change of a conversation after the other: an undo must not overtake what it takes back. */
function change({ conversation: { id }, ...body }: Change): Promise<Conversation> {
  const send = () => call("PATCH /api/v1/conversations/:id", { params: { id }, body });
  const turn = (under_way.get(id) ?? Promise.resolve()).then(send, send);
  under_way.set(id, turn);
  const end = () => {
    if (under_way.get(id) === turn) under_way.delete(id);
  };
  turn.then(end, end);
  return turn;
}

/** Shows the change at once. */
function useChangeConversation(options: Pick<UseMutationOptions, "retry" | "retryDelay" | "networkMode">) {
  const client = useQueryClient();
  const newestOf = (conversation: Conversation) =>
    client.getQueryData(conversationQuery(conversation.id).queryKey) ?? conversation;
  const show = (before: Conversation, after: Conversation) => {
    countChange(client, before, after);
    showConversation(client, after);
  };
  return useMutation({
    ...options,
    mutationFn: change,
    onMutate: ({ conversation, status, read }) => {
      const before = newestOf(conversation);
      show(before, {
        ...before,
        ...(status ? { status } : {}),
        // Who resolves it has dealt with what failed in it.
        ...(status === "RESOLVED" ? { failure: null } : {}),
        ...(read ? { unread_count: 0 } : {}),
      });
      return before;
    },
    // While the next change waits for its turn, what that will make of it is shown.
    onSuccess: (conversation) => {
      if (!under_way.has(conversation.id)) putConversation(client, conversation);
    },
    onError: (error, { conversation, status }, before) => {
      if (!status) return;
      const now = newestOf(conversation);
      // Only what was asked for is taken back: the customer may have written meanwhile.
      show(now, { ...now, status: before?.status ?? now.status, failure: before?.failure ?? now.failure });
      toast("bad", STATUS_CHANGE.failed, wordsOf(error));
    },
    onSettled: () => refreshCounts(client),
  });
}

/** Changes a conversation's status, and offers to take that back. */
export function useSetStatus(): (conversation: Conversation, status: ConversationStatus) => void {
  const client = useQueryClient();
  const { mutateAsync } = useChangeConversation({});
  return (conversation, status) => {
    const before = conversation.status;
    if (before === status) return;
    const to = (next: ConversationStatus) => mutateAsync({ conversation, status: next });
    const done = to(status);
    const told = toast(
      "good",
      STATUS_CHANGE[status],
      STATUS_CHANGE.of(conversation.contact.display_name),
      () => {
        const now = client.getQueryData(conversationQuery(conversation.id).queryKey)?.status ?? status;
        // A colleague has changed it since: an undo would take that back as well, unseen.
        if (now === status) to(before).catch(() => {});
        else toast("bad", STATUS_CHANGE.not_undone, STATUS_CHANGE.changed_since[now]);
      },
    );
    // That it was not is told already; there is nothing to take back.
    done.catch(() => dismiss(told));
  };
}

/** Reading is said again until Wharf has heard it; offline, once the line is back. */
const UNTIL_HEARD = {
  networkMode: "online",
  retry: (_failures: number, error: Error) =>
    error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
  retryDelay: (failures: number) => Math.min(1_000 * 2 ** failures, 15_000),
} as const;

/** What is on a visible screen counts as read. */
export function useMarkRead(conversation: Conversation | undefined): void {
  const { mutate } = useChangeConversation(UNTIL_HEARD);
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
