/**
 * A campaign to a million people (`--people`), over PostgreSQL with fsync:
 *
 * - *launch*: everyone becomes a row of campaign_recipients; beside it the same rows by one `insert … select` without
 *   audience, consent or counts, which is what a user would write.
 * - *send*: the first of them (`--send`) at 1,000 a second to the simulator's Graph API, by the sending room in a process of its
 *   own, while an agent answers a customer now and then.
 * - *status*: three statuses of each are folded into recipients and counts, in batches as the pipeline has them.
 * - *totals*: what a page of the campaign reads.
 *
 * CPU is that of Node and of PostgreSQL together, for each recipient.
 */
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { newId, silentLog, systemClock } from "../src/base/base.ts";
import {
  changeCampaign,
  createCampaign,
  createCampaignListen,
  createEngine,
  launch,
} from "../src/campaigns/campaigns.ts";
import { readTotals } from "../src/campaigns/counts/counts.ts";
import { sql } from "../src/db/db.ts";
import type { Moved } from "../src/live/live.ts";
import { createBacklog } from "./support/backlog.ts";
import { startGraph } from "./support/graph.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { printTable } from "./support/print.ts";
import { startSender } from "./support/sending.ts";
import { percentile } from "./support/sink.ts";

const RATE_PER_S = 1_000;
const ANSWER_EVERY_MS = 150;
const BATCH = 200;
const number = {
  phone_number_id: "106540352242922",
  waba_id: "102290129340398",
  display_phone_number: "15550783881",
};

