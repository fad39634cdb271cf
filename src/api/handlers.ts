import { Problem, systemClock } from "../base/base.ts";
import type { Connections } from "../connections/connections.ts";
import { found, sql, type Database } from "../db/db.ts";
import * as delivery from "../delivery/delivery.ts";
import type { Endpoints, Recoveries, Sender, Tester } from "../delivery/delivery.ts";
import * as inbox from "../inbox/inbox.ts";
import type { Journal } from "../journal/journal.ts";
import * as media from "../media/media.ts";
import { publish, readEnd } from "../live/live.ts";
import { CATALOGUE } from "../meta/meta.ts";
import * as notices from "../notices/notices.ts";
import * as sending from "../sending/sending.ts";
import { filterOf, getWebhook, listJournal, listWebhooksOf } from "./journal.ts";
import { listApiKeys, makeApiKey, revokeApiKey } from "./api-keys.ts";
import { may } from "./gate.ts";
import { createDeliveryLog } from "./delivery-log.ts";
import type { Handlers } from "./mount.ts";
import type { Caller, People } from "./people.ts";
import { sandboxOf, type Sandbox } from "./sandbox.ts";
import { dismissSetup, readSetup } from "./setup.ts";
import { readSystem, type Installation } from "./system.ts";
import { templateHandlers, type TemplateDeps } from "./templates.ts";

export interface HandlerDeps extends TemplateDeps {
  db: Database;
  journal: Pick<Journal, "list" | "counts" | "neighbours" | "get" | "retry" | "retention_days">;
  endpoints: Endpoints;
  recoveries: Pick<Recoveries, "count" | "begin" | "countChosen" | "resend" | "list" | "cancel">;
  tester: Pick<Tester, "test">;
  sender: Pick<Sender, "send">;
  sandbox: Sandbox | null;
  people: Pick<People, "updateProfile">;
  connections: Pick<Connections, "list">;
  installation: Installation;
}

