import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it, test } from "vitest";
import { createGraph, type GraphOptions } from "./graph.ts";
import type { Outgoing } from "../message/outgoing.ts";

const stops: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const HELLO: Outgoing = { to: { phone: "+1 (202) 555-0147" }, content: { type: "text", body: "Hello" } };
const SENT = {
  messaging_product: "whatsapp",
  contacts: [{ input: "+12025550147", wa_id: "12025550147" }],
  messages: [{ id: "wamid.HBgL", message_status: "accepted" }],
};

/** A server of bare sockets: it can do what no HTTP server would. */
async function sockets(behave: (socket: Socket) => void) {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    behave(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Seen = { req: IncomingMessage; body: Buffer };

async function http(answer: (seen: Seen, res: ServerResponse) => void) {
  const seen: Seen[] = [];
  const take = async (req: IncomingMessage, res: ServerResponse) => {
    const body = await buffer(req);
    seen.push({ req, body });
    answer({ req, body }, res);
  };
  const server = createHttpServer((req, res) => void take(req, res));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const json = (res: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}) =>
  res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));

function graph(base_url: string, options: Partial<GraphOptions> = {}) {
  const made = createGraph({ base_url, token: () => "TOKEN", timeout_ms: 5_000, ...options });
  stops.push(() => made.stop());
  return made;
}

/** Reads the whole request, then does it. */
const afterBody = (act: (socket: Socket) => void) => (socket: Socket) => {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString();
    if (text.includes('"Hello"')) act(socket);
  });
};
const raw = (status: string, body: string, length = body.length) =>
  `HTTP/1.1 ${status}\r\ncontent-type: text/html\r\ncontent-length: ${length}\r\n\r\n${body}`;
const say = (text: string) => afterBody((socket) => socket.write(text));
const MALFORMED = '{"messages":[{}]}';

describe("what is known of a send when it did not end well", () => {
  test.each<[string, "unknown" | "refused", (socket: Socket) => void, Partial<GraphOptions>?]>([
    ["the connection is closed before anything is read", "unknown", (socket) => socket.destroy()],
    [
      "it is closed while the head is read",
      "unknown",
      (socket) => socket.once("data", () => socket.destroy()),
    ],
    ["it is closed after the body", "unknown", afterBody((socket) => socket.destroy())],
    ["it is reset after the body", "unknown", afterBody((socket) => socket.resetAndDestroy())],
    ["it is ended politely without an answer", "unknown", afterBody((socket) => socket.end())],
    ["no answer comes in time", "unknown", afterBody(() => undefined), { timeout_ms: 100 }],
    ["the answer stops in its head", "unknown", say("HTTP/1.1 200 OK\r\n"), { timeout_ms: 100 }],
    ["the answer stops in its body", "unknown", say(raw("200 OK", "{", 100)), { timeout_ms: 100 }],
    ["the answer is cut off", "unknown", afterBody((socket) => socket.end(raw("200 OK", "{", 100)))],
    ["the answer is no HTTP", "unknown", say("SSH-2.0-OpenSSH_9.6\r\n\r\n")],
    ["200 with no JSON", "unknown", say(raw("200 OK", "<html>"))],
    ["200 without an id", "unknown", say(raw("200 OK", MALFORMED))],
    ["200 without a body", "unknown", say(raw("200 OK", ""))],
    [
      "200 with a body without end",
      "unknown",
      say(raw("200 OK", `{"messages":[{"id":"wamid.A"}],"x":"${"x".repeat(9 * 1024 * 1024)}"}`)),
    ],
    ["500 of a proxy", "unknown", say(raw("500 Internal Server Error", "<html>"))],
    ["502 of a proxy", "unknown", say(raw("502 Bad Gateway", "<html>"))],
    ["504 of a proxy", "unknown", say(raw("504 Gateway Timeout", ""))],
    ["400 of a proxy", "refused", say(raw("400 Bad Request", "<html>"))],
    ["429 of a proxy", "refused", say(raw("429 Too Many Requests", "slow down"))],
    [
      "a redirect",
      "refused",
      say("HTTP/1.1 307 X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"),
    ],
    ["500 of Meta's", "refused", say(raw("500 X", '{"error":{"code":131000}}'))],
    ["400 of Meta's", "refused", say(raw("400 X", '{"error":{"code":131047}}'))],
    ["200 with an error of Meta's", "refused", say(raw("200 OK", '{"error":{"code":131047}}'))],
  ])("%s: %s", async (_, outcome, behave, options) => {
    const result = await graph(await sockets(behave), options).send("1", HELLO);
    expect(result.outcome).toBe(outcome);
  });

  test.each<[string, () => Promise<string>, Partial<GraphOptions>?]>([
    ["nothing listens", () => Promise.resolve("http://127.0.0.1:1")],
    ["the name does not exist", () => Promise.resolve("http://graph.invalid")],
    [
      "there is no TLS at the other end",
      async () => (await sockets((socket) => socket.end("no\r\n"))).replace("http:", "https:"),
    ],
    [
      "the TLS handshake is not answered",
      async () => (await sockets(() => undefined)).replace("http:", "https:"),
      { timeout_ms: 100 },
    ],
  ])("%s: not sent", async (_, address, options) => {
    const result = await graph(await address(), options).send("1", HELLO);
    expect(result).toMatchObject({ outcome: "not_sent", reason: expect.stringMatching(/./) as string });
  });

  it("one that waited in vain for a connection was not sent, and isn't later", async () => {
    const held: ServerResponse[] = [];
    const { url, seen } = await http((_, res) => void held.push(res));
    const client = graph(url, { connections: 1, timeout_ms: 150 });
    const [first, second] = await Promise.all([client.send("1", HELLO), client.send("2", HELLO)]);
    expect([first.outcome, second.outcome]).toEqual(["unknown", "not_sent"]);
    // A third, which is answered, comes after whatever the second might have sent.
    const third = client.send("3", HELLO);
    await expect.poll(() => seen.length).toBe(2);
    json(held[1]!, SENT);
    expect((await third).outcome).toBe("sent");
    expect(seen.map(({ req }) => req.url)).toEqual(["/v27.0/1/messages", "/v27.0/3/messages"]);
  });

  it("interim answers before the final one, asked for or not, are read over (F40)", async () => {
    const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    const url = await sockets(say(interim + raw("200 OK", JSON.stringify(SENT))));
    const client = graph(url);
    // The second on the connection of the first.
    for (const to of ["1", "2"]) expect((await client.send(to, HELLO)).outcome).toBe("sent");
  });

  it("on a kept connection that Meta had closed nothing left: it was not sent (F42)", async () => {
    const open: Socket[] = [];
    const url = await sockets((socket) => {
      open.push(socket);
      afterBody((socket) => socket.write(raw("200 OK", JSON.stringify(SENT))))(socket);
    });
    const client = graph(url);
    expect((await client.send("1", HELLO)).outcome).toBe("sent");
    // The connection is free again.
    await setImmediate();
    // Behind the last look at the connection, and before the request is written.
    const left = setImmediate().then(() => open[0]!.resetAndDestroy());
    const second = await client.send("2", HELLO);
    await left;
    expect(second.outcome).toBe("not_sent");
    expect((await client.send("3", HELLO)).outcome).toBe("sent");
  });

  it("a send is never repeated by itself", async () => {
    let connections = 0;
    const url = await sockets((socket) => {
      connections++;
      afterBody((socket) => socket.destroy())(socket);
    });
    await graph(url).send("1", HELLO);
    expect(connections).toBe(1);
  });
});

