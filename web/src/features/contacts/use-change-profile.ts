import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/page/toast.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { CONTACTS, type ProfileChange } from "./queries.ts";
import { NOT_SAVED } from "./texts.ts";

/** Changes a contact as soon as a field is left: the page shows what the server then has. */
export function useChangeProfile(id: string) {
  const client = useQueryClient();
  return useMutation({
    // One after the other: what was typed last stays.
    scope: { id: `contact ${id}` },
    mutationFn: (body: ProfileChange) => call("PATCH /api/v1/contacts/:id/profile", { params: { id }, body }),
    onSuccess: (profile) => client.setQueryData(["contact", id, "profile"], profile),
    onError: (error) => toast("bad", NOT_SAVED, wordsOf(error)),
    onSettled: () =>
      Promise.all(
        [["contact", id], [CONTACTS], ["tags"], ["lists"]].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
