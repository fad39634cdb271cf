import { expect, test } from "vitest";
import { createTestCampaigns } from "../../test/support/campaigns.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { writeFrom } from "../sending/sending.ts";
import {
  addRecipients,
  campaignUse,
  cancel,
  clearExclusions,
  duplicateCampaign,
  excludeNumbers,
  followCampaignJoins,
  forgetExclusions,
  reachOf,
  reviewOf,
  retry,
} from "./campaigns.ts";

const meta = await createTestCampaigns({ odds: { failed: 0, delivered: 1, read: 0 } });
const { db, workspace_id, deps, clock } = meta;
const template_id = await meta.template("sale", {
  components: [{ type: "BODY", text: "Hello {{1}}, look!", example: { body_text: [["Ana"]] } }],
});
const variables = { "body.1": { from: "column" as const, column: "size", fallback: null } };

const saidOf = ({ checks }: Awaited<ReturnType<typeof reviewOf>>, name: string) =>
  checks.filter((check) => check.name === name).map(({ says }) => says);

test("reach says of each person why they get it or don't, and the review which setting is missing", async () => {
  const one = await meta.people(10);
  const other = await meta.people(3, undefined, 100);
  const twice = one.contacts.slice(0, 2);
  await db.run(sql`
    insert into list_contacts (workspace_id, list_id, contact_id)
    select ${workspace_id}, ${other.list}, id from unnest(${twice}::uuid[]) as id`);
  await db.run(sql`update contacts set marketing_state = 'UNSUBSCRIBED' where id = ${one.contacts[5]!}`);
  await db.run(sql`update contacts set marketing_state = 'PENDING' where id = ${one.contacts[4]!}`);
  await db.run(sql`delete from contact_identities where contact_id = ${one.contacts[6]!}`);
  const gone = await meta.people(0);
  await db.run(sql`
    insert into list_contacts (workspace_id, list_id, contact_id) values (${workspace_id}, ${gone.list}, ${one.contacts[9]!})`);
  const include = [one.list, other.list].map((id) => ({ kind: "list" as const, id }));
  const id = await meta.campaign({
    template_id,
    audience: { include, exclude: [{ kind: "list", id: gone.list }] },
  });
  expect(await reachOf(deps, workspace_id, id)).toEqual({
    included: 15,
    duplicates: 2,
    excluded: 1,
    people: 12,
    by_consent: [
      { state: "PENDING", count: 1, reached: false },
      { state: "UNKNOWN", count: 10, reached: true },
      { state: "UNSUBSCRIBED", count: 1, reached: false },
    ],
    unreachable: 1,
    missing_values: 0,
    reached: 9,
  });
  const review = await reviewOf(deps, workspace_id, id);
  expect(review.ready).toBe(false);
  expect(review.checks.filter(({ level }) => level === "error")).toEqual([
    {
      name: "Variables",
      level: "error",
      says: "Choose what stands in {{1}} of the body.",
      field: "variables.body.1",
    },
  ]);
  // Each thing to know is said, not only the first of them.
  expect(saidOf(review, "Audience Consent")).toEqual([
    "1 person wants no marketing and is left out.",
    "1 person was asked, has not said yes yet, and is left out.",
    "10 people get it without ever having said that they want marketing.",
  ]);
  expect(review.cost).toEqual([
    { country: "DE", category: "MARKETING", messages: 9, price: null, amount: null },
  ]);
  expect(review.money).toBeNull();
  await expect(meta.launch(id)).rejects.toMatchObject({ code: "CAMPAIGN_NOT_READY" });
});

