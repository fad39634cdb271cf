import type { Flow, NodeCounts } from "../../contract/automations.ts";
import type { Queryable } from "../../db/db.ts";
import { readCounts } from "../counts/counts.ts";
import {
  readHeld,
  readKnown,
  readRow,
  readStopped,
  readVersion,
  unsendable,
} from "../definition/definition.ts";
import { countLeft } from "./drop-off.ts";
import { heldSays, sendableAgain, stoppedSays } from "./texts.ts";

type Messages = NonNullable<NodeCounts["messages"]>;

/**
 * What happened at each node: the sums of automation_counts, by its primary key, however many people came by. Over all
 * versions, or in one. Throws NOT_FOUND.
 */
export async function countNodes(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  { version }: { version?: number | undefined },
): Promise<NodeCounts[]> {
  const row = await readRow(db, workspace_id, automation_id);
  const counts = new Map<string, Map<string, number>>();
  for (const { node_id, key, n } of await readCounts(db, workspace_id, automation_id, version))
    counts.set(node_id, (counts.get(node_id) ?? new Map<string, number>()).set(key, n));
  const left = await countLeft(db, workspace_id, automation_id, version);
  const active =
    row.state === "ACTIVE" && row.version !== null
      ? await readVersion(db, workspace_id, automation_id, row.version)
      : null;
  const stopped = await stoppedNodes(db, workspace_id, automation_id, active);
  const held = await heldNodes(db, workspace_id, automation_id);
  return [...new Set([...counts.keys(), ...stopped.keys(), ...left.keys()])].map((node_id) => ({
    node_id,
    ...countsOf(counts.get(node_id) ?? new Map()),
    ...(left.get(node_id) ?? { left: 0, goal: 0 }),
    stopped: stopped.get(node_id) ?? null,
    held: held.get(node_id) ?? null,
  }));
}

function countsOf(
  counts: ReadonlyMap<string, number>,
): Omit<NodeCounts, "node_id" | "left" | "goal" | "stopped" | "held"> {
  const is = (status: string) => counts.get(`is.${status}`) ?? 0;
  const message = (what: string) => counts.get(`message.${what}`) ?? 0;
  const [waiting, completed, failed, skipped] = [
    is("PENDING") + is("SCHEDULED"),
    is("COMPLETED"),
    is("FAILED"),
    is("SKIPPED"),
  ];
  const went = [...counts].flatMap(([key, n]) =>
    key.startsWith("went.") ? [[key.slice(5), n] as const] : [],
  );
  const messages: Messages = {
    sent: message("sent"),
    delivered: message("delivered"),
    read: message("read"),
    failed: message("failed"),
    replied: message("replied"),
  };
  return {
    entered: waiting + completed + failed + skipped,
    waiting,
    completed,
    failed,
    skipped,
    ports: Object.fromEntries(went),
    messages: counts.has("message.asked") ? messages : null,
  };
}

async function heldNodes(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
): Promise<Map<string, NodeCounts["held"]>> {
  const held = await readHeld(db, workspace_id, [automation_id]);
  return new Map(
    held.map(({ node_id, people, since }) => [
      node_id,
      { says: heldSays(people), people, since: since.toISOString() },
    ]),
  );
}

/** Nodes whose template can't be sent now, and those where people stopped because of it before. */
async function stoppedNodes(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  active: Flow | null,
): Promise<Map<string, NonNullable<NodeCounts["stopped"]>>> {
  const people = await readStopped(db, workspace_id, [automation_id]);
  const now =
    active === null
      ? new Map<string, { code: string; says: string }>()
      : unsendable(active, await readKnown(db, workspace_id, [active]));
  const ids = new Set([...now.keys(), ...people.map(({ node_id }) => node_id)]);
  return new Map(
    [...ids].map((id) => {
      const stopped = people.find(({ node_id }) => node_id === id);
      const count = stopped?.people ?? 0;
      const why = now.get(id);
      return [
        id,
        {
          code: why?.code ?? "TEMPLATE_SENDABLE",
          says: why === undefined ? sendableAgain(count) : `${why.says}${stoppedSays(count)}`,
          people: count,
          since: stopped?.since?.toISOString() ?? null,
        },
      ];
    }),
  );
}
