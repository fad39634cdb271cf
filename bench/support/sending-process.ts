/** One contender of bench/sending.ts: who sends what is queued. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import {
  createPace,
  createSecretBox,
  newId,
  silentLog,
  startLoop,
  systemClock,
  type StepLoop,
} from "../../src/base/base.ts";
import { createCampaignListen } from "../../src/campaigns/campaigns.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createDatabase, createListener, refreshStatistics, sql } from "../../src/db/db.ts";
import { createFileStore, createFilesOfSends } from "../../src/media/media.ts";
import { GRAPH_VERSION } from "../../src/meta/meta.ts";
import { createSending } from "../../src/sending/sending.ts";
import { wordsOf } from "./backlog.ts";
import { serveParent } from "./child.ts";
import type { SendingContender, SendingOptions, SendingOrder, SendingRound } from "./sending.ts";

const { contender, database_url, master_key, token } = JSON.parse(process.argv[2]!) as SendingOptions;

interface Part {
  go(): Promise<void>;
  drain(): Promise<void>;
  end(): Promise<void>;
}

const prepare: Record<SendingContender, (round: SendingRound) => Part> = {
  /** As the product puts it together. */
  wharf() {
    const clock = systemClock;
    const db = createDatabase({ url: database_url });
    const own_db = createDatabase({ url: database_url, max: 2, by_index: true });
    const listener = createListener({ url: database_url, log: silentLog });
    const box = createSecretBox([Buffer.from(master_key, "hex")]);
    const graphs = createGraphs({ connections: createConnections({ db, box, clock }), clock });
    const store = createFileStore({ dir: "/nonexistent" });
    const media = createFilesOfSends({ db, store, clock });
    const sending = createSending({
      db,
      own_db,
      graphs,
      log: silentLog,
      clock,
      media,
      listen: createCampaignListen({ clock }),
    });
    let statistics: StepLoop | null = null;
    return {
      async go() {
        listener.on("sends", () => sending.wake());
        sending.start();
        statistics = startLoop(() => refreshStatistics(db), { idle_ms: 1_000, onError: console.error });
      },
      drain: () => sending.drain(),
      async end() {
        await statistics?.stop();
        await listener.stop();
        await sending.stop();
        await graphs.stop();
        await Promise.all([db.stop(), own_db.stop()]);
      },
    };
  },

  /** Every message at its time, by the same pace; nothing is stored, and nothing would be tried again. */
  plain({ graph_url, phone_number_id, people, per_s }) {
    const post = createPost(graph_url);
    const bodies = people.map((to, i) => bodyOf(newId(), to, wordsOf(i)));
    let sending: Promise<unknown> = Promise.resolve();
    return {
      async go() {
        const pace = createPace();
        sending = (async () => {
          const under_way: Promise<unknown>[] = [];
          for (const body of bodies) {
            for (;;) {
              const wait_ms = pace.next_ms(per_s) - performance.now();
              if (wait_ms <= 0) break;
              await sleep(Math.min(5, Math.ceil(wait_ms)));
            }
            const begun = pace.go(performance.now(), per_s);
            begun(performance.now());
            under_way.push(post(phone_number_id, body));
          }
          await Promise.all(under_way);
        })();
      },
      drain: async () => void (await sending),
      end: () => post.stop(),
    };
  },

  /** What one writes first: a row is locked, sent, and marked with what Meta said. */
  loop({ graph_url, phone_number_id }) {
    const post = createPost(graph_url);
    const db = createDatabase({ url: database_url, max: 1 });
    let sending: Promise<unknown> = Promise.resolve();
    const one = () =>
      db.transaction(async (tx) => {
        const row = await tx.first<{ id: string; to_value: string; body: string }>(sql`
          select id, to_value, body from outbox where wamid is null order by id limit 1 for update skip locked`);
        if (!row) return false;
        const answer = await post(phone_number_id, bodyOf(row.id, row.to_value, row.body));
        const { messages } = JSON.parse(answer) as { messages: [{ id: string }] };
        await tx.run(sql`update outbox set wamid = ${messages[0].id}, sent_at = now() where id = ${row.id}`);
        return true;
      });
    return {
      async go() {
        sending = (async () => {
          while (await one());
        })();
      },
      drain: async () => void (await sending),
      async end() {
        await post.stop();
        await db.stop();
      },
    };
  },
};

const bodyOf = (id: string, to: string, body: string) =>
  JSON.stringify({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: `+${to}`,
    biz_opaque_callback_data: id,
    type: "text",
    text: { body },
  });

type Post = ((phone_number_id: string, body: string) => Promise<string>) & { stop(): Promise<void> };

/** undici's request over kept-alive connections. Throws unless it was taken, or refused as too much. */
function createPost(graph_url: string): Post {
  const agent = new Agent({ connections: 256 });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const post = async (phone_number_id: string, body: string) => {
    const url = `${graph_url}/${GRAPH_VERSION}/${phone_number_id}/messages`;
    const answer = await request(url, { method: "POST", headers, body, dispatcher: agent });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 && !text.includes("130429"))
      throw new Error(`answered ${answer.statusCode}: ${text}`);
    return text;
  };
  return Object.assign(post, { stop: () => agent.close() });
}

let part: Part | null = null;
serveParent({}, async (question) => {
  const order = question as SendingOrder;
  if (order.do === "prepare") part = prepare[contender](order);
  else await part![order.do]();
  const { user, system } = process.cpuUsage();
  return { cpu_s: (user + system) / 1e6 };
});