test("numbers of a CSV are left out in any spelling and either form, and no contacts are made of them", async () => {
  const { list, contacts } = await meta.people(4, undefined, 5_700);
  const [brazilian] = contacts;
  await db.run(sql`
    update contact_identities set value = '551187654321', country = 'BR' where contact_id = ${brazilian!}`);
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  const id = await meta.campaign({ template_id: await meta.template("plain"), audience });
  const count = async () =>
    (await db.first<{ n: number }>(
      sql`select count(*)::integer as n from contacts where workspace_id = ${workspace_id}`,
    ))!.n;
  const before = await count();
  const phones = [
    "+49 151 10005702",
    "+55 11 98765-4321",
    "+44 7700 900123",
    "no number",
    "0049 15110005702",
  ];
  // The second of them has other digits than the contact.
  expect(await excludeNumbers(db, workspace_id, id, phones)).toMatchObject({
    added: 3,
    known: 0,
    refused: [{ index: 3 }],
  });
  expect(await excludeNumbers(db, workspace_id, id, ["+49 151 10005702"])).toMatchObject({
    added: 0,
    known: 1,
  });
  expect(await count()).toBe(before);
  expect(await reachOf(deps, workspace_id, id)).toMatchObject({ included: 4, excluded: 2, reached: 2 });
  const copy = await duplicateCampaign(db, workspace_id, id, null);
  expect(copy.excluded_numbers).toBe(3);
  await clearExclusions(db, workspace_id, copy.id);
  expect(await reachOf(deps, workspace_id, copy.id)).toMatchObject({ excluded: 0, reached: 4 });
  await meta.launch(id);
  expect((await meta.finish(id)).counts).toMatchObject({ audience: 2, submitted: 2 });
  await expect(excludeNumbers(db, workspace_id, id, phones)).rejects.toMatchObject({
    code: "CAMPAIGN_STATE",
  });
  // Of who is erased no number is kept, in either form.
  await db.transaction((tx) => forgetExclusions(tx, workspace_id, brazilian!));
  expect(
    await db.rows(sql`select number from campaign_exclusions where campaign_id = ${id} order by number`),
  ).toEqual([{ number: "447700900123" }, { number: "4915110005702" }]);
});

test("the number that is promised leaves out those without a value, and says what cap, quiet hours and countries would do now", async () => {
  const { list, contacts } = await meta.people(10, undefined, 300);
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  const field_id = newId();
  await db.run(sql`
    insert into contact_profiles (workspace_id, contact_id, fields, country, time_zone)
    select ${workspace_id}, id, jsonb_build_object(${field_id}::text, case when n > 1 then 'Porto' else ' ' end),
      case when n > 7 then 'US' end, case when n = 4 then 'Pacific/Auckland' end
    from unnest(${contacts.slice(1)}::uuid[]) with ordinality as one (id, n)`);
  const from_field = { from: "field" as const, field_id };
  const id = await meta.campaign({
    template_id,
    audience,
    variables: { "body.1": { ...from_field, fallback: null } },
  });
  const checkOf = async (name: string) =>
    (await reviewOf(deps, workspace_id, id)).checks.find((check) => check.name === name);
  expect(await reachOf(deps, workspace_id, id)).toMatchObject({ people: 10, missing_values: 2, reached: 8 });
  expect(await checkOf("Variables")).toMatchObject({
    level: "warning",
    says: "2 people have no value for a variable and are skipped. Set a fallback to reach them all.",
  });
  expect(await checkOf("Countries")).toMatchObject({
    level: "warning",
    says: "2 people have numbers of the United States. Meta delivers no marketing there: these messages fail (131049).",
  });
  expect(await checkOf("Marketing Limits")).toBeUndefined();

  // It is quiet in Auckland alone, and one person has had their message of the week.
  const hour = (ms: number) =>
    new Intl.DateTimeFormat("en-GB", {
      timeZone: "Pacific/Auckland",
      hour: "2-digit",
      minute: "2-digit",
    }).format(ms);
  const quiet = {
    from: hour(clock.now() - 1_800_000),
    to: hour(clock.now() + 1_800_000),
    days: [1, 2, 3, 4, 5, 6, 7],
    whole_days: [],
    action: "skip",
  };
  await db.run(sql`
    insert into marketing_policies (workspace_id, cap_messages, cap_days, quiet, time_zone)
    values (${workspace_id}, 1, 7, ${JSON.stringify(quiet)}::jsonb, 'Europe/Berlin')`);
  expect(await checkOf("Marketing Limits")).toMatchObject({
    level: "warning",
    says: expect.stringMatching(/^1 person is in quiet hours now and would be skipped\./) as string,
  });
  const sent = await writeFrom(
    db,
    workspace_id,
    {
      from: meta.number_id,
      to: `+${await waIdOf(contacts[9]!)}`,
      content: { type: "template", name: "sale", language: "en_US", body: [{ type: "text", text: "x" }] },
    },
    "API",
  );
  await db.run(sql`
    update sends set state = 'sent' where workspace_id = ${workspace_id} and id = ${sent.id}`);
  await db.run(sql`
    insert into marketing_paces (workspace_id, contact_id, sent, latest_at)
    values (${workspace_id}, ${contacts[9]!}, ${JSON.stringify({ [sent.id]: clock.now() })}::jsonb, now())
    on conflict (workspace_id, contact_id) do update set sent = excluded.sent, latest_at = excluded.latest_at`);
  expect((await checkOf("Marketing Limits"))?.says).toBe(
    "1 person has reached your frequency cap and would be skipped. 1 person is in quiet hours now and would be skipped. This is as of now, and may be different at the start.",
  );
  await db.run(sql`delete from marketing_policies where workspace_id = ${workspace_id}`);
});

