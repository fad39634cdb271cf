import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem, call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Form } from "./editor-model.ts";
import { type Draft, draftQuery } from "./queries.ts";
import { EDITOR } from "./texts.ts";

/** Saves, submits and throws away what is in the editor. `onSaved`: nothing would be lost by leaving. */
export function useDraftActions(draft: Draft | null, form: Form, onSaved: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const forget = () =>
    Promise.all(
      ["template-drafts", "template-counts", "template-list", "template", "template-media"].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    );
  const { waba_id, ...content } = form;
  const store = async (): Promise<Draft> => {
    const body = { ...content, name: content.name.trim() };
    const stored = draft
      ? await call("PATCH /api/v1/template_drafts/:id", {
          params: { id: draft.id },
          body: { ...body, version: draft.version },
        })
      : await call("POST /api/v1/template_drafts", { body: { ...body, waba_id } });
    client.setQueryData(draftQuery(stored.id).queryKey, stored);
    onSaved();
    return stored;
  };
  const open = (id: string) =>
    navigate({
      to: "/templates/drafts/$draft_id",
      params: { draft_id: id },
      replace: true,
      ignoreBlocker: true,
    });

  const save = useAction({
    mutationFn: store,
    onSuccess: (stored) => {
      toast("good", EDITOR.saved, EDITOR.saved_text);
      if (!draft) void open(stored.id);
    },
    onError: (error) => toast("bad", EDITOR.not_saved, wordsOf(error)),
    onSettled: forget,
  });

  const submit = useAction({
    mutationFn: async (dirty: boolean) => {
      const stored = draft && !dirty ? draft : await store();
      try {
        return await call("POST /api/v1/template_drafts/:id/submit", { params: { id: stored.id } });
      } catch (error) {
        // What Meta said is in the draft now.
        const told = await call("GET /api/v1/template_drafts/:id", { params: { id: stored.id } });
        client.setQueryData(draftQuery(stored.id).queryKey, told);
        if (!draft) void open(stored.id);
        throw error;
      }
    },
    onSuccess: ({ id }) => {
      toast("good", EDITOR.submitted, EDITOR.submitted_text);
      void navigate({ to: "/templates/$template_id", params: { template_id: id }, ignoreBlocker: true });
      if (draft) client.removeQueries({ queryKey: draftQuery(draft.id).queryKey });
    },
    onError: (error) => {
      const says = error instanceof ApiProblem ? wordsOf(error) : error.message;
      toast("bad", EDITOR.not_submitted, says);
    },
    onSettled: forget,
  });

  const discard = useAction({
    mutationFn: () => call("DELETE /api/v1/template_drafts/:id", { params: { id: draft!.id } }),
    onSuccess: () => {
      toast("good", EDITOR.discarded, draft?.name ?? "");
      void navigate({ to: "/templates", search: { state: "drafts" }, ignoreBlocker: true });
    },
    onError: (error) => toast("bad", EDITOR.not_saved, wordsOf(error)),
    onSettled: forget,
  });
  return { save, submit, discard };
}
