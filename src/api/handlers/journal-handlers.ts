import { found } from "../../db/db.ts";
import * as delivery from "../../delivery/delivery.ts";
import * as inbox from "../../inbox/inbox.ts";
import type { HandlersUnder } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";
import { filterOf, getWebhook, listJournal } from "./journal-pages.ts";

/** What came from Meta, and what was found of no message. */
export function journalHandlers(deps: HandlerDeps): HandlersUnder<"journal" | "unmatched_messages"> {
  const { db, journal } = deps;
  return {
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
  };
}
