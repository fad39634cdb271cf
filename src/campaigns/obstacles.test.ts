import { expect, test } from "vitest";
import { insertCampaign } from "../../test/support/campaign-rows.ts";
import { createTestCampaigns } from "../../test/support/campaigns.ts";
import {
  addField,
  addSegment,
  addTag,
  changeProfile,
  removeField,
  removeTag,
  usesOf,
} from "../audience/audience.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createGroup } from "../templates/templates.ts";
import { approve, archive, cancel, changeCampaign, launch, pause, resume, reviewOf } from "./campaigns.ts";

/** Messages stay with Meta until a test tells of them. */
const meta = await createTestCampaigns({ odds: { failed: 0, delivered: 0 } });
const { db, workspace_id, deps, clock, waba_id } = meta;
const template_id = await meta.template("sale");

let from = 0;
async function drafted(count: number, change: Parameters<typeof meta.campaign>[0] = {}) {
  const { list, contacts } = await meta.people(count, undefined, (from += 1_000));
  const include = [{ kind: "list" as const, id: list }];
  return {
    id: await meta.campaign({ template_id, audience: { include, exclude: [] }, ...change }),
    list,
    contacts,
  };
}
const at = (ms: number) => new Date(clock.now() + ms).toISOString();
const inAnHour = () => ({ kind: "at" as const, at: at(3_600_000), time_zone: "UTC" });

type Condition = Parameters<typeof addSegment>[2]["rule"]["groups"][number][number];
const segmentOf = (name: string, condition: Condition) =>
  addSegment(db, workspace_id, { name, rule: { groups: [[condition]] } });

