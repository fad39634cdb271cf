import { publish } from "../../live/live.ts";
import { CATALOGUE } from "../../meta/meta.ts";
import * as notices from "../../notices/notices.ts";
import type { HandlersUnder } from "../http/http.ts";
import { type HandlerDeps, userIdOf } from "./handler-deps.ts";

/** Notices, and Meta's errors. */
export function noticeHandlers({
  db,
  mail_configured,
}: HandlerDeps): HandlersUnder<"notices" | "meta_errors" | "notice_preferences"> {
  return {
    "GET /api/v1/notices": async ({ caller, query }) => {
      const [page, counts] = await Promise.all([
        notices.listNotices(db, caller.workspace_id, query, caller.user?.id),
        notices.countOpen(db, caller.workspace_id, caller.user?.id),
      ]);
      return { ...page, counts };
    },
    "POST /api/v1/notices/:id/dismiss": ({ caller, params }) =>
      db.transaction(async (tx) => {
        const dismissed = await notices.dismissNotice(tx, caller.workspace_id, params.id, caller.user?.id);
        await publish(tx, dismissed.changes);
        return dismissed.notice;
      }),

    "GET /api/v1/notice_preferences": async ({ caller }) => ({
      ...(await notices.readPreferences(db, caller.workspace_id, userIdOf(caller, "what is told by email"))),
      mail_configured: mail_configured === true,
    }),
    "PUT /api/v1/notice_preferences": async ({ caller, body }) => {
      const user_id = userIdOf(caller, "what is told by email");
      await notices.savePreferences(db, caller.workspace_id, user_id, body);
      return notices.readPreferences(db, caller.workspace_id, user_id);
    },

    "GET /api/v1/meta_errors": async () => ({ data: CATALOGUE }),
  };
}
