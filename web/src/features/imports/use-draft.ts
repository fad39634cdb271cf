import { useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/page/toast.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { changed, changeOf, type Wanted } from "./draft-changes.ts";
import { type Change, type Import, importQuery } from "./queries.ts";
import { STEPS } from "./texts.ts";

/**
 * Changes to a draft, saved one after the other as they are made. They show at once; what the server makes of them (the
 * columns of a file that is read anew, what is still to be decided) comes with the answer to the last.
 */
export function useDraft(imported: Import): { change: (wanted: Wanted) => void; saving: boolean } {
  const client = useQueryClient();
  const { id } = imported;
  const { queryKey } = importQuery(id);
  const mutationKey = ["import-change", id];
  const saving = useIsMutating({ mutationKey }) > 0;
  const show = (change: Change) => client.setQueryData(queryKey, (now) => now && changed(now, change));
  const pending = () =>
    client
      .getMutationCache()
      .findAll({ mutationKey, status: "pending" })
      .map(({ state }) => state.variables as Change);
  const { mutate } = useMutation({
    mutationKey,
    scope: { id: `import ${id}` },
    mutationFn: (body: Change) => call("PATCH /api/v1/imports/:id", { params: { id }, body }),
    onMutate: async () => {
      if (client.isFetching({ queryKey }) === 0) return;
      // An answer from before would undo what is shown.
      await client.cancelQueries({ queryKey });
      for (const one of pending()) show(one);
    },
    onSuccess: (saved) => {
      if (client.isMutating({ mutationKey }) === 1) client.setQueryData(queryKey, saved);
    },
    onError: (error) => {
      toast("bad", STEPS.failed, wordsOf(error));
      void client.invalidateQueries({ queryKey });
    },
  });
  // At once, as a box that is checked has to be.
  const change = (wanted: Wanted) => {
    const body = changeOf(client.getQueryData(queryKey) ?? imported, pending(), wanted);
    show(body);
    mutate(body);
  };
  return { change, saving };
}