describe("a call", () => {
  it("carries the token and the version, and tells the id, the status and how WhatsApp knows the recipient", async () => {
    const { url, seen } = await http((_, res) => json(res, SENT));
    expect(await graph(`${url}/meta/`, { version: "v25.0" }).send("106540352242922", HELLO)).toEqual({
      outcome: "sent",
      wamid: "wamid.HBgL",
      message_status: "accepted",
      input: "+12025550147",
      wa_id: "12025550147",
      user_id: null,
    });
    expect(seen[0]!.req.url).toBe("/meta/v25.0/106540352242922/messages");
    expect(seen[0]!.req.headers.authorization).toBe("Bearer TOKEN");
    expect(JSON.parse(seen[0]!.body.toString())).toEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: "+12025550147",
      type: "text",
      text: { body: "Hello" },
    });
  });

  it("says how long to wait when Meta does", async () => {
    const usage = {
      "102290129340398": [{ type: "messaging", call_count: 100, estimated_time_to_regain_access: 7 }],
    };
    const headers = { "x-business-use-case-usage": JSON.stringify(usage) };
    const { url } = await http((_, res) => json(res, { error: { code: 80007 } }, 400, headers));
    expect(await graph(url).send("1", HELLO)).toMatchObject({
      outcome: "refused",
      error: { symbol: "ACCOUNT_RATE_LIMIT", retry_after_ms: 420_000 },
    });
  });

  it("keeps ids digit by digit, as numbers and as text", async () => {
    const page =
      '{"data":[{"id":122097329108006499,"name":"a","language":"en","status":"APPROVED"},{"id":"9","name":"b","language":"en","status":"NEW"}]}';
    const { url } = await http((_, res) => res.end(page));
    for await (const answer of graph(url).templates("1")) {
      expect(answer).toMatchObject({ outcome: "done", value: [{ id: "122097329108006499" }, { id: "9" }] });
    }
  });

  it("an id can't lead to another path", async () => {
    const { url, seen } = await http((_, res) => json(res, SENT));
    for (const id of ["../me", "1/../2", "", "1?a=b", "1#"])
      await expect(graph(url).send(id, HELLO)).rejects.toThrow(RangeError);
    expect(seen).toHaveLength(0);
  });

  it("pages until Meta names no next one, by the cursor and not by Meta's URL; a failure is the last page", async () => {
    const { url, seen } = await http(({ req }, res) => {
      const after = new URL(req.url!, "http://x").searchParams.get("after");
      if (after === "b") {
        json(res, { error: { code: 2 } }, 503);
        return;
      }
      const next = { next: "http://elsewhere.invalid/?access_token=TOKEN" };
      json(res, { data: [], paging: { cursors: { after: after === null ? "a" : "b" }, ...next } });
    });
    const outcomes: string[] = [];
    for await (const page of graph(url).phoneNumbers("1")) outcomes.push(page.outcome);
    expect(outcomes).toEqual(["done", "done", "refused"]);
    expect(seen).toHaveLength(3);
  });

  it("a page that says there is more, but not where, is not taken for the last", async () => {
    const next = "http://elsewhere.invalid/?after=b";
    for (const cursors of [{}, { after: "a" }]) {
      const { url } = await http((_, res) => json(res, { data: [], paging: { cursors, next } }));
      const outcomes: string[] = [];
      for await (const page of graph(url).phoneNumbers("1")) outcomes.push(page.outcome);
      expect(outcomes.at(-1)).toBe("unknown");
    }
  });

  it("a template that is odd in a part is read without it, and its neighbours whole", async () => {
    const odd = { id: 7, name: 5, language: "en-us", status: "approved", components: [{ text: "x" }] };
    const whole = { id: "8", name: "b", language: "de", status: "PAUSED", components: [{ type: "BODY" }] };
    const { url } = await http((_, res) => json(res, { data: [odd, whole] }));
    for await (const answer of graph(url).templates("1")) {
      expect(answer).toMatchObject({
        outcome: "done",
        value: [
          { id: "7", name: null, language: "en_US", status: "APPROVED", components: null },
          { id: "8", name: "b", status: "PAUSED", components: [{ type: "BODY" }] },
        ],
      });
    }
  });
});

