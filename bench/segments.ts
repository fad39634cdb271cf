/**
 * Segments over a workspace of a million contacts (`--contacts`), beside a workspace of as many: how long the count and
 * the newest ten of each kind of rule take, cold caches aside. *Plain*: counting the workspace's contacts by nothing.
 */
import { parseArgs } from "node:util";
import { newId } from "../src/base/base.ts";
import { addField, addList, addTag, previewRule } from "../src/audience/audience.ts";
import type { Condition, SegmentRule } from "../src/contract/audience.ts";
import { sql, type Database } from "../src/db/db.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable } from "./support/print.ts";

export default async function segments(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { contacts: { type: "string", default: "1000000" }, rounds: { type: "string", default: "3" } },
  });
  const count = Number(values.contacts);
  const postgres = await startBenchDatabase();
  try {
    const { db } = postgres;
    const ours = await fill(db, count);
    await fill(db, count);
    await db.run(sql`analyze`);
    const today = new Date().toISOString().slice(0, 10);
    // Of the server, where it can be read: what it takes when nothing else is done.
    const cpu_ms = async () => ((await postgres.cpu_s()) ?? Number.NaN) * 1_000;
    const time = async (work: () => Promise<unknown>) => {
      const [began, before] = [performance.now(), await cpu_ms()];
      await work();
      return { ms: performance.now() - began, cpu_ms: (await cpu_ms()) - before };
    };
    const rounds = Array.from({ length: Number(values.rounds) });
    const measure = async (work: () => Promise<unknown>) => {
      const times: Awaited<ReturnType<typeof time>>[] = [];
      for (const _ of rounds) times.push(await time(work));
      return { ms: median(times.map(({ ms }) => ms)), cpu_ms: median(times.map((one) => one.cpu_ms)) };
    };
    const plain = await measure(() =>
      db.rows(sql`select count(*) from contacts where workspace_id = ${ours.workspace_id}`),
    );
    const rows: Record<string, string | number>[] = [];
    for (const [name, groups] of rulesOf(ours)) {
      const rule: SegmentRule = { groups };
      const found = await previewRule(db, ours.workspace_id, rule, today);
      const { ms, cpu_ms } = await measure(() => previewRule(db, ours.workspace_id, rule, today));
      rows.push({
        rule: name,
        people: found.count,
        ms: ms.toFixed(0),
        "CPU ms": cpu_ms.toFixed(0),
        "× plain": (cpu_ms / plain.cpu_ms).toFixed(1),
        "under 2 s": ms < 2_000 ? "yes" : "NO",
      });
    }
    console.log(
      `${count} contacts; counting them by nothing takes ${plain.ms.toFixed(0)} ms, ${plain.cpu_ms.toFixed(0)} ms of CPU\n`,
    );
    printTable(rows);
  } finally {
    await postgres.stop();
  }
}

interface Filled {
  workspace_id: string;
  number: string;
  choice: string;
  tag: string;
  list: string;
}

function rulesOf({ number, choice, tag, list }: Filled): [string, SegmentRule["groups"]][] {
  const field: Condition = { on: "field", field_id: number, test: { op: ">", value: 900 } };
  const country: Condition = { on: "about", what: "country", test: { op: "in", value: ["BR", "DE"] } };
  const recent: Condition = { on: "time", what: "last_read_at", test: { op: "in_last_days", value: 7 } };
  const orders: Condition = {
    on: "event",
    name: "order",
    within_days: 30,
    test: { of: "sum", path: ["total"], test: { op: ">=", value: 100 } },
  };
  const none: Condition = {
    on: "event",
    name: "order",
    within_days: null,
    test: { of: "count", test: { op: "=", value: 0 } },
  };
  const tagged: Condition = { on: "tag", op: "any", ids: [tag] };
  const off: Condition = { on: "list", op: "none", ids: [list] };
  const name: Condition = { on: "about", what: "name", test: { op: "contains", value: "99" } };
  const phone: Condition = { on: "about", what: "phone", test: { op: "is", value: "+4915100000001" } };
  const chosen: Condition = { on: "field", field_id: choice, test: { op: "not_in", value: ["red"] } };
  const campaign: Condition = {
    on: "campaign",
    campaign_id: null,
    what: "read",
    within_days: 30,
    count: { op: "=", value: 0 },
  };
  const consent: Condition = { on: "consent", op: "is", states: ["SUBSCRIBED"] };
  return [
    ["a number field", [[field]]],
    ["not in a choice", [[chosen]]],
    ["country", [[country]]],
    ["read in 7 days", [[recent]]],
    ["tag", [[tagged]]],
    ["not on a list", [[off]]],
    ["name contains", [[name]]],
    ["phone is", [[phone]]],
    ["orders' sum in 30 days", [[orders]]],
    ["no order ever", [[none]]],
    ["read no campaign", [[campaign]]],
    ["consent", [[consent]]],
    ["five together", [[consent, field, country, off, none]]],
    [
      "any of three",
      [
        [field, consent],
        [recent, { on: "any", groups: [[tagged], [orders]] }],
        [country, chosen],
      ],
    ],
  ];
}

