import * as inbox from "../../inbox/inbox.ts";
import { publish } from "../../live/live.ts";
import type { Handlers } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** Private notes, on contacts and in their conversations. */
export function noteHandlers({ db, clock }: HandlerDeps) {
  return {
    "GET /api/v1/contacts/:id/notes": ({ caller, params, query }) =>
      inbox.listNotes(db, caller.workspace_id, params.id, query),
    "POST /api/v1/contacts/:id/notes": ({ caller, params, body, keep }) =>
      db.transaction(async (tx) => {
        const by = { user_id: caller.user?.id ?? null, at: new Date(clock.now()) };
        const { note, changes } = await inbox.writeNote(tx, caller.workspace_id, params.id, body, by);
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
  } satisfies Partial<Handlers>;
}

export type NoteRoute = keyof ReturnType<typeof noteHandlers>;
