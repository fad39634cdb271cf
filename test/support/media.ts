import { spawn, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createSecretBox, silentLog, type Clock, type SecretBox } from "../../src/base/base.ts";
import { createConnections, createGraphs, type Graphs } from "../../src/connections/connections.ts";
import { sql, type Database } from "../../src/db/db.ts";
import { applyInbox, changesOf } from "../../src/inbox/inbox.ts";
import {
  createFetcher,
  createFileStore,
  getFile,
  type BucketSettings,
  type Fetcher,
} from "../../src/media/media.ts";
import type { MessageContent } from "../../src/meta/events.ts";
import { createGraphStandIn, createSimulator } from "../../src/simulator/simulator.ts";
import { createTestDatabase, createTestWorkspace } from "./database.ts";
import { createTestClock } from "./delivery.ts";
import { createEventMaker, createTestNumber, person, said } from "./inbox.ts";
import { testProgram } from "./test-programs.ts";

export const TOKEN = "the-token-of-the-test";

export const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** What goes wrong at Meta; each stays until it is taken back. */
export interface MetaFaults {
  /** The host of the files, that of the Graph API, or neither is there. */
  down: "files" | "graph" | null;
  /** Replaces what `GET /{media_id}` says, in part. */
  says: Record<string, unknown>;
  /** So many of the next links have ended. */
  ended: number;
  /** Files stop after so many bytes, and nothing more comes. */
  stalls_after_bytes: number | null;
}

/** The simulator's Graph API behind a server that can be made to fail. */
export async function createMeta(clock: Clock) {
  const faults: MetaFaults = { down: null, says: {}, ended: 0, stalls_after_bytes: null };
  const asked: string[] = [];
  const stalled: ServerResponse[] = [];
  const server = createServer((req, res) => {
    const url = req.url ?? "";
    // The webhooks that follow what is sent go nowhere else.
    if (url === "/webhooks") return void res.end();
    asked.push(`${req.method} ${url.split("?")[0]}`);
    const isFile = url.startsWith("/whatsapp_business/");
    if (faults.down === (isFile ? "files" : "graph")) return void req.socket.destroy();
    if (isFile && faults.ended > 0) {
      faults.ended--;
      return void res.writeHead(404).end();
    }
    if (isFile && faults.stalls_after_bytes !== null) {
      res.writeHead(200, { "content-type": "image/jpeg", "content-length": faults.stalls_after_bytes * 2 });
      res.write(randomBytes(faults.stalls_after_bytes));
      return void stalled.push(res);
    }
    if (!isFile && req.method === "GET" && Object.keys(faults.says).length > 0) {
      const end = res.end.bind(res);
      res.end = ((body: string) => end(JSON.stringify({ ...JSON.parse(body), ...faults.says }))) as never;
    }
    standIn.handle(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const simulator = createSimulator({ target_url: `${url}/webhooks`, app_secret: "none" });
  const standIn = createGraphStandIn({ simulator, clock, token: TOKEN });
  afterAll(async () => {
    await standIn.stop();
    await simulator.stop();
    server.closeAllConnections();
    server.close();
  });
  return {
    url,
    faults,
    /** Method and path of each call. */
    asked,
    put: (bytes: Buffer, mime_type: string) => standIn.putMedia({ bytes, mime_type }).id,
    numbers: simulator.numbers(),
  };
}

/**
 * A workspace whose number is connected to such a Meta, a folder for files or a bucket beside it, and messages that come
 * in.
 */
export async function createMediaPlace(
  given: { db?: Database; box?: SecretBox; bucket?: BucketSettings } = {},
) {
  const bucket = given.bucket ?? null;
  const db = given.db ?? (await createTestDatabase());
  const key = randomBytes(32);
  const box = given.box ?? createSecretBox([key]);
  let time = createTestClock();
  const clock = {
    now: () => time.now(),
    advance: (ms: number) => time.advance(ms),
    restart: () => void (time = createTestClock()),
  };
  const meta = await createMeta(clock);
  const here = await createTestWorkspace(db);
  const phone_number = await createTestNumber(db, here.workspace_id, here.connection_id);
  const { phone_number_id } = meta.numbers[0]!;
  await db.run(sql`
    update phone_numbers set phone_number_id = ${phone_number_id} where id = ${phone_number}`);
  await db.run(sql`
    update connections set graph_url = ${meta.url},
      access_token = ${box.seal(TOKEN, `connection:${here.connection_id}:access_token`)} where id = ${here.connection_id}`);
  const dir = await mkdtemp(join(tmpdir(), "wharf-test-media-"));
  const store = createFileStore({ dir, bucket });
  const made_graphs: Graphs[] = [];
  const newGraphs = () => {
    const made = createGraphs({ connections: createConnections({ db, box, clock }), clock });
    made_graphs.push(made);
    return made;
  };
  const makeEvent = createEventMaker(here.workspace_id, phone_number);
  const make: typeof makeEvent = (...given) => ({
    ...makeEvent(...given),
    received_at: new Date(clock.now()),
  });
  const children: ChildProcess[] = [];
  const fetchers: Fetcher[] = [];
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(fetchers.map((fetcher) => fetcher.stop()));
    await Promise.all(made_graphs.map((graphs) => graphs.stop()));
    await store.stop();
    await rm(dir, { recursive: true, force: true });
  });
  let messages = 0;

  const place = {
    ...here,
    db,
    clock,
    meta,
    dir,
    store,
    graphs: newGraphs(),
    make,
    number: { id: phone_number, phone_number_id },
    apply: (...events: ReturnType<typeof make>[]) => db.transaction((tx) => applyInbox(tx, events)),
    /** A message with this content comes in; returns its wamid. */
    async receive(type: string, content: Record<string, unknown>): Promise<string> {
      const wamid = `wamid.media-${++messages}`;
      const message: MessageContent = said(null, { type, content });
      const from = person({ wa_id: "16505551234" });
      await place.apply(
        make({ kind: "message", wamid, from, group_id: null, message }, Math.floor(clock.now() / 1_000)),
      );
      return wamid;
    },
    fetcher(): Fetcher {
      const made = createFetcher({ db, store, graphs: newGraphs(), changesOf, clock, log: silentLog });
      fetchers.push(made);
      return made;
    },
    file: (id: string) => getFile(db, here.workspace_id, id),
    /** Everything below the folder of files, without folders. */
    async files(): Promise<string[]> {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    /** A fetcher in a process of its own. */
    async spawnFetcher(): Promise<ChildProcess> {
      const child = spawn(process.execPath, [testProgram("fetcher")], {
        env: {
          ...process.env,
          FETCHER: JSON.stringify({ url: db.url, key: key.toString("base64"), dir, bucket }),
        },
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      children.push(child);
      await once(child, "message");
      return child;
    },
    /** A document of 90 MB comes in, and such a process fetches what was due before, and then it. */
    async fetchLarge() {
      const bytes = randomBytes(90 * 1024 * 1024);
      const id = meta.put(bytes, "application/pdf");
      await place.receive("document", { id, filename: "large.pdf" });
      const child = await place.spawnFetcher();
      child.send("step");
      await once(child, "message");
      child.send("step");
      const [answer] = (await once(child, "message")) as [{ due: number; rss_growth_bytes: number }];
      return { id, bytes, ...answer };
    },
  };
  return place;
}
