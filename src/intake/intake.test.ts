import { createHmac } from "node:crypto";
import { once } from "node:events";
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
} from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { metrics, newId, silentLog, systemClock } from "../base/base.ts";
import { createDatabase, sql, type Database } from "../db/db.ts";
import { createJournal, type ArrivedWebhook, type Journal } from "../journal/journal.ts";
import { createIntake, type Intake, type IntakeConnection, type IntakeDeps, type Limits } from "./intake.ts";

let db: Database;
let journal: Journal;
let connection: IntakeConnection;
let server: Server;
let agent: Agent;
let intake: Intake;
let verified: string[];
let groups: number[];

const findOurs = async (id: string | null) => (id === null || id === connection.id ? connection : null);
let find: (id: string | null) => Promise<IntakeConnection | null>;
/** The real journal, and how large its groups were. */
const counted: IntakeDeps["journal"] = {
  append(webhooks) {
    groups.push(webhooks.length);
    return journal.append(webhooks);
  },
};

beforeAll(async () => {
  db = await createTestDatabase();
  journal = createJournal({ db, clock: systemClock, log: silentLog });
  await journal.ensurePartitions();
});

beforeEach(async () => {
  await db.run(sql`truncate journal`);
  const { connection_id } = await createTestWorkspace(db);
  connection = { id: connection_id, app_secrets: ["app secret"], verify_token: "verify me" };
  find = findOurs;
  groups = [];
  verified = [];
  agent = new Agent({ keepAlive: true });
});

afterEach(async () => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
  await intake.stop();
});