describe("files", () => {
  it("go up as they are read, with the whole length told before", async () => {
    const { url, seen } = await http((_, res) => json(res, { id: "1037543291543636" }));
    const chunks = Array.from({ length: 64 }, (_, at) => Buffer.alloc(64 * 1024, at));
    const file = { body: Readable.from(chunks), size_bytes: 4 * 1024 * 1024, mime_type: "image/png" };
    const filename = 'a "b"\r\nx.png';
    expect(await graph(url).uploadMedia("1", { ...file, filename })).toEqual({
      outcome: "done",
      value: { id: "1037543291543636" },
    });
    const { req, body } = seen[0]!;
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": req.headers["content-type"]! },
    }).formData();
    const sent = form.get("file") as File;
    expect([sent.size, sent.type, form.get("messaging_product")]).toEqual([
      4_194_304,
      "image/png",
      "whatsapp",
    ]);
    expect(Buffer.from(await sent.arrayBuffer()).equals(Buffer.concat(chunks))).toBe(true);
    expect(Number(req.headers["content-length"])).toBe(body.length);
  });

  it("one that is not as long as was said does not go through", async () => {
    const { url } = await http((_, res) => json(res, { id: "1" }));
    const file = { body: Buffer.from("short"), size_bytes: 50, mime_type: "text/plain", filename: "a.txt" };
    expect((await graph(url).uploadMedia("1", file)).outcome).not.toBe("done");
  });

  it("come down as a stream", async () => {
    const { url, seen } = await http((_, res) =>
      res.writeHead(200, { "content-type": "image/png" }).end("bytes"),
    );
    const got = await graph(url).downloadMedia(`${url}/file?x=1`);
    if (got.outcome !== "done") throw new Error(got.outcome);
    expect((await buffer(got.value.body)).toString()).toBe("bytes");
    expect(got.value.mime_type).toBe("image/png");
    expect(seen[0]!.req.headers.authorization).toBe("Bearer TOKEN");
  });

  test.each([
    "http://127.0.0.1:1/",
    "http://lookaside.fbsbx.com/a",
    "https://lookaside.fbsbx.com:8443/a",
    "https://user@lookaside.fbsbx.com/a",
    "https://lookaside.fbsbx.com.evil.example/a",
    "https://evil.example/lookaside.fbsbx.com",
    "file:///etc/passwd",
    "nonsense",
  ])("the token does not go to %s", async (address) => {
    const { url, seen } = await http((_, res) => res.end());
    expect(await graph(url).downloadMedia(address)).toEqual({
      outcome: "not_sent",
      reason: "The file's URL is none of Meta's.",
    });
    expect(seen).toHaveLength(0);
  });

  it("nor along a redirect", async () => {
    const other = await http((_, res) => res.end("secret"));
    const { url } = await http((_, res) => res.writeHead(302, { location: other.url }).end());
    expect((await graph(url).downloadMedia(`${url}/file`)).outcome).toBe("refused");
    expect(other.seen).toHaveLength(0);
  });
});
