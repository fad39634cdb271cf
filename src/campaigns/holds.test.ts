import { expect, test } from "vitest";
import { createTestCampaigns } from "../../test/support/campaigns.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createGroup } from "../templates/templates.ts";
import { approve, cancel, changeCampaign, resume, sendTest, followApproval } from "./campaigns.ts";

/** Messages stay with Meta until a test tells of them. */
const meta = await createTestCampaigns({ odds: { failed: 0, delivered: 0 } });
const { db, workspace_id, deps, waba_id, clock } = meta;
const template_id = await meta.template("sale");
const { template_id: meta_template_id } = (await db.first<{ template_id: string }>(
  sql`select template_id from templates where id = ${template_id}`,
))!;

let from = 0;
async function drafted(count: number, change: Parameters<typeof meta.campaign>[0] = {}) {
  const { list, contacts } = await meta.people(count, undefined, (from += 1_000));
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  return { id: await meta.campaign({ template_id, audience, ...change }), contacts };
}
async function launched(count: number, change: Parameters<typeof meta.campaign>[0] = {}) {
  const made = await drafted(count, change);
  await meta.launch(made.id);
  return made;
}
const entry = (field: string, value: object) =>
  meta.post({
    object: "whatsapp_business_account",
    entry: [{ id: waba_id, time: Math.floor(clock.now() / 1_000), changes: [{ field, value }] }],
  });

async function tellTemplate(event: string, told = { id: meta_template_id, name: "sale", language: "en_US" }) {
  clock.moved_ms += 2_000;
  await entry("message_template_status_update", {
    event,
    message_template_id: Number(told.id),
    message_template_name: told.name,
    message_template_language: told.language,
    reason: "NONE",
  });
  await meta.pipeline.drain();
}

const number = meta.simulator.numbers()[0]!;
const metadata = {
  display_phone_number: number.display_phone_number,
  phone_number_id: number.phone_number_id,
};
const seconds = () => String(Math.floor(clock.now() / 1_000));

async function say(wa_id: string, text: string) {
  await entry("messages", {
    messaging_product: "whatsapp",
    metadata,
    contacts: [{ profile: { name: "Ana" }, wa_id }],
    messages: [
      { from: wa_id, id: `wamid.${newId()}`, timestamp: seconds(), type: "text", text: { body: text } },
    ],
  });
  await meta.pipeline.drain();
}

/** Meta says of the last messages that they failed. */
async function fail(count: number, code: number) {
  const statuses = meta.taken.slice(-count).map(({ wamid, to, callback_data }) => ({
    id: wamid,
    status: "failed",
    timestamp: seconds(),
    recipient_id: to,
    biz_opaque_callback_data: callback_data,
    errors: [{ code, title: "It failed", message: "It failed", error_data: { details: "It failed." } }],
  }));
  await entry("messages", { messaging_product: "whatsapp", metadata, statuses });
  await meta.pipeline.drain();
}

const waIdOf = async (contact_id: string) =>
  (await db.first<{ value: string }>(
    sql`select value from contact_identities where contact_id = ${contact_id} and kind = 'wa_id'`,
  ))!.value;

