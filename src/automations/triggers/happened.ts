import type { Clock } from "../../base/base.ts";
import type { Tx } from "../../db/db.ts";
import type { Happened, HappenedFact } from "../../audience/audience.ts";
import { wakeRuns, type Stir } from "../engine/engine.ts";
import { spelledOut, triggerOf, valueAt } from "../flow/flow.ts";
import { addEntries, readTriggers, type NewEntry, type TriggerRow } from "./entries.ts";

/**
 * What was done to contacts, in the transaction that did it: it starts automations, and wakes runs that wait for it. The
 * modules that do it are given this function, and don't know automations.
 */
export function createHappened({ clock }: { clock: Clock }): Happened {
  return async (tx, facts) => {
    if (facts.length === 0) return;
    const now = new Date(clock.now());
    const workspaces = [...new Set(facts.map(({ workspace_id }) => workspace_id))];
    const triggers = await readTriggers(tx, workspaces, [...new Set(facts.map(({ kind }) => kind))]);
    const entries = facts.flatMap((fact) =>
      triggers.filter((trigger) => meets(trigger, fact)).map((trigger) => entryOf(trigger, fact)),
    );
    await addEntries(tx, entries, now);
    await stir(tx, facts);
  };
}

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
  }
}

const same = (wanted: unknown, value: unknown) =>
  value !== null && spelledOut(wanted)?.toLowerCase() === spelledOut(value)?.toLowerCase();

function entryOf(trigger: TriggerRow, fact: HappenedFact): NewEntry {
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

/** More people than that are not told one by one: who waits looks by itself within the hour. */
const MOST_STIRRED = 1_000;

async function stir(tx: Tx, facts: readonly HappenedFact[]): Promise<void> {
  const stirs = new Map<string, Stir>();
  for (const { workspace_id, contact_id, kind } of facts) {
    const what = kind === "api_event" ? "event" : "contact";
    stirs.set(`${contact_id} ${what}`, { workspace_id, contact_id, what });
  }
  if (stirs.size <= MOST_STIRRED) await wakeRuns(tx, [], [...stirs.values()]);
}
