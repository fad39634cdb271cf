import type { z } from "zod";
import type { MovePreview, RunMove, RunVerb } from "../../contract/automation-runs.ts";
import type { Flow, RunChoice } from "../../contract/automations.ts";
import { Problem } from "../../base/base.ts";
import { and, sql, uuidArray, type Queryable, type Sql } from "../../db/db.ts";
import { nodeName, readRow, readVersion } from "../definition/definition.ts";
import { contactsSearched } from "../../inbox/inbox.ts";
import { landsOf } from "../engine/engine.ts";
import { nodeById } from "../flow/flow.ts";
import { COUNTED, landsNowhere, landsOn, NOWHERE } from "./texts.ts";

export type Choice = z.infer<typeof RunChoice>;

/** With those that its search has found, as a condition. */
export type Chosen = Omit<Choice, "search"> & { called?: Sql | undefined };

/** Who a choice's search means is asked first: it may be that no one is called so. */
export async function findPeople<Given extends Choice>(
  db: Queryable,
  workspace_id: string,
  { search, ...choice }: Given,
): Promise<Omit<Given, "search"> & Pick<Chosen, "called">> {
  const called = await contactsSearched(db, workspace_id, search, sql`r.contact_id`);
  return { ...choice, called: called ?? undefined };
}

interface Key {
  workspace_id: string;
  id: string;
}

/** What each verb can be done for, among automation_runs `r`: by automation_runs__state. */
const DOABLE: Record<z.infer<typeof RunVerb>, Sql> = {
  // Those that failed; of the others that ended, only where one names them.
  retry: sql`r.state = 'FAILED'`,
  cancel: sql`r.state in ('ACTIVE', 'PAUSED')`,
  resume: sql`r.state = 'PAUSED'`,
  move: sql`r.state in ('ACTIVE', 'PAUSED')`,
};

const ENDED = sql`r.state in ('COMPLETED', 'FAILED', 'EXITED', 'CANCELLED')`;

/** Those chosen for which the verb can be done: named ones by the primary key, those who stopped by automation_runs__stopped. */
export function chosen(
  { workspace_id, id }: Key,
  verb: z.infer<typeof RunVerb>,
  { ids, state, node_id, stopped, reason, from, to, called }: Chosen,
): Sql {
  return and(
    sql`r.workspace_id = ${workspace_id}`,
    sql`r.automation_id = ${id}`,
    verb === "retry" && (ids ?? state) !== undefined ? ENDED : DOABLE[verb],
    ...(ids === undefined ? [] : [sql`r.id = any(${uuidArray(ids)}::uuid[])`]),
    ...(state === undefined ? [] : [sql`r.state = ${state}`]),
    ...(node_id === undefined ? [] : [sql`r.node_id = ${node_id}`]),
    ...(stopped === undefined ? [] : [stopped ? sql`r.stopped` : sql`not r.stopped`]),
    ...(reason === undefined ? [] : [sql`r.reason = ${reason}`]),
    ...(from === undefined ? [] : [sql`r.entered_at >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`r.entered_at < ${to}::timestamptz`]),
    ...(called === undefined ? [] : [called]),
  );
}

/** The flow that people enter now, and its number. Throws NOT_FOUND, and AUTOMATION_STATE where none was activated. */
export async function readActive(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<{ version: number; flow: Flow }> {
  const { version } = await readRow(db, workspace_id, id);
  const flow = version === null ? null : await readVersion(db, workspace_id, id, version);
  if (version === null || flow === null) throw new Problem("AUTOMATION_STATE", "It was never activated.");
  return { version, flow };
}

/** For how many of those chosen the verb can be done. Throws NOT_FOUND. */
export async function countRuns(
  db: Queryable,
  workspace_id: string,
  id: string,
  { verb, ...choice }: Choice & { verb: z.infer<typeof RunVerb> },
): Promise<{ count: number; says: string }> {
  const { version } = await readRow(db, workspace_id, id);
  const those = chosen({ workspace_id, id }, verb, await findPeople(db, workspace_id, choice));
  const other = verb === "move" ? sql`r.version is distinct from ${version}` : sql`true`;
  const [counted] = await db.rows<{ count: number }>(sql`
    select count(*)::integer as count from automation_runs r
    where ${those} and ${other}`);
  const { count } = counted!;
  return { count, says: COUNTED[verb](count) };
}

interface Group {
  version: number;
  node_id: string | null;
  people: number;
}

/** Throws INVALID_REQUEST where people would land at a node that the flow does not have. */
export function checkLands(flow: Flow, lands: RunMove["lands"]): void {
  for (const [from, to] of Object.entries(lands)) {
    const node = nodeById(flow, to);
    if (node === undefined || node.type === "trigger")
      throw new Problem(
        "INVALID_REQUEST",
        `\`lands.${from}\` must be a node of the current version that is not its trigger.`,
      );
  }
}

/** Those chosen by the version and node at which they are. */
const readGroups = async (db: Queryable, key: Key, version: number, choice: Choice): Promise<Group[]> =>
  db.rows<Group>(sql`
    select r.version, r.node_id, count(*)::integer as people from automation_runs r
    where ${chosen(key, "move", await findPeople(db, key.workspace_id, choice))} and r.version <> ${version}
    group by r.version, r.node_id order by r.version desc, people desc, r.node_id`);

/** Where those chosen would go on. Throws NOT_FOUND, AUTOMATION_STATE, INVALID_REQUEST. */
export async function previewMove(
  db: Queryable,
  workspace_id: string,
  id: string,
  { lands, ...choice }: RunMove,
): Promise<MovePreview> {
  const key = { workspace_id, id };
  const { version, flow } = await readActive(db, workspace_id, id);
  checkLands(flow, lands);
  const groups = await readGroups(db, key, version, choice);
  const flows = await readFlows(db, key, groups);
  const shown = groups.map((group) => {
    const to = landsOf(flows.get(group.version), flow, group.node_id, lands);
    const from = nameAt(flows.get(group.version), group.node_id);
    return {
      ...group,
      lands: to,
      says: to === null ? landsNowhere(group.people, from) : landsOn(group.people, from, nameAt(flow, to)),
    };
  });
  const sum = (moves: boolean) =>
    shown.filter((group) => (group.lands !== null) === moves).reduce((all, { people }) => all + people, 0);
  return { version, people: sum(true), stay: sum(false), groups: shown };
}

function nameAt(flow: Flow | undefined, node_id: string | null): string {
  const node = flow && node_id !== null ? nodeById(flow, node_id) : undefined;
  return node === undefined ? (node_id ?? NOWHERE) : nodeName(node);
}

async function readFlows(
  db: Queryable,
  { workspace_id, id }: Key,
  groups: readonly Group[],
): Promise<Map<number, Flow>> {
  const versions = [...new Set(groups.map(({ version }) => version))];
  const rows = await db.rows<{ version: number; flow: Flow }>(sql`
    select version, flow from automation_versions
    where workspace_id = ${workspace_id} and automation_id = ${id} and version = any(${versions}::integer[])`);
  return new Map(rows.map(({ version, flow }) => [version, flow]));
}
