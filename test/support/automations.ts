import { newId, silentLog } from "../../src/base/base.ts";
import { addEvent, changeProfile, addContact } from "../../src/audience/audience.ts";
import {
  createAutomationApply,
  createAutomationEngine,
  createAutomationListen,
  createHappened,
  lookByClock,
  tellKept,
} from "../../src/automations/automations.ts";
import { isByClock, subjectOf, triggerOf } from "../../src/automations/flow/flow.ts";
import { sql } from "../../src/db/db.ts";
import { createTestCampaigns } from "./campaigns.ts";
import { flowOf, type GivenNode } from "./flows.ts";

type Options = Parameters<typeof createTestCampaigns>[0];

/** A workspace in which automations run for real: as createTestCampaigns, with the engine beside it. */
export async function createTestAutomations(options: Options = {}) {
  const meta = await createTestCampaigns(options, null, (clock) => ({
    apply: createAutomationApply({ clock }),
    listen: createAutomationListen(),
  }));
  const { db, workspace_id, number_id, clock } = meta;
  const happened = createHappened({ clock });
  const errors: unknown[] = [];
  const log = Object.create(silentLog, {
    error: { value: ({ err }: { err: unknown }) => void errors.push(err) },
  }) as typeof silentLog;
  const engine = createAutomationEngine({ db, clock, log, happened });
  const telling = () => ({ happened, now: new Date(clock.now()) });

  /** An automation that is active, as activating it writes it. */
  async function automation(
    nodes: GivenNode[],
    edges: string[],
    settings: Record<string, unknown> = {},
    { id = newId(), version = 1 } = {},
  ): Promise<string> {
    const flow = flowOf(nodes, edges, { phone_number_id: number_id, reentry: "every_event", ...settings });
    await db.run(sql`
      insert into automations (workspace_id, id, name, state, draft, version)
      values (${workspace_id}, ${id}, ${id}, 'ACTIVE', ${JSON.stringify(flow)}::jsonb, ${version})
      on conflict (workspace_id, id) do update set version = excluded.version, draft = excluded.draft`);
    await db.run(sql`
      insert into automation_versions (workspace_id, automation_id, version, flow)
      values (${workspace_id}, ${id}, ${version}, ${JSON.stringify(flow)}::jsonb)`);
    const trigger = triggerOf(flow)!;
    await db.run(sql`
      insert into automation_triggers (workspace_id, automation_id, version, kind, subject, look_at)
      values (${workspace_id}, ${id}, ${version}, ${trigger.kind}, ${subjectOf(trigger)},
        ${isByClock(flow) ? new Date(clock.now()) : null})
      on conflict (workspace_id, automation_id) do update set version = excluded.version, kind = excluded.kind,
        subject = excluded.subject, look_at = excluded.look_at, place = '{}'`);
    return id;
  }

  /** Everything that is due is done, and what Meta told is taken in. */
  async function work(): Promise<void> {
    for (let i = 0; i < 4; i++) {
      while ((await lookByClock({ db, clock })) > 0);
      while ((await tellKept({ db, clock })) > 0);
      await engine.drain();
      if (errors.length > 0) throw errors[0];
      await meta.sending.drain();
      await meta.hear();
    }
    await engine.drain();
    if (errors.length > 0) throw errors[0];
  }

  return {
    ...meta,
    automations: engine,
    happened,
    errors,
    automation,
    work,
    telling,
    /** So many minutes pass, and what becomes due in them is done. */
    async pass(minutes: number): Promise<void> {
      clock.moved_ms += minutes * 60_000;
      await work();
    },
    event: (contact_id: string, name: string, payload: Record<string, unknown> = {}, key?: string) =>
      addEvent(db, workspace_id, { contact_id, name, payload, key }, clock.now(), happened),
    profile: (contact_id: string, change: Parameters<typeof changeProfile>[3]) =>
      changeProfile(db, workspace_id, contact_id, change, telling()),
    create: (phone: string) => addContact(db, workspace_id, { phone }, telling()),
    /** What each visit of the person's runs has come to, as `node status port reason`. */
    async way(contact_id: string, automation_id?: string): Promise<string[]> {
      const rows = await db.rows<{ says: string }>(sql`
        select concat_ws(' ', a.node_id, a.status, a.port, a.reason) as says from automation_activities a
        join automation_runs r on r.workspace_id = a.workspace_id and r.id = a.run_id
        where a.workspace_id = ${workspace_id} and a.contact_id = ${contact_id}
          and (${automation_id ?? null}::uuid is null or a.automation_id = ${automation_id ?? null})
        order by r.entered_at, r.id, a.visit`);
      return rows.map(({ says }) => says);
    },
    /** The person's runs, as `state reason`. */
    async runs(contact_id: string): Promise<string[]> {
      const rows = await db.rows<{ says: string }>(sql`
        select concat_ws(' ', state, reason, case when stopped then 'stopped' end) as says from automation_runs
        where workspace_id = ${workspace_id} and contact_id = ${contact_id} order by entered_at, id`);
      return rows.map(({ says }) => says);
    },
    runIds: async (contact_id: string): Promise<string[]> => {
      const rows = await db.rows<{ id: string }>(sql`
        select id from automation_runs where workspace_id = ${workspace_id} and contact_id = ${contact_id} order by entered_at, id`);
      return rows.map(({ id }) => id);
    },
  };
}
