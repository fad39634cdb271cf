import { useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { PICK } from "../../conversation/conditions/texts.ts";

/** Makes a tag or a list where one was about to choose it. */
export function useCreate() {
  const client = useQueryClient();
  const failed = (error: Error) => toast("bad", PICK.failed, wordsOf(error));
  return {
    tag: useAction({
      mutationFn: (name: string) => call("POST /api/v1/tags", { body: { name } }),
      onSuccess: () => client.invalidateQueries({ queryKey: ["tags"] }),
      onError: failed,
    }),
    list: useAction({
      mutationFn: (name: string) => call("POST /api/v1/lists", { body: { name } }),
      onSuccess: () => client.invalidateQueries({ queryKey: ["lists"] }),
      onError: failed,
    }),
  };
}
