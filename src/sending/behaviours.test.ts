import { beforeAll, expect, test } from "vitest";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { BEHAVIOURS, type Behaviour } from "../meta/meta.ts";
import { createTestSending } from "../../test/support/sending.ts";
import { listPhoneNumbers, resume } from "./sending.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let meta: Awaited<ReturnType<typeof createTestSending>>;
let people = 0;

beforeAll(async () => {
  meta = await createTestSending({ approved: 1 });
});

interface Case {
  /** Meta's code, as the simulator answers it. */
  code: number;
  /** Right after the refusal. */
  state: "queued" | "failed" | "sending";
  /** When it goes out by itself, if it does: not before `least_ms`, and by `most_ms`. */
  again?: { least_ms: number; most_ms: number };
}

/** Each behaviour of the catalogue, seen through the simulator. */
const cases: Record<Exclude<Behaviour, "note" | "unknown_outcome">, Case> = {
  retry: { code: 131016, state: "queued", again: { least_ms: 500, most_ms: MINUTE_MS } },
  throttle_number: { code: 130429, state: "queued", again: { least_ms: 500, most_ms: MINUTE_MS } },
  throttle_pair: { code: 131056, state: "queued", again: { least_ms: 500, most_ms: MINUTE_MS } },
  throttle_app: { code: 4, state: "queued", again: { least_ms: 50_000, most_ms: 5 * MINUTE_MS } },
  not_now: { code: 131049, state: "queued", again: { least_ms: 23 * HOUR_MS, most_ms: 31 * HOUR_MS } },
  pause_number: { code: 133010, state: "queued" },
  pause_connection: { code: 190, state: "queued" },
  give_up: { code: 131009, state: "failed" },
  unreachable: { code: 131026, state: "failed" },
  opted_out: { code: 131050, state: "failed" },
  close_window: { code: 131047, state: "failed" },
  fix_template: { code: 132015, state: "failed" },
  ask: { code: 131063, state: "failed" },
};
const lines = Object.entries(cases).map(([behaviour, line]) => ({ behaviour, ...line }));

test("every behaviour is in the table, or in a test of its own", () => {
  // `note` is said of what arrives; `unknown_outcome` is in sending.test.ts, as answers that are lost.
  expect([...Object.keys(cases), "note", "unknown_outcome"].toSorted()).toEqual(
    Object.keys(BEHAVIOURS).toSorted(),
  );
});

/** A message that Meta refuses with this code. */
async function refuse(code: number) {
  const person = await meta.person(`1202558${String(1000 + people++)}`);
  const use = { type: "template", name: `t${code}_${people}`, language: "en_US" } as const;
  const message = await meta.write(person.conversation_id, use);
  await approve(use.name);
  meta.graph.next({ refuse: code });
  await meta.sending.drain();
  const count = () => meta.taken.filter(({ callback_data }) => callback_data === message).length;
  expect(count()).toBe(0);
  return { ...person, use, message, count };
}

const failing = lines.filter(({ state }) => state === "failed");
const repeating = lines.flatMap(({ again, ...line }) => (again ? [{ ...line, ...again }] : []));

test.each(failing)("$behaviour ($code): the message is given up, in words", async ({ code }) => {
  const { message } = await refuse(code);
  const shown = await meta.shown(message);
  expect(shown).toMatchObject({
    status: "FAILED",
    error: { code, advice: expect.any(String) },
    send: { state: "failed", code, reason: shown.error!.title, can_retry: true },
  });
});

test("opted_out writes the consent ledger, with its evidence", async () => {
  const { contact_id } = await refuse(cases.opted_out.code);
  const rows = await meta.db.rows(sql`
    select source, e.state, c.marketing_state from consent_events e
    join contact_identities i on i.kind = e.identity_kind and i.value = e.identity_value
    join contacts c on c.id = i.contact_id where c.id = ${contact_id}`);
  expect(rows).toEqual([
    { source: "META_ERROR_131050", state: "UNSUBSCRIBED", marketing_state: "UNSUBSCRIBED" },
  ]);
});

