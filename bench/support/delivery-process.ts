/** One contender of bench/delivery.ts: which posts the pending deliveries. */
import { setTimeout as sleep } from "node:timers/promises";
import { Logger as GraphileLogger, makeWorkerUtils, run, type Runner } from "graphile-worker";
import { Agent, request } from "undici";
import { createSecretBox, newId, silentLog, systemClock } from "../../src/base/base.ts";
import { createDatabase, createListener, sql } from "../../src/db/db.ts";
import { createDispatcher, createGuard, fanOutTo } from "../../src/delivery/delivery.ts";
import { requestHeaders } from "../../src/delivery/signing/request-headers.ts";
import { signingKeys } from "../../src/delivery/signing/secrets.ts";
import { makeChainBody } from "./bodies.ts";
import { serveParent } from "./child.ts";
import { atRate, createEnqueue, timed, type Written } from "./producer.ts";
import type { Contender, DeliveryOptions, DeliveryOrder, DeliveryRange, PostJob } from "./delivery.ts";
import { now_ms } from "./sink.ts";

const { contender, database_url, master_key, endpoints, place, connections } = JSON.parse(
  process.argv[2]!,
) as DeliveryOptions;

/** When each webhook that is posted at its time was begun, by its number. */
const begun = new Map<number, number>();
/** When each webhook that this process wrote was committed, by its number. */
const committed = new Map<number, number>();

interface Part {
  go(): Promise<void>;
  /** Writes one webhook to each endpoint. */
  write?(body: Buffer): Promise<Written>;
  drain(): Promise<void>;
  end(): Promise<void>;
}

const prepare: Record<Contender, (range: DeliveryRange) => Part> = {
  wharf() {
    const db = createDatabase({ url: database_url });
    const own_db = createDatabase({ url: database_url, max: 3, by_index: true });
    const listener = createListener({ url: database_url, log: silentLog });
    const dispatcher = createDispatcher({
      db,
      own_db,
      box: createSecretBox([Buffer.from(master_key, "hex")]),
      guard: createGuard({ allowed: ["127.0.0.0/8"] }),
      log: silentLog,
      clock: systemClock,
    });
    const enqueue = createEnqueue(db, place, fanOutTo(dispatcher.hand_off));
    return {
      async go() {
        listener.on("deliveries", () => dispatcher.wake());
        dispatcher.start();
      },
      write: (body) => enqueue([body]),
      drain: () => dispatcher.drain(),
      async end() {
        await listener.stop();
        await dispatcher.stop();
        await Promise.all([db.stop(), own_db.stop()]);
      },
    };
  },

  plain(range) {
    const post = createPost();
    const bodies = range.per_s === null ? makeBodies(range) : [];
    let posting: Promise<void> = Promise.resolve();
    begun.clear();
    return {
      async go() {
        posting =
          range.per_s === null
            ? asFastAsTheyAreAnswered(bodies, post)
            : atRate(range.per_s, range, async (number) => {
                const body = makeChainBody(number, "bench", 0);
                begun.set(number, now_ms());
                await Promise.all(endpoints.map((_, endpoint) => post(endpoint, newId(), body)));
              });
      },
      drain: () => posting,
      end: () => post.stop(),
    };
  },

  graphile() {
    const post = createPost();
    const db = createDatabase({ url: database_url, max: 1 });
    const utils = makeWorkerUtils({
      connectionString: database_url,
      logger: new GraphileLogger(() => () => {}),
    });
    let runner: Runner | undefined;
    return {
      async write(body) {
        const jobs = await utils;
        return timed(() =>
          jobs.addJobs(
            endpoints.map((_, endpoint) => ({
              identifier: "post",
              payload: { endpoint, id: newId(), body: body.toString() } satisfies PostJob,
            })),
          ),
        );
      },
      async go() {
        runner = await run({
          logger: new GraphileLogger(() => () => {}),
          noHandleSignals: true,
          taskList: {
            async post(payload) {
              const { endpoint, id, body } = payload as PostJob;
              await post(endpoint, id, Buffer.from(body));
            },
          },
          preset: {
            worker: {
              connectionString: database_url,
              concurrentJobs: Number(process.env["GW_JOBS"] ?? 128),
              maxPoolSize: 10,
              // Without these two it fetches and completes one job a statement.
              localQueue: { size: Number(process.env["GW_Q"] ?? 512) },
              completeJobBatchDelay: Number(process.env["GW_D"] ?? 10),
              failJobBatchDelay: 10,
            },
          },
        });
      },
      async drain() {
        while (await db.first(sql`select from graphile_worker._private_jobs limit 1`)) await sleep(5);
      },
      async end() {
        await runner?.stop();
        await (await utils).release();
        await post.stop();
        await db.stop();
      },
    };
  },
};

type Post = ((endpoint: number, id: string, body: Buffer) => Promise<void>) & { stop(): Promise<void> };

/** What one writes: undici's request over kept-alive connections, signed as ours are; throws unless it is received. */
function createPost(): Post {
  const agent = new Agent({ connections });
  const targets = endpoints.map(({ url, secret }) => ({ url, keys: signingKeys(secret) }));
  const post = async (endpoint: number, id: string, body: Buffer) => {
    const { url, keys } = targets[endpoint]!;
    const headers = requestHeaders(keys, { id, timestamp_s: Math.floor(Date.now() / 1_000), body });
    const answer = await request(url, { method: "POST", headers, body, dispatcher: agent });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  };
  return Object.assign(post, { stop: () => agent.close() });
}

function makeBodies({ from, to }: DeliveryRange): Buffer[] {
  return Array.from({ length: to - from }, (_, i) => makeChainBody(from + i, "bench", 0));
}

/** A loop for each connection; each body to each endpoint. */
async function asFastAsTheyAreAnswered(bodies: readonly Buffer[], post: Post): Promise<void> {
  const next = endpoints.map(() => 0);
  const loop = async (endpoint: number) => {
    while (next[endpoint]! < bodies.length) await post(endpoint, newId(), bodies[next[endpoint]!++]!);
  };
  await Promise.all(
    endpoints.flatMap((_, endpoint) => Array.from({ length: connections }, () => loop(endpoint))),
  );
}

async function writeAll(writer: Part, range: DeliveryRange & { per_s: number }): Promise<void> {
  committed.clear();
  await atRate(range.per_s, range, async (number) => {
    const { committed_ms } = await writer.write!(makeChainBody(number, "bench", 0));
    committed.set(number, committed_ms);
  });
}

let part: Part | null = null;
serveParent({}, async (question) => {
  const order = question as DeliveryOrder;
  if (order.do === "prepare") part = prepare[contender](order);
  else if (order.do === "write") await writeAll(part!, order);
  else await part![order.do]();
  const { user, system } = process.cpuUsage();
  return {
    cpu_s: (user + system) / 1e6,
    begun: order.do === "drain" ? [...begun] : [],
    committed: order.do === "write" ? [...committed] : [],
  };
});
