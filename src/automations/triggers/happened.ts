import { grouped, newId, type Clock } from "../../base/base.ts";
import { rowsOf, sql, type Database, type Tx } from "../../db/db.ts";
import type { Happened, HappenedFact } from "../../audience/audience.ts";
import { wakeRuns, type Stir } from "../engine/engine.ts";
import { spelledOut, triggerOf, valueAt } from "../flow/flow.ts";
import { withAutomations } from "./any.ts";
import { addEntries, readTriggers, type NewEntry, type TriggerRow } from "./entries.ts";

/** Beyond so many facts the transaction that does it keeps them, and they are told of in steps of as many. */
const AT_ONCE = 1_000;

/**
 * What was done to contacts, in the transaction that did it: it starts automations, and wakes runs that wait for it. Of very
 * many it is kept (automation_told) for `tellKept`. The modules that do it are given this function, and don't know
 * automations.
 */
export function createHappened({ clock }: { clock: Clock }): Happened {
  return async (tx, given) => {
    const here = await withAutomations(
      tx,
      given.map(({ workspace_id }) => workspace_id),
    );
    const facts = given.filter(({ workspace_id }) => here.has(workspace_id));
    if (facts.length === 0) return;
    const triggers = await triggersOf(tx, facts);
    if (facts.length > AT_ONCE) return keepFacts(tx, facts, triggers);
    await tellOf(tx, facts, triggers, new Date(clock.now()));
  };
}

async function triggersOf(tx: Tx, facts: readonly HappenedFact[]): Promise<TriggerRow[]> {
  const workspaces = [...new Set(facts.map(({ workspace_id }) => workspace_id))];
  return readTriggers(tx, workspaces, [...new Set(facts.map(({ kind }) => kind))]);
}

async function tellOf(
  tx: Tx,
  facts: readonly HappenedFact[],
  triggers: readonly TriggerRow[],
  now: Date,
): Promise<void> {
  const entries = facts
    .filter(starts)
    .flatMap((fact) =>
      triggers.filter((trigger) => meets(trigger, fact)).map((trigger) => entryOf(trigger, fact)),
    );
  await addEntries(tx, entries, now);
  await stir(tx, facts);
}

/** Those that are alike but for their person in one row, of so many people at most; in one statement. */
async function keepFacts(
  tx: Tx,
  facts: readonly HappenedFact[],
  triggers: readonly TriggerRow[],
): Promise<void> {
  const alike = grouped(facts, (fact) => JSON.stringify({ ...fact, contact_id: null }));
  const rows = [...alike.values()].flatMap((members) => {
    const { contact_id: _, workspace_id, ...fact } = members[0]!;
    const met = triggers.filter((trigger) => meets(trigger, members[0]!));
    const about = {
      workspace_id,
      fact: JSON.stringify(fact),
      automation_ids: met.map(({ automation_id }) => automation_id).join(" "),
    };
    const contacts = members.map(({ contact_id }) => contact_id);
    return Array.from({ length: Math.ceil(contacts.length / AT_ONCE) }, (__, i) => ({
      ...about,
      id: newId(),
      contact_ids: contacts.slice(i * AT_ONCE, (i + 1) * AT_ONCE).join(" "),
    }));
  });
  await tx.run(sql`
    insert into automation_told (workspace_id, id, fact, contact_ids, automation_ids)
    select workspace_id, id, fact::jsonb, string_to_array(contact_ids, ' ')::uuid[], string_to_array(automation_ids, ' ')::uuid[]
    from ${rowsOf(rows, { workspace_id: "uuid", id: "uuid", fact: "text", contact_ids: "text", automation_ids: "text" })}`);
  await tx.run(sql`select pg_notify('automations_told', '')`);
}

interface Kept {
  workspace_id: string;
  id: string;
  fact: Omit<HappenedFact, "workspace_id" | "contact_id" | "at"> & { at: string };
  contact_ids: string[];
  automation_ids: string[];
}

/** How many rows a step takes: of imports each may be of one person. */
const ROWS_AT_ONCE = 200;

/**
 * A step of what was kept to be told of; 0: nothing is. By the triggers that it met as it happened. Its rows are gone with
 * what they started and woke, or neither.
 */