/** The contract's table, answered: each line binds a question of the screens to the caller's workspace. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const { db, journal, endpoints, recoveries, tester, sender, installation } = deps;
  const { mode } = installation;
  const deliveryLog = createDeliveryLog(deps);
  const sandbox = (caller: Caller) => sandboxOf(deps.sandbox, caller);

  const drive = async (caller: Caller, work: (meta: Sandbox) => Promise<void>) => {
    const meta = sandbox(caller);
    await work(meta);
    return meta.state();
  };

  return {
    "GET /api/v1/me": async ({ caller }) => ({
      user: caller.user,
      workspace: { id: caller.workspace_id, name: caller.workspace_name },
      role: caller.role,
      needs_password: caller.needs_password,
      mode,
      live_cursor: String(await readEnd(db, caller.workspace_id)),
    }),
    "PATCH /api/v1/me": async ({ caller, body }) => {
      await deps.people.updateProfile(caller, body);
      const id = me(caller);
      return found(await db.first<User>(sql`select id, name, email from users where id = ${id}`));
    },
    "PATCH /api/v1/workspace": async ({ caller, body }) => {
      const id = caller.workspace_id;
      await db.run(sql`update workspaces set name = ${body.name} where id = ${id}`);
      return { id, name: body.name };
    },
    "GET /api/v1/setup": ({ caller }) => readSetup(db, caller.workspace_id, mode),
    "PATCH /api/v1/setup": async ({ caller, body }) => {
      await dismissSetup(db, caller.workspace_id, body.dismissed);
      return readSetup(db, caller.workspace_id, mode);
    },
    "GET /api/v1/system": ({ caller }) => readSystem(db, installation, may(caller, "own")),
    "GET /api/v1/connections": async ({ caller }) => ({
      data: await deps.connections.list(caller.workspace_id),
    }),
    "GET /api/v1/api_keys": ({ caller, query }) => listApiKeys(db, caller.workspace_id, query),
    "POST /api/v1/api_keys": ({ caller, body, keep }) =>
      makeApiKey(db, caller.workspace_id, { ...body, created_by: caller.user?.id ?? null }, keep),
    "DELETE /api/v1/api_keys/:id": async ({ caller, params }) => {
      await revokeApiKey(db, caller.workspace_id, params.id);
      return null;
    },

    "GET /api/v1/conversations": async ({ caller, query: { assignee, failed, ...query } }) =>
      inbox.listConversations(db, caller.workspace_id, {
        ...query,
        failed: failed === "true",
        assignee: assignee === "me" ? me(caller) : assignee,
      }),
    "GET /api/v1/conversations/counts": ({ caller }) => inbox.countConversations(db, caller.workspace_id),
    "GET /api/v1/conversations/:id": ({ caller, params }) =>
      inbox.getConversation(db, caller.workspace_id, params.id),
    "PATCH /api/v1/conversations/:id": async ({ caller, params, body }) => {
      if (body.assignee_id) await requireMember(db, caller.workspace_id, body.assignee_id);
      await db.transaction(async (tx) => {
        const changes = await inbox.updateConversation(tx, caller.workspace_id, params.id, body);
        if (changes === null) throw new Problem("NOT_FOUND");
        if (body.read) await sending.noteMark(tx, caller.workspace_id, params.id, false);
        await publish(tx, changes);
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
      sending.writeFrom(db, caller.workspace_id, by(caller, body), sourceOf(caller), keep),
    "POST /api/v1/messages/:id/retry": ({ caller, params, body, keep }) =>
      sending.retry(db, caller.workspace_id, params.id, by(caller, body), keep),
    "POST /api/v1/messages/:id/cancel": ({ caller, params }) =>
      sending.cancel(db, caller.workspace_id, params.id),
    "POST /api/v1/phone_numbers/:id/resume": async ({ caller, params }) => {
      await sending.resume(db, caller.workspace_id, params.id);
      return sending.getPhoneNumber(db, caller.workspace_id, params.id);
    },
    "GET /api/v1/messages": ({ caller, query }) => inbox.findByWamid(db, caller.workspace_id, query.wamid),
    "GET /api/v1/messages/:id/webhooks": ({ caller, params, query }) =>
      listWebhooksOf(deps, caller.workspace_id, params.id, query),
    "GET /api/v1/media/:id": ({ caller, params }) => media.getFile(db, caller.workspace_id, params.id),
    "POST /api/v1/media/:id/retry": ({ caller, params }) =>
      media.retryFile(db, systemClock, caller.workspace_id, params.id),
    "GET /api/v1/contacts": ({ caller, query }) => inbox.listContacts(db, caller.workspace_id, query),
    "GET /api/v1/contacts/:id": ({ caller, params }) => inbox.getContact(db, caller.workspace_id, params.id),
    "GET /api/v1/phone_numbers": async ({ caller }) => ({
      data: await sending.listPhoneNumbers(db, caller.workspace_id),
    }),

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

    ...templateHandlers(deps),

    "GET /api/v1/journal": ({ caller, query }) => listJournal(deps, caller.workspace_id, query),
    "GET /api/v1/journal/:id": ({ caller, params }) => getWebhook(deps, caller.workspace_id, params.id),
    "GET /api/v1/journal/:id/neighbours": async ({ caller, params, query }) =>
      journal.neighbours(
        caller.workspace_id,
        params.id,
        (await filterOf(db, caller.workspace_id, query)).filter,
      ),
    "GET /api/v1/journal/:id/deliveries": async ({ caller, params }) => {
      found(await journal.get(caller.workspace_id, params.id));
      return { data: await delivery.listDeliveriesOf(db, caller.workspace_id, params.id) };
    },
    "POST /api/v1/journal/:id/retry": ({ caller, params }) => journal.retry(caller.workspace_id, params.id),

    "GET /api/v1/unmatched_messages": async ({ caller, query }) => {
      const [page, counts] = await Promise.all([
        inbox.listUnmatched(db, caller.workspace_id, query),
        inbox.countUnmatched(db, caller.workspace_id),
      ]);
      return { ...page, counts };
    },

    "GET /api/v1/endpoints": ({ caller, query }) => endpoints.list(caller.workspace_id, query),
    "POST /api/v1/endpoints": ({ caller, body, keep }) =>
      endpoints.create(caller.workspace_id, body, caller.user?.id, keep),
    "GET /api/v1/endpoints/:id": ({ caller, params }) => endpoints.get(caller.workspace_id, params.id),
    "PATCH /api/v1/endpoints/:id": ({ caller, params, body }) =>
      endpoints.update(caller.workspace_id, params.id, body, caller.user?.id),
    "DELETE /api/v1/endpoints/:id": async ({ caller, params }) => {
      await endpoints.remove(caller.workspace_id, params.id);
      return null;
    },
    "POST /api/v1/endpoints/:id/rotate-secret": ({ caller, params, keep }) =>
      endpoints.rotateSecret(caller.workspace_id, params.id, caller.user?.id, keep),
    "POST /api/v1/endpoints/:id/prepare-secret": ({ caller, params, keep }) =>
      endpoints.prepareSecret(caller.workspace_id, params.id, caller.user?.id, keep),
    "POST /api/v1/endpoints/:id/activate-secret": ({ caller, params }) =>
      endpoints.activateSecret(caller.workspace_id, params.id, caller.user?.id),
    "DELETE /api/v1/endpoints/:id/prepared-secret": async ({ caller, params }) => {
      await endpoints.discardSecret(caller.workspace_id, params.id, caller.user?.id);
      return null;
    },
    "POST /api/v1/endpoints/:id/test": ({ caller, params, body }) =>
      tester.test(caller.workspace_id, params.id, body),
    "POST /api/v1/endpoints/:id/probe": ({ caller, params }) =>
      delivery.probe({ db, sender }, caller.workspace_id, params.id),
    "POST /api/v1/endpoints/:id/restore-headers": ({ caller, params, body }) =>
      endpoints.restoreHeaders(caller.workspace_id, params.id, body.names, caller.user?.id),
    "GET /api/v1/endpoints/:id/history": ({ caller, params, query }) =>
      delivery.listHistory(db, caller.workspace_id, params.id, query),
    "GET /api/v1/endpoints/samples": async () => ({ data: delivery.samples(Date.now()) }),
    "GET /api/v1/endpoints/stats": async ({ caller }) => ({
      data: await delivery.statsOfAll(db, caller.workspace_id, Date.now()),
    }),
    "GET /api/v1/endpoints/:id/stats": ({ caller, params, query }) =>
      delivery.statsOf(db, caller.workspace_id, params.id, query.range, Date.now()),
    "GET /api/v1/endpoints/:id/deliveries": async ({ caller: { workspace_id }, params, query }) => {
      const { cursor, limit, ...filter } = query;
      const found = await deliveryLog.find(workspace_id, filter);
      const page = await delivery.listDeliveries(db, workspace_id, params.id, { ...found, cursor, limit });
      return { ...page, data: await deliveryLog.say(workspace_id, page.data, found.names) };
    },
    "POST /api/v1/endpoints/:id/resendable": async ({ caller: { workspace_id }, params, body }) =>
      recoveries.countChosen(workspace_id, params.id, await deliveryLog.choose(workspace_id, body)),
    "POST /api/v1/endpoints/:id/resend": async ({ caller, params, body, keep }) => {
      const { workspace_id, user } = caller;
      const choice = await deliveryLog.choose(workspace_id, body);
      return recoveries.resend(workspace_id, params.id, choice, body.rate_per_s, user?.id, keep);
    },
    "POST /api/v1/endpoints/:id/cancellable": async ({ caller: { workspace_id }, params, body }) =>
      delivery.countCancellable(db, workspace_id, params.id, await deliveryLog.choose(workspace_id, body)),
    "POST /api/v1/endpoints/:id/cancel": async ({ caller: { workspace_id }, params, body }) =>
      delivery.cancelChosen(db, workspace_id, params.id, await deliveryLog.choose(workspace_id, body)),
    "POST /api/v1/endpoints/:id/cancel-pending": ({ caller, params }) =>
      delivery.cancelPending(db, caller.workspace_id, params.id),
    "POST /api/v1/endpoints/:id/uncancel-pending": ({ caller, params, body }) =>
      delivery.uncancelPending(db, caller.workspace_id, params.id, body.cancelled_at),
    "GET /api/v1/endpoints/:id/recoverable": ({ caller, params, query }) =>
      recoveries.count(caller.workspace_id, params.id, query),
    "POST /api/v1/endpoints/:id/recover": ({ caller, params, body, keep }) =>
      recoveries.begin(caller.workspace_id, params.id, body, caller.user?.id, keep),
    "GET /api/v1/endpoints/:id/recoveries": ({ caller, params, query }) =>
      recoveries.list(caller.workspace_id, params.id, query),
    "POST /api/v1/recoveries/:id/cancel": ({ caller, params }) =>
      recoveries.cancel(caller.workspace_id, params.id),
    "GET /api/v1/deliveries/:id": async ({ caller: { workspace_id }, params }) =>
      deliveryLog.sayOne(workspace_id, await delivery.getDelivery(db, workspace_id, params.id)),
    "GET /api/v1/deliveries/:id/payload": ({ caller, params }) =>
      delivery.getPayload(db, caller.workspace_id, params.id),
    "POST /api/v1/deliveries/:id/resend": ({ caller, params, keep }) =>
      delivery.resend(db, caller.workspace_id, params.id, keep),
    "POST /api/v1/deliveries/:id/send-now": async ({ caller: { workspace_id }, params }) =>
      deliveryLog.sayOne(workspace_id, await sender.send(workspace_id, params.id)),
    "POST /api/v1/deliveries/:id/cancel": ({ caller, params }) =>
      delivery.cancel(db, caller.workspace_id, params.id),
    "POST /api/v1/deliveries/:id/uncancel": ({ caller, params }) =>
      delivery.uncancel(db, caller.workspace_id, params.id),

    "GET /api/v1/sandbox": async ({ caller }) => sandbox(caller).describe(),
    "POST /api/v1/sandbox/messages": async ({ caller, body }) => sandbox(caller).play(body),
    "GET /api/v1/sandbox/simulator": async ({ caller }) => sandbox(caller).state(),
    "PATCH /api/v1/sandbox/simulator": ({ caller, body }) => drive(caller, (meta) => meta.change(body)),
    "POST /api/v1/sandbox/simulator/steps": ({ caller, body }) => drive(caller, (meta) => meta.take(body)),
    "POST /api/v1/sandbox/simulator/play": ({ caller, body }) => drive(caller, (meta) => meta.start(body)),
    "DELETE /api/v1/sandbox/simulator/play": ({ caller }) => drive(caller, (meta) => meta.halt()),
  };
}

type User = NonNullable<Caller["user"]>;

const sourceOf = (caller: Caller): sending.Source => (caller.user ? "AGENT" : "API");
/** What is asked for, with the person who asks. */
const by = <Body extends object>(caller: Caller, body: Body) => ({ ...body, user_id: caller.user?.id });

/** An API key is no user, so nothing is assigned to it. */
function me(caller: Caller): string {
  if (!caller.user) throw new Problem("INVALID_REQUEST", "query.assignee: `me` needs a signed-in person");
  return caller.user.id;
}

async function requireMember(db: Database, workspace_id: string, user_id: string): Promise<void> {
  const member = await db.first(
    sql`select from members where workspace_id = ${workspace_id} and user_id = ${user_id}`,
  );
  if (!member) throw new Problem("INVALID_REQUEST", "body.assignee_id: no one in your workspace has this id");
}