test("a template that Meta pauses holds the campaign in the webhook's own transaction; afterwards everyone is reached once", async () => {
  const before = meta.taken.length;
  const { id } = await launched(120);
  await meta.engine.drain();
  expect(await meta.states(id)).toEqual({ QUEUED: 120 });
  await tellTemplate("PAUSED");
  const held = await meta.shown(id);
  expect(held).toMatchObject({ state: "HELD", hold: { reason: "template", code: "PAUSED" } });
  expect(held.hold?.says).toBe("The template “sale” is paused by Meta.");
  expect(held.now.waiting).toBe(120);
  await meta.drainAll();
  expect(meta.taken.length).toBe(before);
  await expect(resume(deps, meta.asking(id))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
  const notices = await db.rows<{ title: string }>(
    sql`select title from notices where workspace_id = ${workspace_id} and kind = 'campaign'`,
  );
  expect(notices).toEqual([{ title: "The campaign “Summer” is held." }]);
  await tellTemplate("APPROVED");
  expect((await meta.shown(id)).hold).toMatchObject({
    says: "It was held for its template. Meta has approved “sale” again.",
    advice: "Resume to go on with those who were not reached.",
  });
  await resume(deps, meta.asking(id));
  expect((await meta.finish(id)).state).toBe("COMPLETED");
  expect(meta.taken.length - before).toBe(120);
  expect(new Set(meta.taken.slice(before).map(({ to }) => to)).size).toBe(120);
  await meta.expectCounted(id);
});

test("what Meta's list says holds a campaign, and tells of one that is held when its template is approved again, without a webhook", async () => {
  const listed_id = await meta.template("listed");
  const { id } = await launched(10, { template_id: listed_id });
  await meta.engine.drain();
  const { template_id: at_meta } = (await db.first<{ template_id: string }>(
    sql`select template_id from templates where id = ${listed_id}`,
  ))!;
  const read = async (status: string) => {
    clock.moved_ms += 3_600_000;
    meta.graph.noteTemplate(at_meta, status, null);
    await meta.ask(0);
    while ((await meta.sync.step()) > 0);
  };
  await read("PAUSED");
  expect(await meta.shown(id)).toMatchObject({
    state: "HELD",
    hold: { reason: "template", says: "The template “listed” is paused by Meta." },
  });
  await read("APPROVED");
  expect((await meta.shown(id)).hold).toMatchObject({
    says: "It was held for its template. Meta has approved “listed” again.",
    advice: "Resume to go on with those who were not reached.",
  });
  await cancel(deps, meta.asking(id));
});

test("a group whose fallback Meta pauses holds its campaign; no one is skipped for it, and resuming waits for Meta", async () => {
  const fallback_id = await meta.template("fest", { language: "en" });
  await meta.template("fest", { language: "pt_BR" });
  const [fallback] = await db.rows<{ id: string }>(
    sql`select template_id as id from templates where id = ${fallback_id}`,
  );
  const group = await createGroup(db, workspace_id, {
    waba_id,
    name: "Festival",
    fallback_language: "en",
    members: ["en", "pt_BR"].map((language) => ({ language, template_name: "fest" })),
  });
  const before = meta.taken.length;
  const { id, contacts } = await launched(30, { template_id: null, template_group_id: group.id });
  await db.run(sql`
    insert into contact_profiles (workspace_id, contact_id, language)
    select ${workspace_id}, id, 'pt_BR' from unnest(${contacts.slice(0, 10)}::uuid[]) as id`);
  await meta.engine.drain();
  const told = { id: fallback!.id, name: "fest", language: "en" };
  await tellTemplate("PAUSED", told);
  const paused = "The template “fest” (en), the fallback of the group “Festival”, is paused by Meta.";
  expect(await meta.shown(id)).toMatchObject({ state: "HELD", hold: { says: paused } });
  await expect(resume(deps, meta.asking(id))).rejects.toMatchObject({
    code: "CAMPAIGN_STATE",
    detail: expect.stringContaining(paused) as string,
  });
  await meta.drainAll();
  expect(await meta.states(id)).toEqual({ WAITING: 30 });
  await tellTemplate("APPROVED", told);
  await resume(deps, meta.asking(id));
  expect((await meta.finish(id)).counts).toMatchObject({ skipped: 0, submitted: 30 });
  expect(new Set(meta.taken.slice(before).map(({ to }) => to)).size).toBe(30);
  await meta.expectCounted(id);
});

test("a template of a group that Meta refuses to send by is named with its language", async () => {
  const { id } = await launched(4, { template_id: null, template_group_id: (await groupOf("Festival")).id });
  await db.run(sql`
    insert into template_refusals values (${workspace_id}, ${waba_id}, 'fest', 'en', ${new Date(clock.now() + 60_000)},
      '{"says":"It is paused.","details":null}')`);
  await meta.drainAll();
  expect((await meta.shown(id)).hold?.says).toBe(
    "Meta refuses to send the template “fest” (en): It is paused.",
  );
  expect(await meta.states(id)).toEqual({ WAITING: 4 });
  await cancel(deps, meta.asking(id));
  await db.run(sql`delete from template_refusals where workspace_id = ${workspace_id}`);
});

const groupOf = async (name: string) =>
  (await db.first<{ id: string }>(sql`select id from template_groups where name = ${name}`))!;

test("a template that Meta refuses to send by leaves its people waiting, and holds the campaign", async () => {
  const { id } = await launched(20);
  await meta.engine.drain();
  await meta.sending.drain();
  await fail(20, 132015);
  expect(await meta.states(id)).toEqual({ WAITING: 20 });
  await meta.drainAll();
  clock.moved_ms += 2_000;
  await meta.drainAll();
  expect(await meta.shown(id)).toMatchObject({ state: "HELD", hold: { reason: "template" } });
  await meta.expectCounted(id);
  await cancel(deps, meta.asking(id));
  await db.run(sql`delete from template_refusals where workspace_id = ${workspace_id}`);
});

test("a person who says STOP while it runs gets nothing later, and is shown as skipped for it", async () => {
  const before = meta.taken.length;
  const { id, contacts } = await launched(30);
  await meta.engine.drain();
  const [first, second] = [await waIdOf(contacts[3]!), await waIdOf(contacts[17]!)];
  await say(first, "STOP");
  await say(second, "stop");
  await meta.drainAll();
  const sent = meta.taken.slice(before).map(({ to }) => to);
  expect(sent).toHaveLength(28);
  expect(sent).not.toContain(first);
  expect(sent).not.toContain(second);
  expect((await meta.shown(id)).counts.skipped).toBe(2);
  const [row] = await db.rows(sql`
    select skip_reason from campaign_recipients where campaign_id = ${id} and contact_id = ${contacts[3]!}`);
  expect(row).toEqual({ skip_reason: "consent" });
  await meta.expectCounted(id);
  await meta.finish(id);
});

test("a campaign starts at its time; one whose start was missed asks", async () => {
  const at = (ms: number) => new Date(clock.now() + ms).toISOString();
  const schedule = { kind: "at", at: at(3_600_000), time_zone: "Europe/Berlin" } as const;
  const { id } = await launched(5, { schedule });
  expect((await meta.shown(id)).state).toBe("SCHEDULED");
  clock.moved_ms += 3_000_000;
  await meta.drainAll();
  expect((await meta.shown(id)).state).toBe("SCHEDULED");
  clock.moved_ms += 700_000;
  await meta.drainAll();
  expect((await meta.finish(id)).counts.submitted).toBe(5);

  const missed = await launched(5, { schedule: { ...schedule, at: at(3_600_000) } });
  clock.moved_ms += 3_600_000 + 16 * 60_000;
  await meta.drainAll();
  expect(await meta.shown(missed.id)).toMatchObject({ state: "HELD", hold: { reason: "missed_start" } });
  await resume(deps, meta.asking(missed.id));
  expect((await meta.finish(missed.id)).counts.submitted).toBe(5);
});

test("by local time each person gets it when the clock shows it where they are", async () => {
  const before_ms = clock.moved_ms;
  const date = new Date(clock.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const { id, contacts } = await launched(3, {
    schedule: { kind: "local", date, time: "09:00", time_zone: "Europe/London" },
  });
  await db.run(sql`
    insert into contact_profiles (workspace_id, contact_id, time_zone, country) values
      (${workspace_id}, ${contacts[0]!}, 'Asia/Tokyo', null), (${workspace_id}, ${contacts[1]!}, null, 'BR')`);
  clock.moved_ms = Date.parse(`${date}T00:00:00Z`) - 14 * 3_600_000 + 5_000 + 9 * 3_600_000 - Date.now();
  await meta.engine.drain();
  const rows = await db.rows<{ at: Date }>(sql`
    select due_at as at from campaign_recipients where campaign_id = ${id} order by contact_id`);
  // Tokyo, São Paulo, and Germany by the number.
  expect(rows.map(({ at }) => at.toISOString())).toEqual([
    `${date}T00:00:00.000Z`,
    `${date}T12:00:00.000Z`,
    `${date}T08:00:00.000Z`,
  ]);
  await cancel(deps, meta.asking(id));
  await meta.drainAll();
  // What is queued is dated by the database, and is too old after three days.
  clock.moved_ms = before_ms;
});

test("where the workspace asks for it a second person approves", async () => {
  await db.run(sql`update workspaces set campaign_approval = true where id = ${workspace_id}`);
  const [ana, ben] = [newId(), newId()];
  const { id } = await drafted(2);
  await meta.launch(id, ana);
  expect(await meta.shown(id)).toMatchObject({ state: "HELD", hold: { reason: "approval" } });
  await expect(approve(deps, meta.asking(id, ana))).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(resume(deps, meta.asking(id, ben))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
  await approve(deps, meta.asking(id, ben));
  expect((await meta.finish(id)).counts.submitted).toBe(2);

  const stuck = await drafted(2);
  await meta.launch(stuck.id, ana);
  const says = async () => (await meta.shown(stuck.id)).hold?.says;
  await db.transaction((tx) => followApproval(tx, workspace_id, false));
  expect(await says()).toContain("Campaigns need no approval any more.");
  await db.transaction((tx) => followApproval(tx, workspace_id, true));
  expect(await says()).toBe("It waits for the approval of a second person.");
  await expect(resume(deps, meta.asking(stuck.id, ana))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
  await db.transaction((tx) => followApproval(tx, workspace_id, false));
  await meta.drainAll();
  expect(await meta.states(stuck.id)).toEqual({});
  await resume(deps, meta.asking(stuck.id, ana));
  expect((await meta.finish(stuck.id)).counts.submitted).toBe(2);
  await db.run(sql`update workspaces set campaign_approval = false where id = ${workspace_id}`);
});

test("the canary goes first; when it did well the others follow by themselves, else the breaker holds them", async () => {
  const settings = {
    canary: { first: { count: 10 }, wait_min: 30 },
    breaker: { failed_percent: 20, opted_out_percent: 5, window: 20 },
  };
  const good = await launched(40, settings);
  await meta.drainAll();
  expect(await meta.shown(good.id)).toMatchObject({
    state: "HELD",
    hold: { reason: "canary" },
    counts: { submitted: 10 },
  });
  expect((await meta.shown(good.id)).hold?.says).toBe(
    "Of the first 10: 10 are on their way. The others follow 30 minutes after them if all goes well.",
  );
  await fail(3, 131049);
  expect((await meta.shown(good.id)).hold?.says).toBe(
    "Of the first 10: 7 are on their way, 3 were held back by Meta. The others follow 30 minutes after them if all goes well.",
  );
  const places = await db.rows<{ place: number }>(sql`
    select place::integer as place from campaign_recipients where campaign_id = ${good.id} and message_id is not null order by place`);
  for (const quarter of [1, 11, 21, 31])
    expect(places.filter(({ place }) => place >= quarter && place < quarter + 10).length).toBeGreaterThan(1);
  clock.moved_ms += 31 * 60_000;
  expect((await meta.finish(good.id)).counts).toMatchObject({ submitted: 40, failed: 0, limited: 3 });

  const bad = await launched(40, settings);
  await meta.drainAll();
  await fail(4, 131026);
  clock.moved_ms += 31 * 60_000;
  await meta.drainAll();
  const held = await meta.shown(bad.id);
  expect(held).toMatchObject({ state: "HELD", hold: { reason: "breaker" }, counts: { submitted: 10 } });
  expect(held.retryable).toBe(0);
  expect(held.hold?.says).toBe("40% of the last 10 messages did not arrive.");
  await meta.expectCounted(bad.id);
  await cancel(deps, meta.asking(bad.id));
  await meta.drainAll();
});

test("the breaker holds a campaign of whose last messages too many failed", async () => {
  const breaker = { failed_percent: 30, opted_out_percent: null, window: 20 };
  const { id } = await launched(400, { breaker, rate_per_min: 600 });
  for (let i = 0; i < 6; i++) {
    await meta.drainAll();
    clock.moved_ms += 1_000;
  }
  await fail(15, 131026);
  clock.moved_ms += 1_000;
  await meta.drainAll();
  const held = await meta.shown(id);
  expect(held).toMatchObject({ state: "HELD", hold: { reason: "breaker" } });
  expect(held.counts.submitted).toBeLessThan(400);
  // A person looked: the window begins anew.
  await changeCampaign(db, workspace_id, id, { rate_per_min: null });
  await resume(deps, meta.asking(id));
  expect((await meta.finish(id)).counts.submitted).toBe(400);
  await meta.expectCounted(id);
});

test("those that Meta limits say nothing against a campaign: neither breaker nor canary holds it for them", async () => {
  const settings = {
    canary: { first: { count: 20 }, wait_min: 1 },
    breaker: { failed_percent: 10, opted_out_percent: null, window: 20 },
  };
  const { id } = await launched(40, settings);
  await meta.drainAll();
  // Of one that Meta took: were there none, nothing would speak for the others.
  await fail(19, 131049);
  clock.moved_ms += 61_000;
  const ended = await meta.finish(id);
  expect(ended).toMatchObject({ state: "COMPLETED", counts: { limited: 19, failed: 0 } });
  await meta.expectCounted(id);
});

test("a test that Meta refuses has failed and says so: it does not wait for another day", async () => {
  const { id } = await drafted(1);
  const test_result = await sendTest(db, meta.asking(id), { to: ["+49 151 10000007"] });
  const message_id = test_result.results[0]!.message_id!;
  await meta.sending.drain();
  await fail(1, 131049);
  expect(await meta.shownMessage(message_id)).toMatchObject({
    send: { state: "failed" },
  });
  const waiting = await db.rows(sql`
    select id from sends where workspace_id = ${workspace_id} and id = ${message_id} and state = 'queued'`);
  expect(waiting).toEqual([]);
});

test("people that Meta limits are asked again after a day, until they answer or the date has come", async () => {
  const until = new Date(clock.now() + 5 * 86_400_000).toISOString();
  const before = meta.taken.length;
  const { id, contacts } = await launched(4, { limited_retry: { gap_h: 24, until } });
  await meta.drainAll();
  await fail(3, 131049);
  expect(await meta.states(id)).toEqual({ SENT: 1, LIMITED: 3 });
  await db.run(sql`
    update campaign_recipients set replied_at = now() where campaign_id = ${id} and contact_id = ${contacts[3]!}`);
  clock.moved_ms += 23 * 3_600_000;
  await meta.drainAll();
  expect(meta.taken.length - before).toBe(4);
  clock.moved_ms += 2 * 3_600_000;
  await meta.drainAll();
  // One answered in the meantime.
  expect(meta.taken.length - before).toBe(6);
  const [tried] = await db.rows(sql`
    select attempts, state from campaign_recipients where campaign_id = ${id} and contact_id = ${contacts[2]!}`);
  expect(tried).toEqual({ attempts: 2, state: 4 });
  expect((await meta.shown(id)).state).toBe("RUNNING");
  clock.moved_ms += 5 * 86_400_000;
  await meta.drainAll();
  expect((await meta.shown(id)).state).toBe("COMPLETED");
});
