import type { Flow, NodeCounts } from "../../contract/automations.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";
import { readKnown, readRow, readStopped, readVersion, unsendable } from "../definition/definition.ts";
import { countLeft } from "./drop-off.ts";
import { messageTables, REACHED } from "./reached.ts";
import { sendableAgain, stoppedSays } from "./texts.ts";

interface Group {
  node_id: string;
  status: string;
  port: string | null;
  count: number;
}
type Messages = NonNullable<NodeCounts["messages"]>;

/**
 * What happened at each node: counted from automation_activities__node alone. Over all versions, or in one. Throws
 * NOT_FOUND.
 */
export async function countNodes(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  { version }: { version?: number | undefined },
): Promise<NodeCounts[]> {
  const row = await readRow(db, workspace_id, automation_id);
  const of_version = version === undefined ? sql`true` : sql`a.version = ${version}`;
  const groups = await db.rows<Group>(sql`
    select a.node_id, a.status, a.port, count(*)::integer as count from automation_activities a
    where a.workspace_id = ${workspace_id} and a.automation_id = ${automation_id} and ${of_version}
    group by a.node_id, a.status, a.port`);
  const left = await countLeft(db, workspace_id, automation_id, version);
  const messages = await countMessages(db, workspace_id, automation_id, of_version);
  const active =
    row.state === "ACTIVE" && row.version !== null
      ? await readVersion(db, workspace_id, automation_id, row.version)
      : null;
  const stopped = await stoppedNodes(db, workspace_id, automation_id, active);
  const ids = new Set([...groups.map(({ node_id }) => node_id), ...stopped.keys(), ...left.keys()]);
  return [...ids].map((node_id) => ({
    node_id,
    ...countsOf(groups.filter((group) => group.node_id === node_id)),
    ...(left.get(node_id) ?? { left: 0, goal: 0 }),
    messages: messages.get(node_id) ?? null,
    stopped: stopped.get(node_id) ?? null,
  }));
}

function countsOf(
  groups: readonly Group[],
): Omit<NodeCounts, "node_id" | "left" | "goal" | "messages" | "stopped"> {
  const of = (...statuses: string[]) =>
    groups.filter(({ status }) => statuses.includes(status)).reduce((sum, { count }) => sum + count, 0);
  const ports: Record<string, number> = {};
  for (const { port, count } of groups) if (port !== null) ports[port] = (ports[port] ?? 0) + count;
  return {
    entered: groups.reduce((sum, { count }) => sum + count, 0),
    waiting: of("PENDING", "SCHEDULED"),
    completed: of("COMPLETED"),
    failed: of("FAILED"),
    skipped: of("SKIPPED"),
    ports,
  };
}

/**
 * Each message by the primary keys of messages and message_statuses, and replies by messages__conversation_id__sent_at: what
 * happened to messages is kept there alone. 100,000 messages with as many statuses take up to two seconds.
 */
async function countMessages(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  of_version: Sql,
): Promise<Map<string, Messages>> {
  const count = (reached: keyof Messages) => sql`(count(*) filter (where ${REACHED[reached]}))::integer`;
  const rows = await db.rows<Messages & { node_id: string }>(sql`
    select a.node_id, ${count("sent")} as sent, ${count("delivered")} as delivered, ${count("read")} as read,
      ${count("failed")} as failed, ${count("replied")} as replied
    from automation_activities a
    join (${messageTables}) on m.workspace_id = a.workspace_id and m.id = a.message_id
    where a.workspace_id = ${workspace_id} and a.automation_id = ${automation_id} and a.message_id is not null and ${of_version}
    group by a.node_id`);
  return new Map(rows.map(({ node_id, ...counts }) => [node_id, counts]));
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
