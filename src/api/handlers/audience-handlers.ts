import * as audience from "../../audience/audience.ts";
import type { Clock } from "../../base/base.ts";
import type { Handlers } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** Contacts' fields, tags, lists and segments, and what other systems tell. */
export function audienceHandlers(deps: HandlerDeps) {
  const { db, clock } = deps;
  return {
    "GET /api/v1/contacts/:id/profile": ({ caller, params }) =>
      audience.getProfile(db, caller.workspace_id, params.id),
    "PATCH /api/v1/contacts/:id/profile": ({ caller, params, body }) =>
      audience.changeProfile(db, caller.workspace_id, params.id, body, telling(deps)),
    "GET /api/v1/contacts/:id/events": ({ caller, params, query }) =>
      audience.listEvents(db, caller.workspace_id, params.id, query),
    "POST /api/v1/events": ({ caller, body }) =>
      audience.addEvent(db, caller.workspace_id, body, clock.now(), deps.happened),
    "GET /api/v1/contact_fields": ({ caller }) => audience.listFields(db, caller.workspace_id),
    "POST /api/v1/contact_fields": ({ caller, body }) => audience.addField(db, caller.workspace_id, body),
    "PATCH /api/v1/contact_fields/:id": ({ caller, params, body }) =>
      audience.changeField(db, caller.workspace_id, params.id, body),
    "DELETE /api/v1/contact_fields/:id": ({ caller, params }) =>
      audience.removeField(db, caller.workspace_id, params.id),
    "GET /api/v1/tags": ({ caller }) => audience.listTags(db, caller.workspace_id),
    "POST /api/v1/tags": ({ caller, body }) => audience.addTag(db, caller.workspace_id, body.name),
    "PATCH /api/v1/tags/:id": ({ caller, params, body }) =>
      audience.renameTag(db, caller.workspace_id, params.id, body.name),
    "DELETE /api/v1/tags/:id": ({ caller, params }) => audience.removeTag(db, caller.workspace_id, params.id),
    "GET /api/v1/lists": ({ caller }) => audience.listLists(db, caller.workspace_id),
    "POST /api/v1/lists": ({ caller, body }) => audience.addList(db, caller.workspace_id, body),
    "GET /api/v1/lists/:id": ({ caller, params }) => audience.getList(db, caller.workspace_id, params.id),
    "PATCH /api/v1/lists/:id": ({ caller, params, body }) =>
      audience.changeList(db, caller.workspace_id, params.id, body),
    "DELETE /api/v1/lists/:id": ({ caller, params }) =>
      audience.removeList(db, caller.workspace_id, params.id),
    "POST /api/v1/lists/:id/contacts": ({ caller, params, body }) =>
      audience.changeMembers(db, caller.workspace_id, params.id, body, telling(deps)),
    "GET /api/v1/segments": ({ caller }) => audience.listSegments(db, caller.workspace_id),
    "POST /api/v1/segments": ({ caller, body }) => audience.addSegment(db, caller.workspace_id, body),
    "POST /api/v1/segments/preview": ({ caller, body }) =>
      audience.previewRule(db, caller.workspace_id, body.rule, today(clock)),
    "GET /api/v1/segments/:id": ({ caller, params }) =>
      audience.getSegment(db, caller.workspace_id, params.id),
    "PATCH /api/v1/segments/:id": ({ caller, params, body }) =>
      audience.changeSegment(db, caller.workspace_id, params.id, body),
    "DELETE /api/v1/segments/:id": ({ caller, params }) =>
      audience.removeSegment(db, caller.workspace_id, params.id),
  } satisfies Partial<Handlers>;
}

export type AudienceRoute = keyof ReturnType<typeof audienceHandlers>;

/** What is done to contacts is told with the time at which it is. */
export const telling = ({ happened, clock }: HandlerDeps): audience.Telling | undefined =>
  happened && { happened, now: new Date(clock.now()) };

/** The day in UTC, as `2026-11-30`. */
export const today = (clock: Clock) => new Date(clock.now()).toISOString().slice(0, 10);
