import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readWebhook, verifySignature } from "../meta/meta.ts";
import {
  createSimulator,
  metaJson,
  NUMBERS,
  PERSONAS,
  type SimulatorOptions,
  status,
  templateStatus,
  text,
  type Update,
  wamidOf,
} from "./simulator.ts";

const SECRET = "a sandbox's secret";
const NUMBER = NUMBERS[0]!;
const SHEENA = PERSONAS[0]!;

/** A webhook receiver that keeps what it got and answers what the test says. */
let server: Server;
let received: { body: Buffer; headers: IncomingMessage["headers"] }[];
let answers: number[];
const simulators: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  received = [];
  answers = [];
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const url = new URL(req.url!, "http://x");
      if (req.method === "GET") {
        const right = url.searchParams.get("hub.verify_token") === "token";
        res.writeHead(right ? 200 : 403).end(right ? url.searchParams.get("hub.challenge") : "");
        return;
      }
      received.push({ body: Buffer.concat(chunks), headers: req.headers });
      res.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function simulator(options: Partial<SimulatorOptions> = {}) {
  const made = createSimulator({
    target_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/meta`,
    app_secret: SECRET,
    clock: { now: () => 1_790_000_000_000 },
    pause: () => Promise.resolve(),
    seed: 7,
    ...options,
  });
  simulators.push(made);
  return made;
}

function eventsOf(at: number) {
  const read = readWebhook(received[at]!.body);
  if (!read.ok) throw new Error(read.reason);
  return read.events;
}

const statuses = (count: number): Update[] =>
  Array.from({ length: count }, (_, at) =>
    status({
      number: NUMBER,
      wamid: `wamid.${at}`,
      recipient: SHEENA,
      status: "read",
      time: 1_790_000_000 + at,
    }),
  );

describe("the wire", () => {
  test("bodies are escaped as Meta escapes them, and mean the same", () => {
    const value = { body: "J'ai mangé @resto 🍝 100% </b> \u007f" };
    const wire = metaJson(value);
    expect(wire.toString("latin1")).toBe(
      '{"body":"J\'ai mang\\u00e9 \\u0040resto \\ud83c\\udf5d 100\\u0025 \\u003C\\/b> \\u007f"}',
    );
    expect(JSON.parse(wire.toString())).toEqual(value);
  });

  test("message ids are records like Meta's", () => {
    const known = Buffer.from("HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA=", "base64");
    const ours = Buffer.from(wamidOf("16503879439", "inbound", "x").slice("wamid.".length), "base64");
    expect(ours).toHaveLength(known.length);
    expect(ours.subarray(0, 20)).toEqual(known.subarray(0, 20));
  });
});

describe("playing a customer", () => {
  const base = { from: SHEENA.wa_id, phone_number_id: NUMBER.phone_number_id };
  test.each([
    [{ text: "Grüße 👋" }, { kind: "message", message: { type: "text", text: "Grüße 👋" } }],
    [
      { button: { payload: "STOP", text: "Stop" }, context_wamid: "wamid.T" },
      { kind: "message", message: { reply: { kind: "button", payload: "STOP" }, context_wamid: "wamid.T" } },
    ],
    [
      { reaction: { message_id: "wamid.M", emoji: "👍" } },
      { kind: "reaction", target_wamid: "wamid.M", emoji: "👍" },
    ],
    [
      { reaction: { message_id: "wamid.M", emoji: "" } },
      { kind: "reaction", target_wamid: "wamid.M", emoji: null },
    ],
    [{ revoke: "wamid.M" }, { kind: "message_revoke", target_wamid: "wamid.M" }],
    [
      { edit: { message_id: "wamid.M", text: "new" } },
      { kind: "message_edit", target_wamid: "wamid.M", message: { text: "new" } },
    ],
    [
      { location: { latitude: 0, longitude: 0, name: "Null Island" } },
      { kind: "message", message: { type: "location", content: { latitude: 0, longitude: 0 } } },
    ],
  ])("%j arrives signed, and is read as what it is", async (input, expected) => {
    const played = await simulator().play({ ...base, ...input });
    expect(played.status).toBe(200);
    const { body, headers } = received[0]!;
    expect(verifySignature(body, headers["x-hub-signature-256"] as string, [SECRET])).toBe(true);
    expect(body.toString("latin1")).toMatch(/^[\x20-\x7e]+$/);
    const [event] = eventsOf(0);
    expect(event).toMatchObject({
      key: `message:${played.wamid}`,
      occurred_at_ms: 1_790_000_000_000,
      phone_number_id: NUMBER.phone_number_id,
      waba_id: NUMBER.waba_id,
      data: { ...expected, from: { wa_id: SHEENA.wa_id, profile_name: "Sheena Nelson" } },
    });
  });

  test("anybody can be played, under any name", async () => {
    await simulator().play({ ...base, from: "4915550001", profile_name: "Eve", text: "hi" });
    expect(eventsOf(0)[0]!.data).toMatchObject({ from: { wa_id: "4915550001", profile_name: "Eve" } });
  });

  test("nothing to play, or a number that isn't there, is the caller's problem", async () => {
    await expect(simulator().play(base)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await expect(simulator().play({ ...base, phone_number_id: "1", text: "x" })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
  });

  test("an answer other than 200 is told at once, and the webhook is tried again behind it, byte for byte", async () => {
    answers = [503, 500, 200];
    const meta = simulator();
    expect(await meta.play({ ...base, text: "hi" })).toMatchObject({ status: 503 });
    await meta.drain();
    expect(received).toHaveLength(3);
    expect(received[2]!.body).toEqual(received[0]!.body);
  });

  test("no answer is status 0", async () => {
    const meta = simulator({ target_url: "http://127.0.0.1:1/", retry: { tries: 1, base_ms: 1, cap_ms: 1 } });
    expect(await meta.play({ ...base, text: "hi" })).toMatchObject({ status: 0 });
  });
});

describe("delivering", () => {
  test("updates are batched, a change a number and field", async () => {
    const template = templateStatus({
      waba_id: NUMBER.waba_id,
      template_id: 122097329108006,
      name: "order",
      language: "en_US",
      event: "PAUSED",
      time: 1_790_000_001,
    });
    const said = text({ number: NUMBER, from: SHEENA, wamid: "wamid.A", time: 1_790_000_000 }, "hi");
    await simulator().deliver([...statuses(3), said, template], { batch: 1_000 });
    expect(received).toHaveLength(1);
    expect(eventsOf(0).map(({ data }) => data.kind)).toEqual([
      "status",
      "status",
      "status",
      "message",
      "template_status",
    ]);
    expect(eventsOf(0)[4]).toMatchObject({ occurred_at_ms: 1_790_000_001_000 });
    expect(JSON.parse(received[0]!.body.toString())).toMatchObject({
      entry: [{ changes: [{ value: { contacts: [{ wa_id: SHEENA.wa_id }] } }] }, { time: 1_790_000_001 }],
    });
    await expect(simulator().deliver(statuses(1), { batch: 1_001 })).rejects.toThrow(RangeError);
  });

  test("each is sent until it is answered 200, or the tries are used up, waiting longer each time", async () => {
    const waits: number[] = [];
    const pause = (ms: number) => {
      waits.push(ms);
      return Promise.resolve();
    };
    answers = [503, 503, 503, 200];
    const retry = { tries: 3, base_ms: 1_000, cap_ms: 60_000 };
    const outcome = await simulator({ retry, pause }).deliver(statuses(2));
    expect(outcome.map(({ status, tries }) => [status, tries])).toEqual([
      [503, 3],
      [200, 1],
    ]);
    expect(waits).toHaveLength(2);
    expect(waits[1]).toBeGreaterThan(waits[0]!);
  });

  test("repeats and shuffles are those of the seed", async () => {
    const keysOf = () => received.map((_, at) => eventsOf(at)[0]!.key);
    const how = { repeat: 3, shuffle: true };
    await simulator().deliver(statuses(10), how);
    const first = keysOf();
    received = [];
    await simulator().deliver(statuses(10), how);
    expect(keysOf()).toEqual(first);
    expect(first).toHaveLength(30);
    expect(new Set(first).size).toBe(10);
    received = [];
    await simulator({ seed: 8 }).deliver(statuses(10), how);
    expect(keysOf()).not.toEqual(first);
  });

  test("a signature can be wrong, or left out", async () => {
    const meta = simulator();
    answers = [401, 401];
    expect(await meta.deliver(statuses(1), { signature: "wrong" })).toMatchObject([
      { status: 401, tries: 1 },
    ]);
    expect(await meta.deliver(statuses(1), { signature: "none" })).toMatchObject([{ status: 401, tries: 1 }]);
    const [wrong, none] = received.map(({ headers }) => headers["x-hub-signature-256"] as string | undefined);
    expect(wrong).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(verifySignature(received[0]!.body, wrong, [SECRET])).toBe(false);
    expect(none).toBeUndefined();
  });

  test("stop ends the waiting between tries", async () => {
    answers = [500];
    const meta = createSimulator({
      target_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      app_secret: SECRET,
      retry: { tries: 9, base_ms: 3_600_000, cap_ms: 3_600_000 },
    });
    await meta.play({ from: "1", phone_number_id: NUMBER.phone_number_id, text: "x" });
    await meta.stop();
    expect(received).toHaveLength(1);
  });
});

test("the handshake holds when the challenge comes back, and not with another token", async () => {
  expect(await simulator().handshake("token")).toBe(true);
  expect(await simulator().handshake("another")).toBe(false);
});
