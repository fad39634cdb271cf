import * as imports from "../../imports/imports.ts";
import type { Handlers } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** Imports, from the draft on; what takes and gives files is beside the table (import-routes.ts). */
export function importHandlers({ db, files, clock }: HandlerDeps) {
  const deps = { db, files, clock };
  return {
    "GET /api/v1/imports": ({ caller, query }) => imports.listImports(db, caller.workspace_id, query),
    "GET /api/v1/imports/:id": ({ caller, params }) => imports.getImport(db, caller.workspace_id, params.id),
    "PATCH /api/v1/imports/:id": ({ caller, params, body }) =>
      imports.changeImport(deps, caller.workspace_id, params.id, body),
    "DELETE /api/v1/imports/:id": async ({ caller, params }) => {
      await imports.removeImport(deps, caller.workspace_id, params.id);
      return null;
    },
    "GET /api/v1/imports/:id/preview": ({ caller, params }) =>
      imports.previewImport(deps, caller.workspace_id, params.id),
    "GET /api/v1/imports/:id/rejects": ({ caller, params, query }) =>
      imports.listRejects(db, caller.workspace_id, params.id, query),
    "POST /api/v1/imports/:id/start": ({ caller, params, keep }) =>
      imports.startImport(deps, caller.workspace_id, params.id, keep),
    "POST /api/v1/imports/:id/cancel": ({ caller, params }) =>
      imports.cancelImport(deps, caller.workspace_id, params.id),
  } satisfies Partial<Handlers>;
}
