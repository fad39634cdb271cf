import { followConversation } from "../../automations/automations.ts";
import { Problem } from "../../base/base.ts";
import { found, sql, type Database, type Queryable } from "../../db/db.ts";
import * as inbox from "../../inbox/inbox.ts";
import { publish } from "../../live/live.ts";
import * as media from "../../media/media.ts";
import * as sending from "../../sending/sending.ts";
import type { NumberRoute } from "../connections/connections.ts";
import { read } from "../../contract/contract.ts";
import { may, type HandlersUnder } from "../http/http.ts";
import type { Caller } from "../people/people.ts";
import type { AudienceRoute } from "./audience-handlers.ts";
import type { ConsentRoute } from "./consent-handlers.ts";
import { type HandlerDeps, userIdOf } from "./handler-deps.ts";
import type { PeopleRoute } from "./people-handlers.ts";
import { listWebhooksOf } from "./journal-pages.ts";

/** Conversations, messages and their files, contacts, and the numbers that they are written from. */
export function inboxHandlers(
  deps: HandlerDeps,
): Omit<
  HandlersUnder<"conversations" | "messages" | "media" | "contacts" | "phone_numbers">,
  AudienceRoute | ConsentRoute | PeopleRoute | NumberRoute
> {
  const { db } = deps;
  return {
    "GET /api/v1/conversations": async ({ caller, query: { assignee, failed, ...query } }) =>
      inbox.listConversations(
        db,
        caller.workspace_id,
        { ...query, failed: failed === "true", assignee: assignee === "me" ? userIdOf(caller) : assignee },
        caller.viewer,
      ),
    "GET /api/v1/conversations/counts": ({ caller }) =>
      inbox.countConversations(db, caller.workspace_id, caller.viewer),
    "GET /api/v1/conversations/:id": ({ caller, params }) =>
      inbox.getConversation(db, caller.workspace_id, params.id),
    "PATCH /api/v1/conversations/:id": async ({ caller, params, body }) => {
      if (body.assignee_id) await requireMember(db, caller.workspace_id, body.assignee_id);
      const now = new Date(deps.clock.now());
      await db.transaction(async (tx) => {
        const changes = await inbox.updateConversation(tx, caller.workspace_id, params.id, body);
        if (changes === null) throw new Problem("NOT_FOUND");
        if (body.read) await sending.noteMark(tx, caller.workspace_id, params.id, false);
        await publish(tx, [
          ...changes,
          ...(await followConversation(tx, caller.workspace_id, params.id, body, now)),
        ]);
      });
      return inbox.getConversation(db, caller.workspace_id, params.id);
    },
    "GET /api/v1/conversations/:id/messages": ({ caller, params, query }) =>
      inbox.listMessages(db, caller.workspace_id, params.id, query),
    "POST /api/v1/conversations/:id/messages": ({ caller, params, body, keep }) =>
      sending.writeTo(db, caller.workspace_id, params.id, by(caller, body), sourceOf(caller), keep),
    "POST /api/v1/conversations/:id/typing": async ({ caller, params }) => {
      await sending.type(db, caller.workspace_id, params.id);
      return null;
    },
    "POST /api/v1/messages": ({ caller, body, keep }) =>
      sending.writeFrom(db, caller.workspace_id, by(caller, body), sourceOf(caller), async (tx, message) => {
        await requireSeen(tx, caller, message.conversation_id);
        await keep(tx, message);
      }),
    "POST /api/v1/messages/:id/retry": ({ caller, params, body, keep }) =>
      sending.retry(db, caller.workspace_id, params.id, { ...by(caller, body), listen: deps.listen }, keep),
    "POST /api/v1/messages/:id/cancel": ({ caller, params }) =>
      sending.cancel(db, caller.workspace_id, params.id, deps),
    "POST /api/v1/phone_numbers/:id/resume": async ({ caller, params }) => {
      await sending.resume(db, caller.workspace_id, params.id);
      return sending.getPhoneNumber(db, caller.workspace_id, params.id);
    },
    "GET /api/v1/messages": ({ caller, query }) =>
      inbox.findByWamid(db, caller.workspace_id, query.wamid, caller.viewer),
    "GET /api/v1/messages/:id": async ({ caller, params }) => {
      const message = found((await inbox.messagesByIds(db, caller.workspace_id, [params.id]))[0]);
      // Who sends campaigns follows what was sent; what customers write is the Inbox's.
      if (message.direction === "INBOUND" && !may(caller, read("inbox"))) throw new Problem("NOT_FOUND");
      return message;
    },
    "GET /api/v1/messages/:id/webhooks": ({ caller, params, query }) =>
      listWebhooksOf(deps, caller.workspace_id, params.id, query),
    "GET /api/v1/media/:id": ({ caller, params }) => media.getFile(db, caller.workspace_id, params.id),
    "POST /api/v1/media/:id/retry": ({ caller, params }) =>
      media.retryFile(db, deps.clock, caller.workspace_id, params.id),
    "GET /api/v1/contacts/:id": ({ caller, params }) => inbox.getContact(db, caller.workspace_id, params.id),
    "GET /api/v1/phone_numbers": async ({ caller }) => ({
      data: await sending.listPhoneNumbers(db, caller.workspace_id),
    }),
  };
}

/** Nothing is written into a conversation that the writer doesn't see: what was begun is undone. */
async function requireSeen(tx: Queryable, { workspace_id, viewer }: Caller, id: string): Promise<void> {
  if (!(await inbox.seesThing(tx, workspace_id, viewer, { shown: "conversation", id })))
    throw new Problem(
      "FORBIDDEN",
      "This conversation is with someone else, or on a number that isn't yours.",
    );
}

const sourceOf = (caller: Caller): sending.Source => (caller.user ? "AGENT" : "API");
/** What is asked for, with the person who asks. */
const by = <Body extends object>(caller: Caller, body: Body) => ({ ...body, user_id: caller.user?.id });

async function requireMember(db: Database, workspace_id: string, user_id: string): Promise<void> {
  const member = await db.first(
    sql`select from members where workspace_id = ${workspace_id} and user_id = ${user_id} and deactivated_at is null`,
  );
  if (!member) throw new Problem("INVALID_REQUEST", "body.assignee_id: no one in your workspace has this id");
}
