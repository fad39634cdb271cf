import { newId } from "../../src/base/base.ts";
import { sql } from "../../src/db/db.ts";
import { queueMany } from "../../src/sending/sending.ts";
import { NUMBERS } from "../../src/simulator/simulator.ts";
import type { createTestSending } from "./sending.ts";

const ORIGINS = { CAMPAIGN: "campaign", AUTOMATION: "automation" } as const;
/** A campaign and an automation may each have their own. */
export const TWO_NUMBERS = [
  ...NUMBERS,
  { phone_number_id: "106540352242923", display_phone_number: "12025550191", waba_id: NUMBERS[0]!.waba_id },
];
/** What the simulator has approved, and what Wharf knows it as. */
const TEMPLATES = {
  MARKETING: { type: "template", name: "hello_world", language: "en_US" },
  UTILITY: {
    type: "template",
    name: "order_update",
    language: "en_US",
    body: [
      { type: "text", text: "Ada" },
      { type: "text", text: "4821" },
    ],
  },
} as const;

/** Marketing and other templates to people, by campaigns and automations, and the workspace's limits. */
export async function createTestMarketing(
  meta: Pick<Awaited<ReturnType<typeof createTestSending>>, "db" | "workspace_id" | "number_ids" | "clock">,
) {
  const { db, workspace_id } = meta;
  for (const [category, { name, language }] of Object.entries(TEMPLATES))
    await db.run(sql`
      insert into templates (workspace_id, id, waba_id, template_id, name, language, status, category)
      select distinct on (waba_id) workspace_id, gen_random_uuid(), waba_id, name, ${name}, ${language}, 'APPROVED', ${category}
      from phone_numbers cross join (select ${name}::text as name) one where workspace_id = ${workspace_id}`);
  return {
    /** A policy, as the page saves it. */
    async limit(policy: {
      cap?: { messages: number; days: number };
      quiet?: object;
      time_zone?: string;
      people?: boolean;
    }) {
      const { cap, quiet, time_zone = "UTC", people = false } = policy;
      await db.run(sql`
        insert into marketing_policies (workspace_id, cap_messages, cap_days, quiet, time_zone, people)
        values (${workspace_id}, ${cap?.messages ?? null}, ${cap?.days ?? null}, ${quiet ? JSON.stringify(quiet) : null}::jsonb,
          ${time_zone}, ${people})
        on conflict (workspace_id) do update set cap_messages = excluded.cap_messages, cap_days = excluded.cap_days,
          quiet = excluded.quiet, time_zone = excluded.time_zone, people = excluded.people, changed_at = clock_timestamp()`);
    },
    /** To these numbers, from the number at that place; the messages' ids in the same order. */
    async queue(
      to: readonly string[],
      source: keyof typeof ORIGINS | "AGENT" | "API",
      { from = 0, category = "MARKETING" }: { from?: number; category?: keyof typeof TEMPLATES } = {},
    ): Promise<string[]> {
      const origin = source in ORIGINS ? { kind: ORIGINS[source as "CAMPAIGN"], id: newId() } : null;
      const rows = to.map((number) => ({
        workspace_id,
        source,
        origin,
        content: TEMPLATES[category],
        from: meta.number_ids[from]!,
        to: number,
      }));
      const { outcomes } = await db.transaction((tx) => queueMany(tx, rows));
      const ids = outcomes.map((one) => {
        if ("problem" in one) throw one.problem;
        return one.id;
      });
      // By the clock of the test, which may be days ahead: it is not stale.
      await db.run(
        sql`update sends set asked_at = ${new Date(meta.clock.now())} where id = any(${ids}::uuid[])`,
      );
      return ids;
    },
    /** States of messages, with the symbol of what was found. */
    states: (ids: readonly string[]) =>
      db.rows<{ id: string; state: string; symbol: string | null; due: Date | null; to_value: string }>(sql`
        select id, state, error ->> 'symbol' as symbol, next_attempt_at as due, to_value from sends
        where id = any(${[...ids]}::uuid[]) order by array_position(${[...ids]}::uuid[], id)`),
  };
}
