import { expect } from "vitest";
import { newId, silentLog, type Clock } from "../../src/base/base.ts";
import {
  changeCampaign,
  createCampaign,
  createCampaignApply,
  createCampaignListen,
  createEngine,
  createTemplateFollow,
  getCampaign,
  launch,
} from "../../src/campaigns/campaigns.ts";
import { STATES } from "../../src/campaigns/counts/counts.ts";
import type { CampaignChange, RecipientState } from "../../src/contract/campaigns.ts";
import { sql } from "../../src/db/db.ts";
import type { Listen } from "../../src/live/live.ts";
import type { Apply } from "../../src/pipeline/pipeline.ts";
import { createTestTemplates } from "./templates.ts";
import { expectVerified } from "./verified.ts";

type Options = NonNullable<Parameters<typeof createTestTemplates>[0]>;

/** Far above what tests send: the sender goes by the time of day, which no test moves. */
const RATE_PER_S = 1_000;

/**
 * A workspace that runs campaigns for real: its templates and messages are at the simulator, and what that tells comes
 * through the pipeline. The clock is moved by hand; the engine and the sender go when they are told.
 */
export async function createTestCampaigns(
  options: Options = {},
  public_url: string | null = null,
  /** A module that follows messages behind campaigns. */
  also?: (clock: Clock) => { apply: Apply; listen: Listen },
) {
  const meta = await createTestTemplates(
    { throughput: RATE_PER_S * 10, ...options },
    {
      follow(clock: Clock) {
        const own = { apply: createCampaignApply({ clock }), listen: createCampaignListen({ clock }) };
        const other = also?.(clock);
        if (other === undefined) return own;
        return {
          async apply(tx, events, facts) {
            const [one, two] = [await own.apply(tx, events, facts), await other.apply(tx, events, facts)];
            return { changes: [...one.changes, ...two.changes], ignored: [] };
          },
          listen: async (tx, moved) => [...(await own.listen(tx, moved)), ...(await other.listen(tx, moved))],
        };
      },
    },
    (clock) => createTemplateFollow({ clock }),
  );
  const { db, workspace_id, number_id, clock } = meta;
  await db.run(sql`
    insert into number_queues (workspace_id, phone_number_id, throughput_per_s, throughput_at)
    values (${workspace_id}, ${number_id}, ${RATE_PER_S}, now() + interval '1 year')`);
  const errors: unknown[] = [];
  const log = Object.create(silentLog, {
    error: { value: ({ err }: { err: unknown }) => void errors.push(err) },
  }) as typeof silentLog;
  const engine = createEngine({ db, clock, log, public_url });

  /** People who can be written to, on a list; their first names are `Ana0`, `Ana1`, … */
  async function people(
    count: number,
    list = newId(),
    from = 0,
  ): Promise<{ list: string; contacts: string[] }> {
    await db.run(sql`
      insert into lists (workspace_id, id, name) values (${workspace_id}, ${list}, ${`list ${list}`}) on conflict do nothing`);
    const contacts = Array.from({ length: count }, newId);
    await db.run(sql`
      with given as (select * from unnest(${contacts}::uuid[]) with ordinality as g (id, n)),
      made as (
        insert into contacts (workspace_id, id, name) select ${workspace_id}, id, 'Ana' || (n - 1 + ${from}) || ' Silva' from given),
      named as (
        insert into contact_identities (workspace_id, kind, value, contact_id, country)
        select ${workspace_id}, 'wa_id', '4915' || (110000000 + n + ${from}), id, 'DE' from given)
      insert into list_contacts (workspace_id, list_id, contact_id) select ${workspace_id}, ${list}, id from given`);
    return { list, contacts };
  }

  /** A template at Meta that Wharf knows; answers Wharf's id of it. */
  async function template(
    name: string,
    given: { components?: object[]; category?: string; language?: string } = {},
  ): Promise<string> {
    const {
      components = [{ type: "BODY", text: "Hello from us" }],
      category = "MARKETING",
      language = "en_US",
    } = given;
    await call("POST", `${meta.waba_id}/message_templates`, {
      name,
      language,
      category,
      components,
    });
    await meta.ask(0);
    while ((await meta.sync.step()) > 0);
    const row = await db.first<{ id: string }>(
      sql`select id from templates where workspace_id = ${workspace_id} and name = ${name} and language = ${language}
        and status = 'APPROVED'`,
    );
    expect(row, `the template ${name} is approved`).toBeDefined();
    return row!.id;
  }

  async function call(method: string, path: string, body?: object) {
    const response = await fetch(`${meta.graph_url}/v27.0/${path}`, {
      method,
      headers: { authorization: "Bearer EAA-test-token", "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as { id: string };
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  async function campaign(change: CampaignChange, user_id: string | null = null): Promise<string> {
    const { id } = await createCampaign(
      db,
      workspace_id,
      { name: "Summer", phone_number_id: number_id },
      user_id,
    );
    await changeCampaign(db, workspace_id, id, change);
    return id;
  }

  const asking = (id: string, user_id: string | null = null) => ({ workspace_id, id, user_id });
  const shown = (id: string) => getCampaign(db, workspace_id, id);

  /** Everything that is due is done, and what Meta told is taken in. */
  async function drainAll(): Promise<void> {
    await engine.drain();
    if (errors.length > 0) throw errors[0];
    await meta.sending.drain();
    await meta.hear();
  }

  return {
    ...meta,
    engine,
    people,
    template,
    call,
    campaign,
    asking,
    shown,
    /** A message as its thread has it. */
    shownMessage: (message_id: string) => meta.shown(message_id),
    drainAll,
    deps: { db, clock, public_url },
    launch: (id: string, user_id: string | null = null) =>
      launch({ db, clock, public_url }, asking(id, user_id)),
    /** Until it has ended, or holds. */
    async finish(id: string): Promise<Awaited<ReturnType<typeof shown>>> {
      for (let i = 0; i < 500; i++) {
        await drainAll();
        const now = await shown(id);
        if (now.state !== "RUNNING") return now;
        clock.moved_ms += 1_000;
      }
      throw new Error(`The campaign does not end: ${JSON.stringify(await shown(id))}`);
    },
    /** How many recipients are in each state. */
    async states(id: string): Promise<Partial<Record<RecipientState, number>>> {
      const rows = await db.rows<{ state: number; n: number }>(sql`
        select state, count(*)::integer as n from campaign_recipients
        where workspace_id = ${workspace_id} and campaign_id = ${id} group by state order by state`);
      return Object.fromEntries(rows.map(({ state, n }) => [STATES[state], n]));
    },
    /** What is counted is what the rows say. */
    expectCounted: (id: string): Promise<void> => expectVerified(db, id),
  };
}
