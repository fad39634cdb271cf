import * as automations from "../../automations/automations.ts";
import { addContact } from "../../audience/audience.ts";
import { Problem } from "../../base/base.ts";
import type { NewTest } from "../../contract/automation-runs.ts";
import { Flow } from "../../contract/automations.ts";
import type { Caller } from "../people/people.ts";
import { telling } from "./audience-handlers.ts";
import type { Handlers } from "../http/http.ts";
import { sandboxOf } from "../whole/whole.ts";
import type { HandlerDeps } from "./handler-deps.ts";

const userOf = (caller: Caller): string | null => caller.user?.id ?? null;

/** The contact of a test: one that is there, or that becomes one by its number. */
async function contactOf(
  deps: HandlerDeps,
  workspace_id: string,
  { contact_id, phone }: NewTest,
): Promise<string> {
  if ((contact_id === undefined) === (phone === undefined))
    throw new Problem("INVALID_REQUEST", "Name the contact by one of `contact_id` and `phone`.");
  if (contact_id !== undefined) return contact_id;
  return (await addContact(deps.db, workspace_id, { phone: phone! }, telling(deps))).id;
}

/** Automations: their drawings and versions, and the people on their way through them. */
export function automationHandlers(deps: HandlerDeps) {
  const { db, clock, call_secrets } = deps;
  const about = (caller: Caller, params: { id: string }) => {
    return { workspace_id: caller.workspace_id, id: params.id, user_id: userOf(caller) };
  };
  return {
    "GET /api/v1/automations": ({ caller, query }) =>
      automations.listAutomations(db, caller.workspace_id, query),
    "POST /api/v1/automations": ({ caller, body, keep }) =>
      automations.createAutomation(db, caller.workspace_id, body, userOf(caller), keep),
    "POST /api/v1/automation_files": async ({ body }) => automations.readFlow(Flow, body.flow),
    "GET /api/v1/automation_call_secret": async ({ caller }) => ({
      secret: await call_secrets.get(caller.workspace_id),
    }),
    "POST /api/v1/automation_call_secret": ({ caller, keep }) =>
      call_secrets.rotate(caller.workspace_id, keep),
    "GET /api/v1/automation_recipes": async () => ({ data: [...automations.RECIPES] }),
    "POST /api/v1/automations/:id/test": async ({ caller, params, body, keep }) => {
      await automations.getAutomation(db, caller.workspace_id, params.id);
      sandboxOf(deps.sandbox, caller);
      const contact_id = await contactOf(deps, caller.workspace_id, body);
      return automations.startTest(deps, about(caller, params), { ...body, contact_id }, keep);
    },
    "GET /api/v1/automation_tests/:id": ({ caller, params }) =>
      automations.getTest(deps, caller.workspace_id, params.id),
    "POST /api/v1/automation_tests/:id/go_on": async ({ caller, params, body }) => {
      const { prepare } = await automations.customerOf(db, caller.workspace_id, params.id);
      const sandbox = sandboxOf(deps.sandbox, caller);
      if (body.do === "next" && prepare !== null) await sandbox.take(prepare);
      return automations.goOn(deps, caller.workspace_id, params.id, body);
    },
    "POST /api/v1/automation_tests/:id/customer": async ({ caller, params, body }) => {
      const customer = await automations.customerOf(db, caller.workspace_id, params.id);
      const sandbox = sandboxOf(deps.sandbox, caller);
      await sandbox.take(customer.act(body));
      return automations.getTest(deps, caller.workspace_id, params.id);
    },
    "GET /api/v1/automations/:id": ({ caller, params }) =>
      automations.getAutomation(db, caller.workspace_id, params.id),
    "PATCH /api/v1/automations/:id": ({ caller, params, body }) =>
      automations.changeAutomation(db, about(caller, params), body),
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