const waIdOf = async (contact_id: string) =>
  (await db.first<{ value: string }>(sql`
    select value from contact_identities where contact_id = ${contact_id} and kind = 'wa_id'`))!.value;

test("an empty audience is said once; what is no marketing asks for no consent", async () => {
  const id = await meta.campaign({ template_id });
  expect(saidOf(await reviewOf(deps, workspace_id, id), "Audience Consent")).toEqual([
    "The audience is empty. Choose lists, segments, tags or a CSV.",
  ]);
  await expect(meta.launch(id)).rejects.toMatchObject({ code: "CAMPAIGN_NOT_READY" });
  const { list } = await meta.people(2, undefined, 700);
  const receipt = await meta.template("receipt", { category: "UTILITY" });
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  const other = await reviewOf(deps, workspace_id, await meta.campaign({ template_id: receipt, audience }));
  expect(saidOf(other, "Audience Consent")).toEqual(["This category needs no consent to marketing."]);
  expect(saidOf(other, "Template Category")).toEqual([
    "Utility: it also reaches people who want no marketing.",
  ]);
});

test("a variable for what is no place of a template is refused by its name", async () => {
  const put = (place: string) =>
    meta.campaign({ template_id, variables: { [place]: { from: "text", text: "x" } } });
  await expect(put("button.0.url")).rejects.toMatchObject({
    detail: expect.stringMatching(
      /^body\.variables\.button\.0\.url: this names no place.*buttons\.0\.url/,
    ) as string,
  });
  for (const place of ["body.1", "body.first_name", "header.media", "buttons.1.payload", "cards.2.body.1"])
    await put(place);
});

test("people are added with the columns of a CSV; without a value and a fallback they are skipped", async () => {
  const id = await meta.campaign({ template_id, variables });
  const added = await addRecipients(db, workspace_id, id, [
    { phone: "+49 151 23456789", values: { size: "XL" } },
    { phone: "+49 151 23456780", values: {} },
    { phone: "12", values: {} },
    { values: {} },
  ]);
  expect(added).toMatchObject({ added: 2, updated: 0, refused: [{ index: 2 }, { index: 3 }] });
  expect((await meta.shown(id)).columns).toEqual(["size"]);
  await meta.launch(id);
  const ended = await meta.finish(id);
  expect(ended.counts).toMatchObject({ audience: 2, skipped: 1, delivered: 1 });
  expect(ended.retryable).toBe(0);
  expect((await retry(deps, meta.asking(id))).says).toBe("No one failed for a reason that may pass.");
  await meta.expectCounted(id);
});

test("two contacts that become one are one recipient, who is the one that has come farther", async () => {
  const { list, contacts } = await meta.people(4, undefined, 500);
  const settings = { "body.1": { from: "text" as const, text: "all" } };
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  const id = await meta.campaign({ template_id, variables: settings, audience, rate_per_min: 1 });
  await meta.launch(id);
  await meta.engine.drain();
  expect(await meta.states(id)).toEqual({ WAITING: 3, QUEUED: 1 });
  const [first, second, third] = contacts as [string, string, string];
  await db.transaction((tx) => followCampaignJoins(tx, { workspace_id, from: first, to: second }));
  expect(await meta.states(id)).toEqual({ WAITING: 2, QUEUED: 1 });
  const [kept] = await db.rows(sql`
    select state from campaign_recipients where campaign_id = ${id} and contact_id = ${second}`);
  expect(kept).toEqual({ state: 2 });
  await db.transaction((tx) => followCampaignJoins(tx, { workspace_id, from: third, to: second }));
  await meta.expectCounted(id);
  await cancel(deps, meta.asking(id));
  await meta.drainAll();
  await meta.expectCounted(id);
});

test("a campaign that does not move for a minute says why, and a template's page counts it and its people", async () => {
  const { list } = await meta.people(5, undefined, 900);
  const settings = { "body.1": { from: "text" as const, text: "all" } };
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  const id = await meta.campaign({ template_id, variables: settings, audience });
  await meta.launch(id);
  await meta.engine.drain();
  for (let i = 0; i < 3; i++) {
    meta.clock.moved_ms += 31_000;
    await meta.engine.drain();
  }
  expect((await meta.shown(id)).stalled).toBe(
    "5 of its messages wait in the queue of its number, behind others or for Meta's answer.",
  );
  const named = { waba_id: meta.waba_id, name: "sale", language: "en_US" };
  const use = await campaignUse.count(db, workspace_id, [named]);
  expect(use).toMatchObject({ more: false, people: 5 });
  expect(use.count).toBeGreaterThan(0);
  expect((await meta.finish(id)).stalled).toBeNull();
});
