import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { templatesQuery } from "../../lib/server/queries.ts";
import type { TemplateSync } from "../../lib/types.ts";

const ASK_AGAIN_MS = 1_500;
const isBusy = (sync: TemplateSync | undefined) => sync !== undefined && sync.state !== "idle";
/** One that was never read is about to be. */
const isDue = (sync: TemplateSync | undefined) => sync?.read_at === null && sync.error === null;

/** The templates of an account (null: of all), and having its list read from Meta. */
export function useTemplateSync(waba_id: string | null) {
  const client = useQueryClient();
  const of = (syncs: readonly TemplateSync[] | undefined) =>
    syncs?.find((each) => waba_id === null || each.waba_id === waba_id);
  const query = useQuery({
    ...templatesQuery,
    // What changed is told live; that it has ended is not.
    refetchInterval: ({ state }) => {
      const sync = of(state.data?.syncs);
      return isBusy(sync) || isDue(sync) ? ASK_AGAIN_MS : false;
    },
  });
  const asked = useAction(
    {
      mutationFn: () => call("POST /api/v1/templates/sync", {}),
      onSuccess: ({ data: syncs }) =>
        client.setQueryData(templatesQuery.queryKey, (now) => now && { ...now, syncs }),
      onSettled: () => client.invalidateQueries({ queryKey: templatesQuery.queryKey }),
    },
    0,
  );
  const sync = of(query.data?.syncs);
  return {
    query,
    templates: query.data?.data.filter((each) => waba_id === null || each.waba_id === waba_id),
    sync,
    busy: asked.isPending || isBusy(sync),
    /** It was read since the page asked for it. */
    asked: asked.isSuccess && !isBusy(sync),
    problem: asked.error,
    ask: () => asked.mutate(),
  };
}
export type TemplateSyncing = ReturnType<typeof useTemplateSync>;