async function fill(db: Database, contacts: number): Promise<Filled> {
  const workspace_id = newId();
  await db.run(
    sql`insert into workspaces (id, name, slug) values (${workspace_id}, 'Bench', ${workspace_id})`,
  );
  const number = (await addField(db, workspace_id, { name: "Orders", kind: "number", choices: [] })).id;
  const choice = (
    await addField(db, workspace_id, { name: "Colour", kind: "choice", choices: ["red", "green", "blue"] })
  ).id;
  const tag = (await addTag(db, workspace_id, "VIP")).id;
  const list = (await addList(db, workspace_id, { name: "Spring", description: null })).id;
  const id = sql`(lpad(to_hex(n), 12, '0') || ${workspace_id.replaceAll("-", "").slice(-20)})::uuid`;
  const each = sql`generate_series(1, ${contacts}::integer) n`;
  await db.run(sql`
    insert into contacts (workspace_id, id, name, marketing_state, created_at)
    select ${workspace_id}, ${id}, 'Person ' || n, (array['SUBSCRIBED', 'UNKNOWN', 'UNSUBSCRIBED'])[1 + n % 3],
      now() - n * interval '1 minute' from ${each}`);
  await db.run(sql`
    insert into contact_identities (workspace_id, kind, value, contact_id, country)
    select ${workspace_id}, 'wa_id', (4915100000000 + n)::text, ${id}, (array['DE', 'BR', 'FR', 'IN', 'US'])[1 + n % 5] from ${each}`);
  await db.run(sql`
    insert into contact_profiles (workspace_id, contact_id, language, fields)
    select ${workspace_id}, ${id}, 'de', jsonb_build_object(${number}::text, n % 1000, ${choice}::text, (array['red', 'green', 'blue'])[1 + n % 3])
    from ${each} where n % 2 = 0`);
  await db.run(sql`
    insert into contact_activity (workspace_id, contact_id, last_inbound_at, last_read_at)
    select ${workspace_id}, ${id}, now() - (n % 400) * interval '1 day', now() - (n % 365) * interval '1 day' from ${each}`);
  await db.run(sql`
    insert into contact_tags (workspace_id, tag_id, contact_id) select ${workspace_id}, ${tag}, ${id} from ${each} where n % 10 = 0`);
  await db.run(sql`
    insert into list_contacts (workspace_id, list_id, contact_id) select ${workspace_id}, ${list}, ${id} from ${each} where n % 4 = 0`);
  await db.run(sql`
    insert into contact_events (workspace_id, id, contact_id, name, payload, occurred_at)
    select ${workspace_id}, gen_random_uuid(), ${id}, 'order', jsonb_build_object('total', n % 200), now() - (n % 90) * interval '1 day'
    from ${each} where n % 3 = 0`);
  await db.run(sql`
    insert into campaign_recipients (workspace_id, campaign_id, contact_id, place, state, read_at)
    select ${workspace_id}, ${newId()}, ${id}, n, 6, now() - (n % 60) * interval '1 day' from ${each} where n % 2 = 0`);
  return { workspace_id, number, choice, tag, list };
}
