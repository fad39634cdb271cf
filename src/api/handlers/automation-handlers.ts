import * as automations from "../../automations/automations.ts";
import type { Caller } from "../people/people.ts";
import type { Handlers } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

const userOf = (caller: Caller): string | null => caller.user?.id ?? null;

/** Automations: their drawings and versions, and the people on their way through them. */
export function automationHandlers(deps: HandlerDeps) {
  const { db, clock } = deps;
  const about = (caller: Caller, params: { id: string }) => {
    return { workspace_id: caller.workspace_id, id: params.id, user_id: userOf(caller) };
  };
  return {
    "GET /api/v1/automations": ({ caller, query }) =>
      automations.listAutomations(db, caller.workspace_id, query),
    "POST /api/v1/automations": ({ caller, body, keep }) =>
      automations.createAutomation(db, caller.workspace_id, body, userOf(caller), keep),
    "GET /api/v1/automation_recipes": async () => ({ data: [...automations.RECIPES] }),
    "GET /api/v1/automations/:id": ({ caller, params }) =>
      automations.getAutomation(db, caller.workspace_id, params.id),
    "PATCH /api/v1/automations/:id": ({ caller, params, body }) =>
      automations.changeAutomation(db, caller.workspace_id, params.id, body),
    "DELETE /api/v1/automations/:id": async ({ caller, params }) => {
      await automations.deleteAutomation(db, caller.workspace_id, params.id);
      return null;
    },
    "POST /api/v1/automations/:id/activate": ({ caller, params, body, keep }) =>
      automations.activate(db, about(caller, params), body, keep),
    "POST /api/v1/automations/:id/deactivate": ({ caller, params, body, keep }) =>
      automations.deactivateAutomation(deps, about(caller, params), body, keep),
    "POST /api/v1/automations/:id/duplicate": ({ caller, params, keep }) =>
      automations.duplicateAutomation(db, caller.workspace_id, params.id, userOf(caller), keep),
    "GET /api/v1/automations/:id/versions": ({ caller, params, query }) =>
      automations.listVersions(db, caller.workspace_id, params.id, query),
    "GET /api/v1/automations/:id/existing": ({ caller, params }) =>
      automations.readExisting(db, caller.workspace_id, params.id, new Date(clock.now())),
    "GET /api/v1/automations/:id/nodes": async ({ caller, params, query }) => ({
      data: await automations.countNodes(db, caller.workspace_id, params.id, query),
    }),
    "GET /api/v1/automations/:id/activity": ({ caller, params, query }) =>
      automations.listActivities(db, caller.workspace_id, params.id, query),
    "GET /api/v1/automations/:id/runs": ({ caller, params, query }) =>
      automations.listRuns(db, caller.workspace_id, params.id, query),
    "GET /api/v1/automation_runs/:id": ({ caller, params }) =>
      automations.getRun(db, caller.workspace_id, params.id),
    "POST /api/v1/automations/:id/runs/count": ({ caller, params, body }) =>
      automations.countRuns(db, caller.workspace_id, params.id, body),
    "POST /api/v1/automations/:id/runs/retry": ({ caller, params, body, keep }) =>
      automations.retry(deps, about(caller, params), body, keep),
    "POST /api/v1/automations/:id/runs/cancel": ({ caller, params, body, keep }) =>
      automations.cancel(deps, about(caller, params), body, keep),
    "POST /api/v1/automations/:id/runs/resume": ({ caller, params, body, keep }) =>
      automations.resume(deps, about(caller, params), body, keep),
    "POST /api/v1/automations/:id/runs/move/preview": ({ caller, params, body }) =>
      automations.previewMove(db, caller.workspace_id, params.id, body),
    "POST /api/v1/automations/:id/runs/move": ({ caller, params, body, keep }) =>
      automations.move(deps, about(caller, params), body, keep),
  } satisfies Partial<Handlers>;
}
