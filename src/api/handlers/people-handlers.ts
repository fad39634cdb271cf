import * as audience from "../../audience/audience.ts";
import { automationsNaming, forgetRuns } from "../../automations/automations.ts";
import { forgetExclusions, forgetRecipient } from "../../campaigns/campaigns.ts";
import type { Reply, Seen } from "../../contract/contract.ts";
import { found, sql, type Database } from "../../db/db.ts";
import * as inbox from "../../inbox/inbox.ts";
import { publish } from "../../live/live.ts";
import * as media from "../../media/media.ts";
import { forgetNotices } from "../../notices/notices.ts";
import * as sending from "../../sending/sending.ts";
import type { Handlers } from "../http/http.ts";
import { listUsers } from "../members/members.ts";
import { telling, today } from "./audience-handlers.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/**
 * Contacts as a page of them needs it: found, made, changed many at a time, merged and erased; and the private notes on them.
 */
export function peopleHandlers(deps: HandlerDeps) {
  const { db, clock, join_followers } = deps;
  return {
    "GET /api/v1/contacts": ({ caller, query }) =>
      audience.listContacts(db, caller.workspace_id, query, today(clock)),
    "GET /api/v1/contacts/count": ({ caller, query }) =>
      audience.countContacts(db, caller.workspace_id, query, today(clock)),
    "POST /api/v1/contacts": ({ caller, body }) =>
      audience.addContact(db, caller.workspace_id, body, telling(deps)),
    "POST /api/v1/contacts/bulk": ({ caller, body }) =>
      audience.changeMany(db, caller.workspace_id, body, today(clock), telling(deps)),
    "GET /api/v1/contacts/:id/conversations": async ({
      caller: { workspace_id, viewer },
      params: { id },
    }) => {
      found(await db.first(sql`select from contacts where workspace_id = ${workspace_id} and id = ${id}`));
      return { data: await inbox.conversationsOf(db, workspace_id, id, viewer) };
    },
    "GET /api/v1/contacts/:id/campaigns": ({ caller, params, query }) =>
      audience.receivedBy(db, caller.workspace_id, params.id, query),
    "GET /api/v1/contacts/:id/merge": ({ caller, params, query }) =>
      audience.previewMerge(db, caller.workspace_id, params.id, query.from_id),
    "POST /api/v1/contacts/:id/merge": ({ caller, params, body }) =>
      audience.merge(db, caller.workspace_id, params.id, body.from_id, {
        now_ms: clock.now(),
        others: join_followers,
      }),
    "GET /api/v1/contacts/:id/erase": ({ caller, params }) =>
      previewErasure(deps, caller.workspace_id, params.id),
    "POST /api/v1/contacts/:id/erase": ({ caller, params }) => erase(deps, caller.workspace_id, params.id),
    "GET /api/v1/contacts/:id/notes": ({ caller, params, query }) =>
      inbox.listNotes(db, caller, params.id, query),
    "POST /api/v1/contacts/:id/notes": ({ caller, params, body, keep }) =>
      db.transaction(async (tx) => {
        const by = { user_id: caller.user?.id ?? null, at: new Date(clock.now()) };
        const { note, changes } = await inbox.writeNote(tx, caller, params.id, body, by);
        await keep(tx, note);
        await publish(tx, changes);
        return note;
      }),
    "GET /api/v1/conversations/:id/notes": ({ caller, params, query }) =>
      inbox.listNotesOf(db, caller.workspace_id, params.id, query),
    "DELETE /api/v1/notes/:id": ({ caller, params }) =>
      db.transaction(async (tx) => {
        await publish(tx, await inbox.deleteNote(tx, caller.workspace_id, params.id));
        return null;
      }),
    "GET /api/v1/campaign_names": ({ caller }) => audience.campaignNames(db, caller.workspace_id),
    "GET /api/v1/audience_uses": ({ caller, query }) => usesOf(db, caller.workspace_id, query),
    "GET /api/v1/users": async ({ caller }) => ({ data: await listUsers(db, caller.workspace_id) }),
  } satisfies Partial<Handlers>;
}

export type PeopleRoute = keyof ReturnType<typeof peopleHandlers>;

/** What uses a tag, list, segment or field; automations also by a segment that names it. */
async function usesOf(
  db: Database,
  workspace_id: string,
  thing: Seen<"GET /api/v1/audience_uses">["query"],
): Promise<Reply<"GET /api/v1/audience_uses">> {
  const uses = await audience.usesOf(db, workspace_id, thing);
  const ids = [thing.id, ...uses.segments.map(({ id }) => id)];
  return { ...uses, automations: await automationsNaming(db, workspace_id, ids) };
}

async function previewErasure(
  { db, journal }: HandlerDeps,
  workspace_id: string,
  id: string,
): Promise<Reply<"GET /api/v1/contacts/:id/erase">> {
  found(await db.first(sql`select from contacts where workspace_id = ${workspace_id} and id = ${id}`));
  const { messages, file_refs } = await inbox.measureContact(db, workspace_id, id);
  return {
    messages,
    files: await media.countFiles(db, workspace_id, file_refs),
    queued: await sending.countQueuedTo(db, workspace_id, id),
    journal_days: journal.retention_days,
  };
}

/** Every module takes from its rows what tells of the person, in one transaction; the bytes of files go after it. */
async function erase(
  { db, files, clock, listen, log }: HandlerDeps,
  workspace_id: string,
  id: string,
): Promise<Reply<"POST /api/v1/contacts/:id/erase">> {
  const { gone, ...done } = await db.transaction(async (tx) => {
    const at = new Date(clock.now());
    await forgetExclusions(tx, workspace_id, id);
    const erased = await inbox.eraseContact(tx, workspace_id, id, at);
    const queued = await sending.forgetSends(tx, workspace_id, id, { ...erased, at, listen });
    const gone = await media.eraseFiles(tx, workspace_id, erased.file_refs);
    await audience.forgetContact(tx, workspace_id, id);
    await forgetRecipient(tx, workspace_id, id);
    await forgetRuns(tx, workspace_id, id);
    const told = await forgetNotices(tx, workspace_id, id);
    await publish(tx, [...erased.changes, ...told]);
    return { gone, messages: erased.message_ids.length, files: gone.length, queued };
  });
  await media
    .removeErased({ db, files }, workspace_id, gone)
    .catch((error: unknown) =>
      log.warn({ error }, "files of a person who was erased go with the next retention"),
    );
  return done;
}