export async function tellKept({ db, clock }: { db: Database; clock: Clock }): Promise<number> {
  if ((await db.first(sql`select from automation_told limit 1`)) === undefined) return 0;
  return db.transaction(async (tx) => {
    const claimed = await tx.rows<Kept>(sql`
      select workspace_id, id, fact, contact_ids, automation_ids from automation_told
      limit ${ROWS_AT_ONCE} for update skip locked`);
    const kept: Kept[] = [];
    let people = 0;
    for (const row of claimed) {
      if (kept.length > 0 && people + row.contact_ids.length > AT_ONCE) break;
      kept.push(row);
      people += row.contact_ids.length;
    }
    if (kept.length === 0) return 0;
    const told = kept.map((row) => ({ row, facts: factsOf(row) }));
    const triggers = await triggersOf(
      tx,
      told.flatMap(({ facts }) => facts),
    );
    const now = new Date(clock.now());
    for (const [automations, rows] of grouped(told, ({ row }) => row.automation_ids.join(" "))) {
      const met = triggers.filter(({ automation_id }) => automations.split(" ").includes(automation_id));
      await tellOf(
        tx,
        rows.flatMap(({ facts }) => facts),
        met,
        now,
      );
    }
    const ids = rowsOf(kept, { workspace_id: "uuid", id: "uuid" });
    await tx.run(sql`
      delete from automation_told t using ${ids} where t.workspace_id = due.workspace_id and t.id = due.id`);
    return kept.length;
  });
}

const factsOf = ({ workspace_id, fact, contact_ids }: Kept): HappenedFact[] =>
  contact_ids.map(
    (contact_id) => ({ ...fact, workspace_id, contact_id, at: new Date(fact.at) }) as HappenedFact,
  );

function meets(trigger: TriggerRow, fact: HappenedFact): boolean {
  if (trigger.workspace_id !== fact.workspace_id || trigger.kind !== fact.kind) return false;
  const says = triggerOf(trigger.flow);
  switch (fact.kind) {
    case "contact_created":
      return true;
    case "tag_added":
    case "list_entered":
      return trigger.subject === fact.id;
    case "field_changed":
      return (
        trigger.subject === fact.id &&
        says?.kind === "field_changed" &&
        (says.to === null || same(says.to, fact.value))
      );
    case "api_event":
      return trigger.subject === fact.name;
    case "consent_changed":
      return false;
  }
}

const same = (wanted: unknown, value: unknown) =>
  value !== null && spelledOut(wanted)?.toLowerCase() === spelledOut(value)?.toLowerCase();

/** What starts runs; the rest only wakes those that wait for it. */
type Starting = Exclude<HappenedFact, { kind: "consent_changed" }>;
const starts = (fact: HappenedFact): fact is Starting => fact.kind !== "consent_changed";

function entryOf(trigger: TriggerRow, fact: Starting): NewEntry {
  const { contact_id, at } = fact;
  const told = { kind: fact.kind, at: at.toISOString() };
  switch (fact.kind) {
    case "contact_created":
      return { trigger, contact_id, what: `created ${contact_id}`, told };
    case "api_event": {
      const { key_path } = trigger.flow.settings;
      const found = key_path === null ? null : spelledOut(valueAt(fact.payload, key_path));
      const key = (fact.key ?? found ?? "").slice(0, 200);
      return {
        trigger,
        contact_id,
        what: `event ${fact.event_id}`,
        key: trigger.flow.settings.reentry === "every_event" ? key : "",
        told: { ...told, event_id: fact.event_id, payload: fact.payload },
      };
    }
    case "field_changed":
      return {
        trigger,
        contact_id,
        what: `${fact.kind} ${fact.id} ${contact_id} ${at.getTime()}`,
        told: { ...told, payload: { value: fact.value } },
      };
    case "tag_added":
    case "list_entered":
      return { trigger, contact_id, what: `${fact.kind} ${fact.id} ${contact_id} ${at.getTime()}`, told };
  }
}

async function stir(tx: Tx, facts: readonly HappenedFact[]): Promise<void> {
  const stirs = new Map<string, Stir>();
  for (const { workspace_id, contact_id, kind } of facts) {
    const what = HEARD_AS[kind];
    stirs.set(`${contact_id} ${what}`, { workspace_id, contact_id, what });
  }
  await wakeRuns(tx, [], [...stirs.values()]);
}

const HEARD_AS: Readonly<Record<HappenedFact["kind"], Stir["what"]>> = {
  contact_created: "contact",
  tag_added: "contact",
  list_entered: "contact",
  field_changed: "contact",
  consent_changed: "consent",
  api_event: "event",
};