async function start(
  given: { journal?: IntakeDeps["journal"]; limits?: Partial<Limits> } = {},
): Promise<void> {
  intake = createIntake({
    connections: {
      find: (id) => find(id),
      async recordVerified(id) {
        verified.push(id);
        throw new Error("the database is away");
      },
    },
    journal: given.journal ?? counted,
    log: silentLog,
    clock: systemClock,
    limits: { linger_ms: 20, ...given.limits },
  });
  server = createServer((req, res) => intake.handle(req, res));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

const port = () => (server.address() as AddressInfo).port;
const sign = (body: string | Buffer, secret = "app secret") =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

interface Answer {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

function send(options: {
  method?: string;
  path?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: port(),
        agent,
        method: options.method ?? "POST",
        path: options.path ?? "/webhooks/meta",
        headers: options.headers ?? {},
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode!,
            body: Buffer.concat(chunks).toString(),
            headers: response.headers,
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}

const post = (body: string | Buffer, headers: OutgoingHttpHeaders = {}, path?: string) =>
  send({
    ...(path === undefined ? {} : { path }),
    body,
    headers: { "x-hub-signature-256": sign(body), ...headers },
  });

const stored = async () =>
  (await db.rows<{ body: Buffer }>(sql`select body from journal order by id`)).map((row) =>
    row.body.toString(),
  );

/** What a raw connection is answered until it closes. */
async function raw(...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect(port(), "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.on("error", () => {});
  for (const piece of pieces) socket.write(piece);
  await once(socket, "close");
  return text;
}

const head = (headers: Record<string, string | number>) =>
  `POST /webhooks/meta HTTP/1.1\r\nhost: wharf\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`;

describe("the handshake", () => {
  const ask = (query: string, path = "/webhooks/meta") => send({ method: "GET", path: `${path}?${query}` });

  test("echoes the challenge as plain text, whatever is in it", async () => {
    await start();
    const answer = await ask(
      "hub.mode=subscribe&hub.challenge=%3Cb%3E007%3C%2Fb%3E&hub.verify_token=verify+me",
    );
    expect(answer).toMatchObject({ status: 200, body: "<b>007</b>" });
    expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    const by_id = await ask(
      "hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify+me",
      `/webhooks/meta/${connection.id}`,
    );
    expect(by_id).toMatchObject({ status: 200, body: "1" });
    expect(verified).toEqual([connection.id, connection.id]);
  });

  test("is refused for another token, mode or connection, without a challenge, and where no token is set", async () => {
    await start();
    for (const query of [
      "hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify+you",
      "hub.mode=subscribe&hub.challenge=1",
      "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=verify+me",
      "hub.mode=subscribe&hub.verify_token=verify+me",
      "",
    ])
      expect(await ask(query)).toMatchObject({ status: 403, body: "" });
    const right = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
    expect(await ask(`${right}verify+me`, `/webhooks/meta/${newId()}`)).toMatchObject({ status: 403 });
    for (const verify_token of [null, ""]) {
      connection.verify_token = verify_token;
      expect(await ask(right)).toMatchObject({ status: 403 });
    }
    expect(verified).toEqual([]);
  });
});

describe("a webhook", () => {
  test("that is signed is stored byte for byte and answered with an empty 200", async () => {
    await start();
    const body = Buffer.concat([Buffer.from('{"text":"\\u00e9\\/" }\n'), Buffer.from([0xff, 0, 0xc3])]);
    expect(await post(body)).toMatchObject({ status: 200, body: "" });
    expect(await post("by id", {}, `/webhooks/meta/${connection.id}?x=1`)).toMatchObject({ status: 200 });
    const rows = await db.rows(sql`
      select body, connection_id, q.attempts from journal join journal_queue q on q.journal_id = id order by id`);
    expect(rows).toEqual([
      { body, connection_id: connection.id, attempts: 0 },
      { body: Buffer.from("by id"), connection_id: connection.id, attempts: 0 },
    ]);
  });

  test("is answered only after its commit", async () => {
    await start();
    let answered = false;
    let answer: Promise<Answer> | undefined;
    await db.transaction(async (tx) => {
      await tx.run(sql`lock table journal in exclusive mode`);
      answer = post("held").then((got) => {
        answered = true;
        return got;
      });
      await expect
        .poll(() =>
          db.first(
            sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          ),
        )
        .toBeDefined();
      expect(answered).toBe(false);
    });
    expect(await answer).toMatchObject({ status: 200 });
    expect(await stored()).toEqual(["held"]);
  });

  test("may be signed with the secret that is being replaced", async () => {
    await start();
    connection.app_secrets = ["new secret", "app secret"];
    expect(await post("old")).toMatchObject({ status: 200 });
    expect(await post("new", { "x-hub-signature-256": sign("new", "new secret") })).toMatchObject({
      status: 200,
    });
    connection.app_secrets = ["new secret"];
    expect(await post("late")).toMatchObject({ status: 401 });
    expect(await stored()).toEqual(["old", "new"]);
  });

  test("that comes in many chunks, without a length, is one body", async () => {
    await start();
    const body = "x".repeat(200_000);
    const answer = await raw(
      head({ "x-hub-signature-256": sign(body), "transfer-encoding": "chunked", connection: "close" }),
      ...Array.from({ length: 20 }, () => `2710\r\n${"x".repeat(10_000)}\r\n`),
      "0\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(await stored()).toEqual([body]);
  });

  test("that is unsigned or wrongly signed is 401, counted and not stored", async () => {
    await start();
    const count = async () =>
      (await metrics.intake_webhooks.get()).values.find((value) => value.labels.status === "401")?.value ?? 0;
    const before = await count();
    const right = sign("body");
    const wrong = [
      undefined,
      "",
      "sha256=",
      right.slice(7),
      right.toUpperCase(),
      `${right}0`,
      right.replace("sha256", "sha1"),
      sign("body", "another secret"),
      sign("body "),
    ];
    for (const signature of wrong) {
      const answer = await send({
        body: "body",
        headers: signature === undefined ? {} : { "x-hub-signature-256": signature },
      });
      expect({ signature, ...answer }).toMatchObject({ signature, status: 401, body: "" });
    }
    expect(await post("body", {}, `/webhooks/meta/${newId()}`)).toMatchObject({ status: 401 });
    connection.app_secrets = [];
    expect(await post("body")).toMatchObject({ status: 401 });
    expect((await count()) - before).toBe(wrong.length + 2);
    expect(await stored()).toEqual([]);
  });

  test("of another path is 404, of another method 405", async () => {
    await start();
    expect(await post("x", {}, "/webhooks/other")).toMatchObject({ status: 404 });
    expect(await post("x", {}, `/webhooks/meta/${connection.id}/more`)).toMatchObject({ status: 404 });
    expect(await send({ method: "PUT", body: "x" })).toMatchObject({
      status: 405,
      headers: { allow: "GET, POST" },
    });
    expect(await stored()).toEqual([]);
  });
});

describe("senders that misbehave", () => {
  test("a missing signature is refused before the body is there", async () => {
    await start();
    const answer = await raw(head({ "content-length": 1_000_000 }));
    expect(answer).toMatch(/^HTTP\/1.1 401 [^]*connection: close/i);
  });

  test("a body beyond the limit is 413 and the connection closed: by its length, and by its bytes", async () => {
    await start({ limits: { body_bytes: 1_000 } });
    const signature = { "x-hub-signature-256": sign("x") };
    expect(await raw(head({ ...signature, "content-length": 1_001 }))).toMatch(/^HTTP\/1.1 413 /);
    const chunked = head({ ...signature, "transfer-encoding": "chunked" });
    expect(await raw(chunked, `3e9\r\n${"x".repeat(1_001)}\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    expect(await post("x".repeat(1_000))).toMatchObject({ status: 200 });
    expect(await stored()).toHaveLength(1);
  });

  test("a slow body is cut off, and a fast one beside it is not", async () => {
    await start({ limits: { body_ms: 30 } });
    const slow = raw(head({ "x-hub-signature-256": sign("xyz"), "content-length": 3 }), "x");
    expect(await post("fast")).toMatchObject({ status: 200 });
    expect(await slow).toBe("");
    expect(await stored()).toEqual(["fast"]);
  });

  test("a sender that goes away in the middle leaves nothing, and nothing waits for it", async () => {
    await start();
    const socket = connect(port(), "127.0.0.1");
    socket.write(head({ "x-hub-signature-256": sign("xyz"), "content-length": 3 }) + "xy");
    await once(server, "request");
    socket.destroy();
    await expect.poll(() => countConnections()).toBe(0);
    await intake.stop();
    expect(await stored()).toEqual([]);
  });

  test("a length that lies is only half of a request: too long is cut, too short is no more than it says", async () => {
    await start({ limits: { body_ms: 30 } });
    const signature = { "x-hub-signature-256": sign("xyz") };
    expect(await raw(head({ ...signature, "content-length": 4 }), "xyz")).toBe("");
    await raw(head({ ...signature, "content-length": 3 }), "xyz and more");
    await intake.stop();
    expect(await stored()).toEqual(["xyz"]);
  });
});

function countConnections(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

describe("groups", () => {
  test("500 webhooks at once are stored each once, in few commits, one at a time", async () => {
    let in_flight = 0;
    let most = 0;
    await start({
      journal: {
        async append(webhooks) {
          most = Math.max(most, ++in_flight);
          const ids = await counted.append(webhooks);
          in_flight--;
          return ids;
        },
      },
    });
    const bodies = Array.from({ length: 500 }, (_, i) => `webhook ${i}`);
    const answers = await holdCommits(() => Promise.all(bodies.map((body) => post(body))), 500);
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    expect((await stored()).toSorted()).toEqual(bodies.toSorted());
    expect(most).toBe(1);
    expect(groups.length).toBeLessThan(5);
  });

  test("are bounded in rows and bytes, and a body larger than the bound goes alone", async () => {
    await start({ limits: { group_rows: 3, group_bytes: 100 } });
    const small = await holdCommits(
      () => Promise.all(Array.from({ length: 10 }, (_, i) => post(`${i}`))),
      10,
    );
    expect(small.every((answer) => answer.status === 200)).toBe(true);
    expect(Math.max(...groups)).toBeLessThanOrEqual(3);
    groups = [];
    expect(await post("x".repeat(500))).toMatchObject({ status: 200 });
    expect(groups).toEqual([1]);
  });

  test("that can't be stored are 503 as a whole, with Retry-After, and their neighbours' groups are not touched", async () => {
    const append = async (webhooks: readonly ArrivedWebhook[]) => {
      if (webhooks.some((webhook) => webhook.body.toString() === "poison")) throw new Error("bad");
      return counted.append(webhooks);
    };
    await start({ journal: { append }, limits: { group_rows: 2 } });
    expect(await post("before")).toMatchObject({ status: 200 });
    const answer = await post("poison");
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    expect(await post("after")).toMatchObject({ status: 200 });
    expect(await stored()).toEqual(["before", "after"]);
  });

  /** Runs `work` with the journal locked until `count` requests have reached the server. */
  async function holdCommits<T>(work: () => Promise<T>, count: number): Promise<T> {
    let working: Promise<T> | undefined;
    let arrived = 0;
    server.on("request", () => arrived++);
    await db.transaction(async (tx) => {
      await tx.run(sql`lock table journal in exclusive mode`);
      working = work();
      await expect.poll(() => arrived, { timeout: 15_000 }).toBe(count);
    });
    return working!;
  }
});

describe("without PostgreSQL", () => {
  test("webhooks are 503 while it is away, and what was acknowledged before and after is all there", async () => {
    const own = createDatabase({ url: db.url, max: 2, application_name: "cut me" });
    const cut = createJournal({ db: own, clock: systemClock, log: silentLog });
    await start({ journal: cut });
    const acknowledged: string[] = [];
    const refused: string[] = [];
    const send_some = async (name: string) => {
      await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const body = `${name} ${i}`;
          const { status } = await post(body);
          if (status === 200) acknowledged.push(body);
          else if (status === 503) refused.push(body);
        }),
      );
    };
    await send_some("before");
    expect(acknowledged).toHaveLength(20);
    const name = new URL(db.url).pathname.slice(1);
    await allowConnections(name, false);
    await db.run(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut me'`,
    );
    await send_some("during");
    expect(refused).toHaveLength(20);
    await allowConnections(name, true);
    await send_some("after");
    expect(acknowledged).toHaveLength(40);
    expect((await stored()).toSorted()).toEqual(acknowledged.toSorted());
    await own.stop();
  });

  /** Our own connections stay; no one gets a new one. */
  async function allowConnections(name: string, allowed: boolean): Promise<void> {
    const admin = createDatabase({ url: inject("server_url"), max: 1 });
    await admin.pool.query(`alter database ${name} with allow_connections ${allowed}`);
    await admin.stop();
  }

  test("one that hangs is 503 after a bounded wait, and so is a connection that can't be found", async () => {
    await start({ journal: { append: () => new Promise(() => {}) }, limits: { commit_ms: 30 } });
    expect(await Promise.all([post("a"), post("b")])).toMatchObject([{ status: 503 }, { status: 503 }]);
    find = () => new Promise(() => {});
    const hung = await post("c");
    find = () => Promise.reject(new Error("away"));
    const failed = await post("d");
    const handshake = await send({ method: "GET" });
    for (const answer of [hung, failed, handshake])
      expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  });

  test("what waits is bounded: beyond it 503 at once, and there is room again when it was answered", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    await start({
      journal: { append: (webhooks) => gate.then(() => journal.append(webhooks)) },
      limits: { held_bytes: 1_000 },
    });
    const first = post("x".repeat(900));
    await once(server, "request");
    await expect.poll(async () => (await post("y".repeat(200))).status).toBe(503);
    release();
    expect(await first).toMatchObject({ status: 200 });
    expect(await post("y".repeat(200))).toMatchObject({ status: 200 });
  });
});

describe("stop", () => {
  test("drains what was accepted, and refuses what comes later", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    await start({ journal: { append: (webhooks) => gate.then(() => journal.append(webhooks)) } });
    const accepted = post("accepted");
    await once(server, "request");
    const stopped = intake.stop();
    expect(await post("late")).toMatchObject({ status: 503 });
    release();
    expect(await accepted).toMatchObject({ status: 200, headers: { connection: "close" } });
    await stopped;
    expect(await stored()).toEqual(["accepted"]);
  });
});

test("an unknown connection is read and answered as a known one with a wrong signature is (L14)", async () => {
  await start();
  const answerOf = async (id: string) => {
    const socket = connect(port(), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const wrong = head({ "x-hub-signature-256": `sha256=${"a".repeat(64)}`, "content-length": 3 });
    socket.write(`${wrong.replace("/webhooks/meta", `/webhooks/meta/${id}`)}xy`);
    await once(server, "request");
    await post("meanwhile");
    const early = text;
    socket.write("z");
    await expect.poll(() => text).toContain("\r\n\r\n");
    socket.destroy();
    return [early, text.replace(/date: .*/i, "")];
  };
  const known = await answerOf(connection.id);
  expect(known).toEqual(["", expect.stringMatching(/^HTTP\/1.1 401 .*keep-alive/s)]);
  expect(await answerOf(newId())).toEqual(known);
  connection.app_secrets = [];
  expect(await answerOf(connection.id)).toEqual(known);
});

describe("strangers who hold much", () => {
  const wrong = `sha256=${"a".repeat(64)}`;
  const chunked = head({ "x-hub-signature-256": wrong, "transfer-encoding": "chunked" });
  const sockets: Socket[] = [];
  /** Sends this much and no end. */
  const hold = (text: string) => {
    const socket = connect(port(), "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(text);
    sockets.push(socket);
    return socket;
  };
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const collect = (() => {
    setFlagsFromString("--expose_gc");
    return runInNewContext("gc") as () => void;
  })();
  const used_bytes = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };

  test("make Wharf hold no more than they sent, however small the pieces are (H2)", async () => {
    await start();
    let pieces = 0;
    server.on("request", (request: IncomingMessage) => {
      // After intake's own listener, as the first one starts the flow.
      request.on("newListener", (name) => {
        if (name !== "data") return;
        request.removeAllListeners("newListener");
        process.nextTick(() => request.on("data", () => pieces++));
      });
    });
    const before_bytes = used_bytes();
    for (let i = 0; i < 15; i++) hold(chunked + "1\r\nx\r\n".repeat(15_000));
    await expect.poll(() => pieces, { timeout: 20_000 }).toBe(15 * 15_000);
    expect(used_bytes() - before_bytes).toBeLessThan(20 * 2 ** 20);
    // All of it is there all the same.
    const body = "abc".repeat(20_000);
    const cut = Array.from({ length: 20_000 }, (_, i) => `3\r\n${body.slice(3 * i, 3 * i + 3)}\r\n`).slice(1);
    const large = body.slice(0, 3).repeat(7_000);
    const signed = head({
      "x-hub-signature-256": sign(body.slice(3) + large),
      "transfer-encoding": "chunked",
      connection: "close",
    });
    const answer = await raw(signed + cut.join(""), `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect((await stored()).map((text) => text === body.slice(3) + large)).toEqual([true]);
  });

  test("are cut when their pieces grow too many, whatever is in them (H2)", async () => {
    await start({ limits: { body_pieces: 100 } });
    expect(await raw(chunked + "1\r\nx\r\n".repeat(101))).toMatch(/^HTTP\/1.1 413 /);
    expect(await post("fine")).toMatchObject({ status: 200 });
  });

  test("give back what they hold before a webhook is refused, be it small or large (M1)", async () => {
    await start({ limits: { held_bytes: 100_000, small_bodies_bytes: 25_000, small_body_bytes: 2_000 } });
    const attack = (bytes: number) =>
      hold(head({ "x-hub-signature-256": wrong, "content-length": bytes + 1 }) + "x".repeat(bytes));
    const statuses: number[] = [];
    for (let round = 0; round < 10; round++) {
      for (const bytes of [9_000, 9_000, 5_000, 1_500, 1_500, 1_500, 700]) attack(bytes);
      for (const bytes of [1_000, 6_000]) statuses.push((await post("y".repeat(bytes))).status);
    }
    expect(statuses).toEqual(statuses.map(() => 200));
    // Who was cut is answered, and what remains is within the limit.
    const open = sockets.filter(({ destroyed }) => !destroyed).length;
    expect(open).toBeLessThan(sockets.length);
  });
});

test("what can't be stored is told to who asks whether Wharf is ready, until it can be again (L7)", async () => {
  let full = true;
  const append = async (webhooks: readonly ArrivedWebhook[]) => {
    if (full) throw new Error("no space left on device");
    return counted.append(webhooks);
  };
  await start({ journal: { append } });
  expect(intake.problem()).toBeNull();
  expect(await post("a")).toMatchObject({ status: 503 });
  expect(intake.problem()).toContain("disk");
  full = false;
  expect(await post("a")).toMatchObject({ status: 200 });
  expect(intake.problem()).toBeNull();
});
