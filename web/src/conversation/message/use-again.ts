import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { putMessage } from "../../lib/live/live-cache.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Message } from "../../lib/types.ts";
import { NOTE } from "./texts.ts";

/** Sends a message again that failed, or whose outcome is not known. */
export function useAgain(message: Message) {
  const client = useQueryClient();
  return useAction({
    mutationFn: (body: { confirm?: true }) =>
      call("POST /api/v1/messages/:id/retry", { params: { id: message.id }, body }),
    onSuccess: (changed) => putMessage(client, changed),
    onError: (error) => toast("bad", NOTE.not_sent_again, wordsOf(error)),
  });
}