test("close_window closes the window", async () => {
  const { conversation_id } = await refuse(cases.close_window.code);
  await expect(meta.write(conversation_id, "hello")).rejects.toMatchObject({ code: "WINDOW_CLOSED" });
});

test("unreachable marks the contact", async () => {
  const { contact_id } = await refuse(cases.unreachable.code);
  const rows = await meta.db.rows(
    sql`select from contacts where id = ${contact_id} and unreachable_at is not null`,
  );
  expect(rows).toHaveLength(1);
});

test("fix_template uses the template no more until it is fixed", async () => {
  const { conversation_id, use } = await refuse(cases.fix_template.code);
  await expect(meta.write(conversation_id, use)).rejects.toMatchObject({ code: "TEMPLATE_BLOCKED" });
  await meta.db.run(
    sql`update templates set status_at = now() + interval '30 days' where name = ${use.name}`,
  );
  const id = await meta.write(conversation_id, use);
  await meta.sending.drain();
  expect(await meta.shown(id)).toMatchObject({ send: { state: "sent" } });
});

test.each(repeating)(
  "$behaviour ($code): goes out by itself, and not too soon",
  async ({ code, least_ms, most_ms }) => {
    const { message, count } = await refuse(code);
    expect(await meta.shown(message)).toMatchObject({
      status: "QUEUED",
      error: null,
      send: { state: "queued", code, reason: expect.any(String), can_retry: false },
    });
    meta.clock.moved_ms += least_ms - 400;
    await meta.sending.drain();
    expect(count()).toBe(0);
    meta.clock.moved_ms += most_ms;
    await meta.sending.drain();
    expect(await meta.shown(message)).toMatchObject({ send: { state: "sent" } });
    expect(count()).toBe(1);
  },
);

test.each(["pause_number", "pause_connection"] as const)(
  "%s stops the number, says why, and goes on when a person resumes it",
  async (behaviour) => {
    const { code } = cases[behaviour];
    const { message, count } = await refuse(code);
    expect(await meta.shown(message)).toMatchObject({ status: "QUEUED", send: { state: "queued", code } });
    const [number] = await listPhoneNumbers(meta.db, meta.workspace_id);
    expect(number!.sending.paused).toMatchObject({ code, reason: expect.any(String), until: null });
    expect(await told("PhoneNumberUpdated")).toBeGreaterThan(0);
    meta.clock.moved_ms += HOUR_MS;
    await meta.sending.drain();
    expect(count()).toBe(0);
    await resume(meta.db, meta.workspace_id, meta.number_id);
    await meta.sending.drain();
    expect((await listPhoneNumbers(meta.db, meta.workspace_id))[0]!.sending.paused).toBeNull();
    expect(count()).toBe(1);
  },
);

/** The template exists at Meta and here, approved. */
async function approve(name: string): Promise<void> {
  const [number] = meta.simulator.numbers();
  const response = await fetch(`${meta.graph_url}/v27.0/${number!.waba_id}/message_templates`, {
    method: "POST",
    headers: { authorization: "Bearer EAA-test-token", "content-type": "application/json" },
    body: JSON.stringify({
      name,
      language: "en_US",
      category: "UTILITY",
      components: [{ type: "BODY", text: "Hello" }],
    }),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(body);
  await meta.graph.drain();
  await meta.db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, status_at)
    values (${meta.workspace_id}, ${newId()}, ${number!.waba_id}, ${name}, ${name}, 'en_US', 'UTILITY', 'APPROVED', now())`);
}

async function told(name: string): Promise<number> {
  const [row] = await meta.db.rows<{ count: number }>(
    sql`select count(*) from live_events where workspace_id = ${meta.workspace_id} and name = ${name}`,
  );
  return row!.count;
}