const PARTS = ["exclude", "include"] as const;
const NAMED = ["tag", "field"] as const;
test.each(PARTS.flatMap((part) => NAMED.map((kind) => ({ part, kind }))))(
  "a $kind that a segment of its $part asks for is deleted: a scheduled campaign is held, and not sent to others",
  async ({ part, kind }) => {
    const before = meta.taken.length;
    const { id, list, contacts } = await drafted(4, { schedule: inAnHour() });
    const name = `${part} ${kind}`;
    const named =
      kind === "tag"
        ? await addTag(db, workspace_id, name)
        : await addField(db, workspace_id, { name, kind: "text", choices: [] });
    const none = part === "include";
    const segment = await segmentOf(
      name,
      kind === "tag"
        ? { on: "tag", op: none ? "none" : "any", ids: [named.id] }
        : {
            on: "field",
            field_id: named.id,
            test: none ? { op: "is_not", value: "no" } : { op: "is", value: "no" },
          },
    );
    await changeProfile(
      db,
      workspace_id,
      contacts[0]!,
      kind === "tag" ? { add_tags: [named.id] } : { fields: { [named.id]: "no" } },
    );
    const source = { kind: "segment" as const, id: segment.id };
    const lists = [{ kind: "list" as const, id: list }];
    await changeCampaign(db, workspace_id, id, {
      audience: none ? { include: [source], exclude: [] } : { include: lists, exclude: [source] },
    });
    await meta.launch(id);
    const uses = await usesOf(db, workspace_id, { kind, id: named.id });
    expect(uses.campaigns.map((campaign) => campaign.id)).toEqual([id]);
    await (kind === "tag" ? removeTag : removeField)(db, workspace_id, named.id);
    clock.moved_ms += 3_600_000;
    await meta.drainAll();
    const says = `A ${kind} that its segment “${name}” asks for was deleted.`;
    expect(await meta.shown(id)).toMatchObject({ state: "HELD", hold: { reason: "audience", says } });
    expect(meta.taken.length).toBe(before);
    await expect(resume(deps, meta.asking(id))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
    expect((await meta.shown(id)).state).toBe("HELD");
    const draft = await meta.campaign({ template_id, audience: { include: lists, exclude: [] } });
    await db.run(sql`
      update campaigns set audience = (select audience from campaigns where id = ${id}) where id = ${draft}`);
    await expect(meta.launch(draft)).rejects.toMatchObject({ code: "CAMPAIGN_NOT_READY" });
    await cancel(deps, meta.asking(id));
  },
);

test("a campaign of 20,000 that has just been written is cancelled at once, also before the table has statistics", async () => {
  const id = await insertCampaign(db, workspace_id, meta.number_id, { state: "CANCELLED" });
  await db.run(sql`
    insert into campaign_recipients (workspace_id, campaign_id, contact_id, place, state, due_at)
    select ${workspace_id}, ${id}, gen_random_uuid(), n, 0, '-infinity' from generate_series(1, 20000) n`);
  await db.run(sql`
    insert into campaign_counts (workspace_id, campaign_id, minute, slot, key, n)
    select ${workspace_id}, ${id}, now(), 1, key, 20000 from unnest(array['now.waiting', 'reached.audience', 'country.ZZ.audience']) key`);
  await db.run(sql`
    insert into campaign_work (workspace_id, campaign_id, step, next_step_at) values (${workspace_id}, ${id}, 'cancel', now())`);
  const began_ms = Date.now();
  await meta.engine.drain();
  expect(Date.now() - began_ms).toBeLessThan(10_000);
  expect(await meta.states(id)).toEqual({ CANCELLED: 20_000 });
  await meta.expectCounted(id);
}, 120_000);

test("an approval that comes after the start asks, and one of what can't be sent any more is refused", async () => {
  await db.run(sql`update workspaces set campaign_approval = true where id = ${workspace_id}`);
  const [ana, ben] = [newId(), newId()];
  const late = await drafted(2, { schedule: inAnHour() });
  await meta.launch(late.id, ana);
  clock.moved_ms += 3_600_000 + 16 * 60_000;
  const told = await approve(deps, meta.asking(late.id, ben));
  expect(told.campaign).toMatchObject({ state: "HELD", hold: { reason: "missed_start" } });
  expect(told.says).toContain("before it was approved");
  await meta.drainAll();
  expect((await meta.shown(late.id)).counts.audience).toBe(0);
  await resume(deps, meta.asking(late.id, ben));
  expect((await meta.finish(late.id)).counts.submitted).toBe(2);

  const gone = await drafted(2);
  await meta.launch(gone.id, ana);
  await db.run(sql`update templates set status = 'PAUSED' where id = ${template_id}`);
  await expect(approve(deps, meta.asking(gone.id, ben))).rejects.toMatchObject({
    code: "CAMPAIGN_NOT_READY",
  });
  expect((await meta.shown(gone.id)).hold?.reason).toBe("approval");
  await db.run(sql`update templates set status = 'APPROVED' where id = ${template_id}`);

  const by_key = await drafted(2);
  await meta.launch(by_key.id, null);
  await expect(approve(deps, meta.asking(by_key.id, ana))).rejects.toMatchObject({ code: "FORBIDDEN" });
  await db.run(sql`update workspaces set campaign_approval = false where id = ${workspace_id}`);
});

const canary = { first: { count: 5 }, wait_min: 1 };
test("a canary of which nothing became known is waited for; once Meta took it the others follow", async () => {
  const { id } = await drafted(20, { canary });
  await meta.launch(id);
  await meta.engine.drain();
  expect(await meta.states(id)).toEqual({ QUEUED: 5, WAITING: 15 });
  for (let i = 0; i < 3; i++) {
    clock.moved_ms += 61_000;
    await meta.engine.drain();
  }
  expect(await meta.states(id)).toEqual({ QUEUED: 5, WAITING: 15 });
  expect(await meta.shown(id)).toMatchObject({
    state: "HELD",
    hold: { reason: "canary", code: "no_outcome" },
  });
  await meta.sending.drain();
  await meta.hear();
  clock.moved_ms += 61_000;
  expect((await meta.finish(id)).counts.submitted).toBe(20);
});

test("a canary that a pause takes back goes first again", async () => {
  const { id } = await drafted(20, { canary });
  await meta.launch(id);
  await meta.engine.drain();
  await pause(deps, meta.asking(id));
  expect(await meta.states(id)).toEqual({ WAITING: 20 });
  await resume(deps, meta.asking(id));
  await meta.engine.drain();
  expect(await meta.states(id)).toEqual({ QUEUED: 5, WAITING: 15 });
  expect(await meta.shown(id)).toMatchObject({ state: "HELD", hold: { reason: "canary" } });
  await cancel(deps, meta.asking(id));
  await meta.drainAll();
});

test("people that Meta limits are tried again for 7 days from the start at most, also where it is changed on the way", async () => {
  const { id } = await drafted(2, { rate_per_min: 1 });
  await meta.launch(id);
  const change = (until: string) =>
    changeCampaign(db, workspace_id, id, { limited_retry: { gap_h: 24, until } });
  await expect(change("9999-01-01T00:00:00Z")).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  await expect(change(at(8 * 86_400_000))).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  await change(at(6 * 86_400_000));
  await cancel(deps, meta.asking(id));
});

const ZONES = [
  "UTC",
  "GMT",
  "Etc/GMT+5",
  "Etc/GMT-9",
  "Asia/Kolkata",
  "Asia/Calcutta",
  "US/Pacific",
  "Asia/Tokyo",
];
test("by local time every zone that a profile may name counts", async () => {
  const before_ms = clock.moved_ms;
  const date = at(3 * 86_400_000).slice(0, 10);
  const schedule = { kind: "local" as const, date, time: "09:00", time_zone: "Europe/London" };
  const { id, contacts } = await drafted(ZONES.length, { schedule });
  await meta.launch(id);
  for (const [i, time_zone] of ZONES.entries())
    await changeProfile(db, workspace_id, contacts[i]!, { time_zone });
  clock.moved_ms += Date.parse(`${date}T00:00:00Z`) - 5 * 3_600_000 + 5_000 - clock.now();
  await meta.engine.drain();
  const rows = await db.rows<{ at: Date }>(sql`
    select due_at as at from campaign_recipients where campaign_id = ${id} order by array_position(${contacts}::uuid[], contact_id)`);
  const pacific = new Date(
    `${new Intl.DateTimeFormat("en", { timeZone: "US/Pacific", timeZoneName: "short" }).format(Date.parse(date)).includes("PDT") ? "16" : "17"}:00Z`.replace(
      /^/,
      `${date}T`,
    ),
  );
  expect(rows.map((row) => row.at.toISOString())).toEqual(
    ["T09:00", "T09:00", "T14:00", "T00:00", "T03:30", "T03:30", null, "T00:00"].map((time) =>
      time === null ? pacific.toISOString() : `${date}${time}:00.000Z`,
    ),
  );
  await cancel(deps, meta.asking(id));
  await meta.drainAll();
  clock.moved_ms = before_ms;
});

test("while Meta refuses a template that it lists as approved, a campaign by it can be neither launched nor resumed", async () => {
  const { id } = await drafted(3);
  await meta.launch(id);
  await pause(deps, meta.asking(id));
  await db.run(sql`
    insert into template_refusals values (${workspace_id}, ${waba_id}, 'sale', 'en_US', ${new Date(clock.now() + 60_000)},
      '{"says":"It is paused.","details":null,"symbol":"OTHER"}')`);
  const refused = "Meta refuses to send the template “sale” (en_US): It is paused.";
  await expect(resume(deps, meta.asking(id))).rejects.toMatchObject({
    code: "CAMPAIGN_STATE",
    detail: expect.stringContaining(refused) as string,
  });
  expect((await meta.shown(id)).state).toBe("PAUSED");
  const other = await drafted(3);
  expect((await reviewOf(deps, workspace_id, other.id)).ready).toBe(false);
  await expect(meta.launch(other.id)).rejects.toMatchObject({ code: "CAMPAIGN_NOT_READY" });
  await db.run(sql`delete from template_refusals where workspace_id = ${workspace_id}`);
  await resume(deps, meta.asking(id));
  expect((await meta.finish(id)).counts.submitted).toBe(3);
});

test("a group that comes to a template with other variables holds its campaign, and skips no one", async () => {
  await meta.template("plain", { language: "en" });
  await meta.template("named", {
    language: "en",
    components: [{ type: "BODY", text: "Hello {{1}}, look!", example: { body_text: [["Ana"]] } }],
  });
  const group = await createGroup(db, workspace_id, {
    waba_id,
    name: "Changing",
    fallback_language: "en",
    members: [{ language: "en", template_name: "plain" }],
  });
  const { id } = await drafted(3, { template_id: null, template_group_id: group.id });
  await meta.launch(id);
  await meta.engine.step();
  await db.run(sql`update template_group_members set template_name = 'named' where group_id = ${group.id}`);
  await meta.drainAll();
  expect(await meta.shown(id)).toMatchObject({ state: "HELD", hold: { reason: "template" } });
  expect((await meta.shown(id)).hold?.says).toContain("{{1}} of the body");
  expect(await meta.states(id)).toEqual({ WAITING: 3 });
  await expect(resume(deps, meta.asking(id))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
  await db.run(sql`update template_group_members set template_name = 'plain' where group_id = ${group.id}`);
  await resume(deps, meta.asking(id));
  expect((await meta.finish(id)).counts.submitted).toBe(3);
});

test("what is archived is not sent", async () => {
  const { id } = await drafted(2);
  await archive(deps, meta.asking(id));
  await expect(launch(deps, meta.asking(id))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
  expect((await meta.shown(id)).state).toBe("DRAFT");
});

test("who changes a draft that another has changed since is told so, and writes over nothing", async () => {
  const { id } = await drafted(1);
  const { updated_at: based_on } = await meta.shown(id);
  const first = await changeCampaign(db, workspace_id, id, { name: "Autumn", based_on });
  await expect(changeCampaign(db, workspace_id, id, { name: "Winter", based_on })).rejects.toMatchObject({
    code: "CAMPAIGN_EDITED_MEANWHILE",
  });
  expect((await meta.shown(id)).name).toBe("Autumn");
  await changeCampaign(db, workspace_id, id, { name: "Winter", based_on: first.updated_at });
  expect((await changeCampaign(db, workspace_id, id, { rate_per_min: 60 })).name).toBe("Winter");
});