export default async function campaigns(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { people: { type: "string", default: "1000000" }, send: { type: "string", default: "30000" } },
  });
  const people = Number(values.people);
  const send = Math.min(Number(values.send), people);
  const postgres = await startBenchDatabase();
  const parts: { stop(): Promise<void> }[] = [];
  try {
    const { db } = postgres;
    const clock = systemClock;
    const backlog = await createBacklog(db, people);
    const { workspace_id, token, master_key } = backlog;
    const ours = await backlog.addNumber(number);
    const [list, template_id] = [newId(), newId()];
    await db.run(
      sql`insert into lists (workspace_id, id, name) values (${workspace_id}, ${list}, 'Everyone')`,
    );
    await db.run(sql`
      insert into list_contacts (workspace_id, list_id, contact_id) select workspace_id, ${list}, id from contacts`);
    await db.run(sql`
      insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, components)
      values (${workspace_id}, ${template_id}, ${number.waba_id}, '1', 'hello_world', 'en_US', 'UTILITY', 'APPROVED',
        '{"components": [{"type": "BODY", "text": "Welcome and congratulations!!"}]}')`);
    await db.run(sql`
      insert into number_queues (workspace_id, phone_number_id, throughput_per_s, throughput_at)
      values (${workspace_id}, ${ours.id}, ${RATE_PER_S}, now() + interval '1 day')
      on conflict (workspace_id, phone_number_id) do update set throughput_per_s = excluded.throughput_per_s`);
    await db.run(sql`analyze`);

    const cpu = async () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6 + ((await postgres.cpu_s()) ?? Number.NaN);
    };
    const measure = async (count: number, work: () => Promise<unknown>) => {
      await db.run(sql`checkpoint`);
      const [cpu_before, began] = [await cpu(), performance.now()];
      await work();
      const seconds = (performance.now() - began) / 1_000;
      return { seconds, per_s: count / seconds, us_each: ((await cpu()) - cpu_before) * (1e6 / count) };
    };
    const make = async () => {
      const { id } = await createCampaign(
        db,
        workspace_id,
        { name: "Bench", phone_number_id: ours.id, template_id },
        null,
      );
      await changeCampaign(db, workspace_id, id, {
        audience: { include: [{ kind: "list", id: list }], exclude: [] },
      });
      return id;
    };
    const engine = createEngine({ db, clock, log: silentLog });

    const plain = await measure(people, () =>
      db.run(sql`
        insert into campaign_recipients (workspace_id, campaign_id, contact_id, place)
        select workspace_id, ${newId()}, contact_id, row_number() over () from list_contacts`),
    );
    const id = await make();
    const isPrepared = async () =>
      (await db.first(sql`select from campaigns where id = ${id} and prepared_at is not null`)) !== undefined;
    const launched = await measure(people, async () => {
      await launch({ db, clock }, { workspace_id, id, user_id: null });
      while (!(await isPrepared())) await engine.step();
    });

    // Only the first are sent to: the others wait for a day that does not come.
    await db.run(sql`
      update campaign_recipients set due_at = now() + interval '1 year' where campaign_id = ${id} and place > ${send}`);
    const graph = await startGraph({ token, numbers: [number], throughput: RATE_PER_S, way_ms: [0, 0] });
    const sender = await startSender({ contender: "wharf", database_url: db.url, master_key, token });
    parts.push(sender, graph);
    await backlog.connect(graph.url);
    await db.run(sql`update number_queues set throughput_at = now() + interval '1 day'`);
    const order = {
      graph_url: graph.url,
      phone_number_id: number.phone_number_id,
      people: [],
      per_s: RATE_PER_S,
    };
    const { cpu_s: sender_before } = await sender.order({ do: "prepare", ...order });
    await sender.order({ do: "go" });
    const answers = new Map<string, number>();
    let done = false;
    const sent = await measure(send, async () => {
      const answering = (async () => {
        for (let i = 0; !done; i++) {
          const { id: answer_id, committed_ms } = await backlog.answer(ours, i);
          answers.set(answer_id, committed_ms);
          await sleep(ANSWER_EVERY_MS);
        }
      })();
      engine.start();
      await graph.ask({ until: send });
      done = true;
      await answering;
      await graph.ask({ until: send + answers.size });
      await engine.stop();
    });
    const { cpu_s: sender_after } = await sender.order({ do: "drain" });
    sent.us_each += ((sender_after - sender_before) * 1e6) / send;
    const { taken } = await graph.ask({ list: true });
    await sender.order({ do: "end" });
    if (new Set(taken.map(([one]) => one)).size !== taken.length) throw new Error("something was sent twice");
    const waits = taken.flatMap(([one, , at_ms]) => (answers.has(one) ? [at_ms - answers.get(one)!] : []));

    const listen = createCampaignListen({ clock });
    const campaign_taken = taken.filter(([one]) => !answers.has(one));
    const statuses = ["SENT", "DELIVERED", "READ"] as const;
    const folded = await measure(campaign_taken.length * statuses.length, async () => {
      for (const status of statuses)
        for (let at = 0; at < campaign_taken.length; at += BATCH) {
          const moved = campaign_taken.slice(at, at + BATCH).map(([message_id]): Moved => ({
            workspace_id,
            message_id,
            conversation_id: id,
            contact_id: id,
            status,
            before: null,
            at: new Date(),
            error: null,
            origin: { kind: "campaign", id },
          }));
          await db.transaction((tx) => listen(tx, moved));
        }
    });
    const total = await measure(1, () => readTotals(db, workspace_id, [id]));

    const row = (what: string, { seconds, per_s, us_each }: typeof plain) => ({
      what,
      seconds: seconds.toFixed(1),
      "rows/s": per_s.toFixed(0),
      "CPU µs each": us_each.toFixed(0),
    });
    printTable([
      row(`launch: ${people} recipients`, launched),
      row("the same rows by one statement", plain),
      row(`send: ${send} at ${RATE_PER_S}/s`, sent),
      row("status: three of each", folded),
    ]);
    console.log(
      `\nlaunch ÷ one statement: ${(launched.us_each / plain.us_each).toFixed(1)} of CPU` +
        `\nan agent's answer waits p50 ${percentile(waits, 0.5).toFixed(0)} ms, p99 ${percentile(waits, 0.99).toFixed(0)} ms (${waits.length})` +
        `\ntotals are read in ${(total.seconds * 1_000).toFixed(1)} ms`,
    );
  } finally {
    for (const part of parts) await part.stop();
    await postgres.stop();
  }
}
