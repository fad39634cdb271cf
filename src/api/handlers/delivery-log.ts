import { isId, Problem } from "../../base/base.ts";
import type { Seen } from "../../contract/contract.ts";
import type { Database } from "../../db/db.ts";
import {
  eventsOfDeliveries,
  type Choice,
  type DeliveryFilter,
  type DeliveryView,
} from "../../delivery/delivery.ts";
import * as inbox from "../../inbox/inbox.ts";
import { templatesCalled } from "../../templates/templates.ts";

type AskedFilter = Omit<Seen<"GET /api/v1/endpoints/:id/deliveries">["query"], "cursor" | "limit">;
type AskedChoice = Seen<"POST /api/v1/endpoints/:id/resendable">["body"];

/** What the screens look for in the log of an endpoint, in delivery's terms: where messages and contacts meet it. */
export function createDeliveryLog({ db }: { db: Database }) {
  const find = async (workspace_id: string, asked: AskedFilter): Promise<DeliveryFilter> => {
    const { search, ...filter } = asked;
    const wamids =
      filter.wamid === undefined ? undefined : await inbox.idsOfMessage(db, workspace_id, filter.wamid);
    const text = search?.trim() ?? "";
    if (text === "") return { ...filter, wamids };
    if (isId(text)) return { ...filter, wamids, id: text };
    const [{ any, part }, templates] = await Promise.all([
      inbox.searchSubjects(db, workspace_id, text),
      templatesCalled(db, workspace_id, text),
    ]);
    return { ...filter, wamids, names: { any: [...any, ...templates.map(inbox.subjectOf.template)], part } };
  };

  /** What each delivery says: the events that it carries belong to other modules. */
  const say = async <Row extends DeliveryView>(
    workspace_id: string,
    rows: readonly Row[],
    names?: DeliveryFilter["names"],
  ) => {
    const carried = await eventsOfDeliveries(db, workspace_id, rows, names);
    const ids = [...carried.values()].flatMap(({ event_id }) => event_id ?? []);
    const summaries = await inbox.summariseEvents(db, workspace_id, ids);
    const byId = new Map(summaries.map((summary) => [summary.id, summary]));
    return rows.map((row) => {
      const { event_id = null, event_count = 0 } = carried.get(row.id) ?? {};
      return { ...row, event: byId.get(event_id ?? "") ?? null, event_count };
    });
  };

  return {
    find,
    say,
    sayOne: async <Row extends DeliveryView>(workspace_id: string, row: Row) =>
      (await say(workspace_id, [row]))[0]!,
    async choose(workspace_id: string, { ids, filter }: AskedChoice): Promise<Choice> {
      if (ids !== undefined && filter === undefined) return { ids };
      if (filter !== undefined && ids === undefined) return { filter: await find(workspace_id, filter) };
      throw new Problem("INVALID_REQUEST", "body: give either `ids` or `filter`.");
    },
  };
}
