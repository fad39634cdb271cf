import type { Seen } from "../../contract/contract.ts";
import type { Database } from "../../db/db.ts";
import * as media from "../../media/media.ts";
import * as sending from "../../sending/sending.ts";
import * as templates from "../../templates/templates.ts";
import type { HandlersUnder } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** Templates, drafts, groups and the media library. */
export function templateHandlers(
  deps: HandlerDeps,
): HandlersUnder<"templates" | "template_drafts" | "template_groups" | "template_media"> {
  const { db, clock, files, log, template_uses: uses } = deps;
  const openSample = (workspace_id: string, id: string) =>
    media.openLibraryFile({ db, files }, workspace_id, id);
  const submitting = { ...deps, log: log.child({ part: "templates" }), openSample };
  return {
    "GET /api/v1/templates": async ({ caller, query }) => {
      const [page, syncs] = await Promise.all([
        templates.listTemplates(db, caller.workspace_id, query),
        templates.listSyncs(db, clock, caller.workspace_id),
      ]);
      return { ...page, syncs };
    },
    "GET /api/v1/templates/counts": async ({ caller }) => {
      const [counts, accounts] = await Promise.all([
        templates.countTemplates(db, caller.workspace_id),
        templates.listAccounts(db, caller.workspace_id),
      ]);
      return { ...counts, accounts };
    },
    "POST /api/v1/templates/sync": async ({ caller }) => ({
      data: await templates.syncNow(db, clock, caller.workspace_id),
    }),
    "GET /api/v1/templates/:id": ({ caller, params }) => showTemplate(deps, caller.workspace_id, params.id),
    "GET /api/v1/templates/:id/impact": ({ caller, params, query }) =>
      templates.impactOf({ db, uses }, caller.workspace_id, params.id, query.all_languages === "true"),
    "DELETE /api/v1/templates/:id": async ({ caller, params, query }) => {
      const all = query.all_languages === "true";
      await templates.deleteTemplate({ ...deps, clock }, caller.workspace_id, params.id, all);
      return null;
    },
    "POST /api/v1/templates/:id/draft": ({ caller, params, body }) =>
      templates.draftOf(db, caller.workspace_id, params.id, body.as, caller.user?.id),

    "GET /api/v1/template_drafts": ({ caller, query }) =>
      templates.listDrafts(db, caller.workspace_id, query),
    "POST /api/v1/template_drafts": ({ caller, body, keep }) =>
      templates.createDraft(db, caller.workspace_id, body, caller.user?.id, keep),
    "GET /api/v1/template_drafts/:id": ({ caller, params }) =>
      templates.getDraft(db, caller.workspace_id, params.id),
    "PATCH /api/v1/template_drafts/:id": ({ caller, params, body }) =>
      templates.updateDraft(db, caller.workspace_id, params.id, body, caller.user?.id),
    "DELETE /api/v1/template_drafts/:id": async ({ caller, params }) => {
      await templates.deleteDraft(db, caller.workspace_id, params.id);
      return null;
    },
    "POST /api/v1/template_drafts/:id/submit": ({ caller, params }) =>
      templates.submitDraft(submitting, caller.workspace_id, params.id, caller.user?.id),

    "GET /api/v1/template_groups": ({ caller, query }) =>
      templates.listGroups(db, caller.workspace_id, query),
    "POST /api/v1/template_groups": ({ caller, body, keep }) =>
      templates.createGroup(db, caller.workspace_id, body, keep),
    "GET /api/v1/template_groups/:id": ({ caller, params }) =>
      templates.getGroup(db, caller.workspace_id, params.id),
    "PATCH /api/v1/template_groups/:id": ({ caller, params, body }) =>
      templates.updateGroup(db, caller.workspace_id, params.id, body),
    "DELETE /api/v1/template_groups/:id": async ({ caller, params }) => {
      await templates.deleteGroup(db, caller.workspace_id, params.id);
      return null;
    },

    "GET /api/v1/template_media": ({ caller, query }) => listMedia(db, caller.workspace_id, query),
    "DELETE /api/v1/template_media/:id": async ({ caller, params }) => {
      await media.removeFromLibrary(db, caller.workspace_id, params.id);
      return null;
    },
  };
}

/** With what else is known of it: its use, the messages by it, and why Meta refused some. */
async function showTemplate(
  { db, clock, template_uses: uses }: HandlerDeps,
  workspace_id: string,
  id: string,
) {
  const template = await templates.getTemplate(db, workspace_id, id);
  const { waba_id, name, language } = template;
  const named = { waba_id, name: name ?? "", language: language ?? "" };
  const [about, messages, refused] = await Promise.all([
    templates.aboutTemplate({ db, clock, uses }, workspace_id, template),
    sending.messagesBy(db, workspace_id, named),
    sending.refusedBy(db, workspace_id, id),
  ]);
  return { ...template, ...about, messages, refused };
}

async function listMedia(
  db: Database,
  workspace_id: string,
  query: Seen<"GET /api/v1/template_media">["query"],
) {
  const page = await media.listLibrary(db, workspace_id, query);
  const drafts = await templates.countDraftsShowing(
    db,
    workspace_id,
    page.data.map(({ id }) => id),
  );
  return { ...page, data: page.data.map((file) => ({ ...file, drafts: drafts.get(file.id) ?? 0 })) };
}
