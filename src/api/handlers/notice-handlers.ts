import { publish } from "../../live/live.ts";
import { CATALOGUE } from "../../meta/meta.ts";
import * as notices from "../../notices/notices.ts";
import * as templates from "../../templates/templates.ts";
import type { HandlersUnder } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** Notices, Meta's errors, and message templates. */
export function noticeHandlers({
  db,
  clock,
}: HandlerDeps): HandlersUnder<"notices" | "meta_errors" | "templates"> {
  return {
    "GET /api/v1/notices": async ({ caller, query }) => {
      const [page, counts] = await Promise.all([
        notices.listNotices(db, caller.workspace_id, query),
        notices.countOpen(db, caller.workspace_id),
      ]);
      return { ...page, counts };
    },
    "POST /api/v1/notices/:id/dismiss": ({ caller, params }) =>
      db.transaction(async (tx) => {
        const dismissed = await notices.dismissNotice(tx, caller.workspace_id, params.id, caller.user?.id);
        await publish(tx, dismissed.changes);
        return dismissed.notice;
      }),

    "GET /api/v1/meta_errors": async () => ({ data: CATALOGUE }),

    "GET /api/v1/templates": async ({ caller, query }) => {
      const [page, syncs] = await Promise.all([
        templates.listTemplates(db, caller.workspace_id, query),
        templates.listSyncs(db, clock, caller.workspace_id),
      ]);
      return { ...page, syncs };
    },
    "POST /api/v1/templates/sync": async ({ caller }) => ({
      data: await templates.syncNow(db, clock, caller.workspace_id),
    }),
    "GET /api/v1/templates/:id": ({ caller, params }) =>
      templates.getTemplate(db, caller.workspace_id, params.id),
  };
}
