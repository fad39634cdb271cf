import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectDir, sentence } from "../../base/base.ts";
import { contract } from "../../contract/contract.ts";
import { createReceiver } from "../../../test/support/meta-receiver.ts";
import { createGraph, type Graph } from "../../meta/meta.ts";
import { createFastTime } from "../scenario/fast-time.ts";
import { type BoxOptions, type Control, createBox, createControlClient, NUMBERS } from "../simulator.ts";

const SECRET = "the app's secret";
const TOKEN = "the token";
const NUMBER = NUMBERS[0]!;
const FROM = "12025550147";
const FAST = {
  odds: { failed: 0, delivered: 1, read: 0, held: 0 },
  timing: { sent: [0, 0], delivered: [0, 0], read: [0, 0], review: [0, 0] },
};

let wharf: Awaited<ReturnType<typeof createReceiver>>;
const stops: (() => Promise<unknown> | void)[] = [];
beforeEach(async () => {
  wharf = await createReceiver(SECRET);
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  wharf.stop();
});

const messages = () => wharf.events().flatMap(({ data }) => (data.kind === "message" ? [data.message] : []));
const texts = () => messages().map(({ text }) => text);
const statuses = () => wharf.events().flatMap(({ data }) => (data.kind === "status" ? [data.status] : []));
const sizes = () => wharf.webhooks.map(({ events }) => events.length);

/** The box, driven from outside as another process would, and a client of its Graph API. */
async function open(options: Partial<BoxOptions> = {}) {
  const box = createBox({
    target_url: wharf.url,
    app_secret: SECRET,
    token: TOKEN,
    seed: 7,
    scenarios_dir: join(projectDir, "scenarios"),
    ...options,
  });
  stops.push(() => box.stop());
  const url = await box.listen(0);
  const agent = new Agent();
  stops.push(() => agent.destroy());
  const control = createControlClient({
    reach: () => Promise.resolve({ url, token: TOKEN }),
    dispatcher: agent,
  });
  const graph = createGraph({ base_url: url, token: () => TOKEN, timeout_ms: 5_000 });
  stops.push(() => graph.stop());
  await control.change({ graph: FAST });
  return { box, url, agent, control, graph };
}

const write = (graph: Graph, body = "Hi") =>
  graph.send(NUMBER.phone_number_id, { to: { phone: FROM }, content: { type: "text", body } });
const say = (text: string) => ({ do: "say", from: FROM, text });
const until = async (control: Control, holds: (state: Awaited<ReturnType<Control["state"]>>) => boolean) => {
  await expect.poll(async () => holds(await control.state()), { timeout: 15_000, interval: 10 }).toBe(true);
  return control.state();
};

describe("its clock", () => {
  test("runs faster for who waits already, and never backwards", async () => {
    const time = createFastTime();
    const signal = new AbortController();
    const waits = [60_000, 10_000].map((ms) => time.pause(ms, signal.signal));
    const before = time.elapsed_ms();
    time.run(1_000_000);
    await Promise.all(waits);
    expect(time.elapsed_ms()).toBeGreaterThanOrEqual(before + 60_000);
    const late = time.elapsed_ms();
    time.run(1);
    expect(time.elapsed_ms()).toBeGreaterThanOrEqual(late);
    const stopped = time.pause(60_000, signal.signal);
    signal.abort();
    await expect(stopped).rejects.toThrow("aborted");
  });

  test("carries what is on its way along: a status of in an hour is there at once", async () => {
    const { box, control, graph } = await open();
    await control.change({ graph: { timing: { sent: [3600, 3600], delivered: [3600, 3600] } } });
    await write(graph);
    expect(statuses()).toEqual([]);
    await control.change({ speed: 100_000 });
    await box.drain();
    expect(statuses()).toEqual(["sent", "delivered"]);
    // The webhooks speak of now, whatever the speed.
    const [first] = (await control.state()).posted;
    expect(Math.abs(Date.parse(first!.at) - Date.now())).toBeLessThan(10_000);
  });
});

describe("its settings", () => {
  test("are told and changed in the words of scenarios, and hold for what comes next", async () => {
    const { box, control, graph } = await open();
    await control.change({
      speed: 60,
      line: { repeat: 2 },
      graph: { odds: { failed: 1, codes: { 131049: 1 } }, timing: { read: ["2s", "1min"] }, throughput: 1 },
    });
    expect(await control.state()).toMatchObject({
      speed: 60,
      line: { repeat: 2, batch: 1, reorder: false, gather: 0 },
      graph: {
        odds: { failed: 1, delivered: 1, codes: { 131049: 1 } },
        timing: { read: [2, 60], sent: [0, 0] },
        throughput: 1,
        management_calls_per_h: null,
      },
    });
    await write(graph);
    expect(await write(graph)).toMatchObject({ outcome: "refused", error: { code: 130429 } });
    await box.drain();
    expect(statuses()).toEqual(["failed", "failed"]);
    expect(await control.state()).toMatchObject({ count: { webhooks: 2, acknowledged: 2, messages: 1 } });
  });

  test.each([
    [{ speed: 0 }, /^`speed` must be/],
    [{ line: { batch: 1_001 } }, /^`line\.batch` must be/],
    [{ graph: { odds: { failed: 2 } } }, /^`graph\.odds\.failed` must be/],
    [{ graph: { token: "x" } }, /^`graph` has no field/],
    [{ graph: { timing: { read: ["2min", "1s"] } } }, /shorter time comes first/],
    [{ fast: true }, /fast/],
  ])("%j is refused with its place, and changes nothing", async (change, message) => {
    const { control } = await open();
    const before = await control.state();
    await expect(control.change(change)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      detail: expect.stringMatching(message),
    });
    expect((await control.state()).graph).toEqual(before.graph);
  });
});

describe("its line", () => {
  test("gathers, puts many updates into one webhook, shuffles and repeats them", async () => {
    const { box, control, graph } = await open();
    await control.change({
      line: { gather: "1h", batch: 1_000, reorder: true, repeat: 3 },
      graph: { odds: { delivered: 0 }, throughput: 1_000 },
    });
    for (let at = 0; at < 40; at++) await write(graph, String(at));
    await control.change({ speed: 1_000_000 });
    await box.drain();
    // One webhook of all that were gathered, three times.
    expect(sizes()).toEqual([40, 40, 40]);
    const told = (at: number) =>
      wharf.webhooks[at]!.events.flatMap(({ data }) => (data.kind === "status" ? [data.wamid] : []));
    expect(new Set(told(0)).size).toBe(40);
    expect(told(1)).toEqual(told(0));
  });

  test("what the phone says is repeated too", async () => {
    const { box, control } = await open();
    await control.change({ line: { repeat: 3 } });
    await control.play({ from: FROM, phone_number_id: NUMBER.phone_number_id, text: "Hello" });
    await box.drain();
    expect(texts()).toEqual(["Hello", "Hello", "Hello"]);
  });

  test("an answer other than 200 is tried again, and shown as waiting", async () => {
    const { control } = await open();
    wharf.answers.push(503, 503);
    await control.take({ send: [say("Hello")] });
    const state = await until(control, ({ count }) => count.waiting === 1);
    expect(state.posted[0]).toMatchObject({
      what: "message text",
      status: 503,
      tries: 1,
      again_at: expect.any(String),
    });
    await control.change({ speed: 1_000 });
    const { posted, count } = await until(control, ({ count: now }) => now.acknowledged === 1);
    expect(posted[0]).toMatchObject({ status: 200, tries: 3, again_at: null });
    expect(count).toMatchObject({ webhooks: 1, retried: 2, refused: 0, waiting: 0 });
  });
});

describe("its steps", () => {
  test("an outage keeps webhooks back until it ends; 0 ends it", async () => {
    const { box, control } = await open();
    await control.take({ outage: "1h" });
    await control.take({ send: [say("Are you there?")] });
    const { outages } = await until(control, ({ count }) => count.waiting === 1);
    expect(Date.parse(outages.webhooks!) - Date.now()).toBeGreaterThan(3_000_000);
    expect(wharf.webhooks).toEqual([]);
    await control.take({ outage: 0 });
    await control.change({ speed: 1_000 });
    await box.drain();
    expect(texts()).toEqual(["Are you there?"]);
    expect((await control.state()).outages).toEqual({ webhooks: null, graph: null, media: null });
  });

  test("the Graph API and its files can be away, each by itself", async () => {
    const { control, graph } = await open();
    async function* bytes() {
      yield Buffer.from("%PDF");
      yield Buffer.from("-1.4");
    }
    const { id } = await control.putMedia(bytes(), { mime_type: "application/pdf" });
    await control.take({ outage: "1h", of: "media" });
    const found = await graph.findMedia(id);
    if (found.outcome !== "done") throw new Error("the file is not known");
    expect((await graph.downloadMedia(found.value.url)).outcome).not.toBe("done");
    await control.take({ outage: 0, of: "media" });
    expect(await graph.downloadMedia(found.value.url)).toMatchObject({ outcome: "done" });

    await control.take({ outage: "1h", of: "graph" });
    expect(await write(graph)).toMatchObject({ outcome: "refused", error: { code: 2 } });
    await control.take({ outage: 0, of: "graph" });
    expect(await write(graph)).toMatchObject({ outcome: "sent" });
  });

  test("a forged webhook is refused once, not tried again, and the people it speaks of said nothing", async () => {
    const { box, control, graph } = await open();
    await control.change({ graph: { windows: true } });
    await control.take({ send: [say("I am someone else")], signature: "wrong" });
    await control.take({ send: [say("I am no one")], signature: "none" });
    const state = await until(control, ({ count }) => count.refused === 2);
    expect(state.posted).toMatchObject([
      { status: 401, tries: 1, signature: "none", again_at: null },
      { status: 401, tries: 1, signature: "wrong", again_at: null },
    ]);
    // Their window stays shut.
    await write(graph);
    await box.drain();
    expect(statuses()).toEqual(["failed"]);
  });

  test("fates meet the next messages, one each; none forgets those that wait", async () => {
    const { box, control, graph } = await open();
    await control.take({ next: [{ refuse: 131056 }, { go: ["sent", "read"] }, "lost_answer"] });
    expect(await write(graph)).toMatchObject({ outcome: "refused", error: { code: 131056 } });
    expect(await write(graph)).toMatchObject({ outcome: "sent" });
    expect((await control.state()).next).toEqual(["lost_answer"]);
    await control.take({ next: [] });
    expect(await write(graph)).toMatchObject({ outcome: "sent" });
    await box.drain();
    expect(statuses().toSorted()).toEqual(["delivered", "read", "sent", "sent"]);
  });

  test("a burst of thousands is counted, a thousand in a webhook", async () => {
    const { box, control } = await open();
    await control.take({ burst: { updates: 2_500, people: 10 }, batch: 1_000 });
    await box.drain();
    expect(sizes().toSorted((a, b) => a - b)).toEqual([500, 1_000, 1_000]);
    expect((await control.state()).count).toMatchObject({ webhooks: 3, acknowledged: 3 });
  });

  test("what is told of a template is true of it from then on", async () => {
    const { control, graph } = await open();
    const template = (await control.state()).templates.find(({ name }) => name === "hello_world")!;
    const { id, name, language, category } = template;
    const pause = { do: "template", event: "PAUSED", template_id: Number(id), name, language, category };
    await control.take({ send: [pause] });
    const send = () =>
      graph.send(NUMBER.phone_number_id, {
        to: { phone: FROM },
        content: { type: "template", name, language },
      });
    expect(await send()).toMatchObject({ outcome: "refused", error: { code: 132015 } });
    await control.take({ send: [{ ...pause, event: "REINSTATED" }] });
    expect(await send()).toMatchObject({ outcome: "sent" });
  });

  test.each([
    [{ send: [{ do: "say", from: FROM }] }, /^`send\.0`: say one thing/],
    [{}, /^A step does one thing/],
    [{ next: ["soon"] }, /^`next\.0`/],
    [{ send: [{ ...say("x"), image: { file: "../../etc/passwd" }, text: undefined }] }, /can't be read here/],
    ["now", /object/],
  ])("%j is refused with its place", async (step, message) => {
    const { control } = await open();
    await expect(control.take(step)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      detail: expect.stringMatching(message),
    });
  });
});

const ITEM = { product_retailer_id: "sku-1", quantity: 1, item_price: 1, currency: "EUR" };

test.each([
  { order: {} },
  { order: { catalog_id: "7", product_items: [] } },
  { order: { catalog_id: "7", product_items: [{ ...ITEM, quantity: 0 }] } },
  { contacts: [{}] },
  { location: { latitude: 91, longitude: 0 } },
  { button: { payload: "x" } },
  { button_reply: { id: "1", title: "x".repeat(21) } },
  { list_reply: { id: "", title: "Blue" } },
  { text: "" },
  { text: "x".repeat(4_097) },
  { unsupported: "a poll" },
  { new_number: "+1 202" },
  { call_permission: "perhaps" },
  { text: "a", referral: {} },
])("%j in a step is refused by the sentences that the phone has for it", async (said) => {
  const phone = contract["POST /api/v1/sandbox/messages"].body.safeParse({
    from: FROM,
    phone_number_id: "1",
    ...said,
  });
  const { control } = await open();
  await expect(control.take({ send: [{ do: "say", from: FROM, ...said }] })).rejects.toMatchObject({
    code: "INVALID_REQUEST",
    detail: phone
      .error!.issues.map(({ path, message }) => sentence(["send", 0, ...path], message))
      .join("\n"),
  });
});

describe("its scenarios", () => {
  test("one of its own plays to its end, as fast as asked for; then time and odds are as they were", async () => {
    const { control } = await open();
    const { scenarios } = await control.state();
    expect(scenarios.map(({ name }) => name)).toEqual(expect.arrayContaining(["first-day", "outage"]));
    await control.start({ name: "outage", speed: 500_000 });
    expect(await control.state()).toMatchObject({ speed: 500_000, playing: { steps: 6, ended_at: null } });
    await expect(control.start({ name: "first-day" })).rejects.toMatchObject({ code: "SIMULATOR_BUSY" });
    const state = await until(control, ({ playing }) => playing?.ended_at !== null);
    expect(state).toMatchObject({
      speed: 1,
      playing: { step: 6, error: null },
      count: { webhooks: 24, acknowledged: 24, waiting: 0 },
    });
    expect(texts()).toEqual(expect.arrayContaining(["Before the outage", "Hello?", "There you are"]));
  });

  test("no webhook of it speaks of the future, and all are as far apart as it says", async () => {
    const { control } = await open();
    const steps = [
      { at: 0, send: [say("first")] },
      { at: "1d", send: [say("last")] },
    ];
    await control.start({ scenario: { steps }, speed: 500_000 });
    await until(control, ({ playing }) => playing?.ended_at !== null);
    expect(texts()).toEqual(["first", "last"]);
    const [first, last] = wharf.events().map(({ occurred_at_ms }) => occurred_at_ms! - Date.now());
    // At this speed a second of the machine is five days and more.
    expect(first!).toBeLessThan(-40_000_000);
    expect(last!).toBeGreaterThan(-60_000);
    expect(last!).toBeLessThanOrEqual(0);
  });

  test("its people, odds and files are the simulator's while it plays", async () => {
    const { control, graph } = await open();
    const steps = [{ at: 0, send: [{ do: "say", from: "12025550111", document: { filename: "bill.pdf" } }] }];
    await control.start({
      scenario: { people: [{ wa_id: "12025550111", name: "Ines Castro" }], graph: { approved: 0.5 }, steps },
    });
    await until(control, ({ playing }) => playing?.ended_at !== null);
    expect((await control.describe()).personas.map(({ name }) => name)).toContain("Ines Castro");
    expect((await control.state()).graph.approved).toBe(0.9);
    const [message] = messages();
    const { id } = message!.content as { id: string };
    const found = await graph.findMedia(id);
    expect(found).toMatchObject({ outcome: "done", value: { mime_type: "application/pdf" } });
  });

  test("it can be ended in the midst of an outage of days, and another begun", async () => {
    const { control } = await open();
    const steps = [
      { at: 0, outage: "5d" },
      { at: 0, send: [say("no one hears this for now")] },
      { at: "6d", send: [say("never said")] },
    ];
    await control.start({ scenario: { steps } });
    await until(control, ({ count }) => count.waiting === 1);
    await control.halt();
    expect((await control.state()).playing).toMatchObject({
      step: 2,
      error: null,
      ended_at: expect.any(String),
    });
    await control.take({ outage: 0 });
    await control.start({ scenario: { steps: [{ at: 0, send: [say("now")] }] } });
    await until(control, ({ playing }) => playing?.ended_at !== null);
    expect(texts()).toContain("now");
  });

  test("one that can't be read is refused with the place", async () => {
    const { control } = await open();
    await expect(control.start({ scenario: { steps: [{ at: "soon" }] } })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      detail: expect.stringContaining("steps.0.at"),
    });
    await expect(control.start({ name: "../package" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("what is altered", () => {
  const USUAL = {
    outages: { webhooks: null, graph: null, media: null },
    speed: 1,
    settings: false,
    next: 0,
    scenario: false,
  };

  test("is told with its people: outages, clock, settings, outcomes that wait, a scenario", async () => {
    const { control } = await open();
    const altered = async () => (await control.describe()).altered;
    const { usual } = await control.state();
    expect(await altered()).toEqual({ ...USUAL, settings: true });
    await control.change(usual);
    expect(await altered()).toEqual(USUAL);
    await control.change({ speed: 60 });
    await control.take({ outage: "10h", of: "graph" });
    await control.take({ next: ["lost_answer", "lost_answer"] });
    const ends = expect.stringMatching(/^\d{4}-/) as string;
    expect(await altered()).toEqual({
      ...USUAL,
      speed: 60,
      next: 2,
      outages: { ...USUAL.outages, graph: ends },
    });
    await control.start({
      scenario: {
        steps: [
          { at: 0, outage: 0 },
          { at: "10d", outage: 0 },
        ],
      },
    });
    expect(await altered()).toMatchObject({ scenario: true });
    await control.halt();
    await control.change({ speed: 1 });
    await control.take({ outage: 0, of: "graph" });
    await control.take({ next: [] });
    expect(await altered()).toEqual(USUAL);
  });

  test("a webhook that an outage holds back says so, and another doesn't", async () => {
    const { control } = await open();
    const said = { from: FROM, phone_number_id: NUMBER.phone_number_id, text: "Hello" };
    expect(await control.play(said)).toMatchObject({ status: 200, held: false });
    await control.take({ outage: "1h", of: "webhooks" });
    expect(await control.play(said)).toMatchObject({ status: 0, held: true });
    await control.take({ outage: 0, of: "webhooks" });
    expect(await control.play(said)).toMatchObject({ status: 200, held: false });
  });
});

describe("its door", () => {
  test("opens for its token alone, and for its own verbs alone", async () => {
    const { url, agent } = await open();
    const call = (path: string, token: string, body = "{}") =>
      fetch(`${url}/simulator/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body,
      });
    expect((await call("state", "wrong")).status).toBe(401);
    expect((await call("constructor", TOKEN)).status).toBe(404);
    expect((await call("putMedia", TOKEN)).status).toBe(404);
    expect((await call("change", TOKEN, "{")).status).toBe(400);
    expect((await call("state", TOKEN)).status).toBe(200);
    const wrong = createControlClient({
      reach: () => Promise.resolve({ url, token: "wrong" }),
      dispatcher: agent,
    });
    await expect(wrong.state()).rejects.toMatchObject({ code: "SIMULATOR_AWAY" });
  });

  test("when the simulator is away, or something else is there, who asks is told to wait", async () => {
    const { agent } = await open();
    for (const url of ["http://127.0.0.1:9", new URL(wharf.url).origin]) {
      const control = createControlClient({
        reach: () => Promise.resolve({ url, token: TOKEN }),
        dispatcher: agent,
      });
      await expect(control.state()).rejects.toMatchObject({ code: "SIMULATOR_AWAY" });
    }
    const nowhere = createControlClient({ reach: () => Promise.resolve(null), dispatcher: agent });
    await expect(nowhere.describe()).rejects.toMatchObject({ code: "SIMULATOR_AWAY" });
  });
});

describe("it stops at once", () => {
  test.each([
    ["refuses the connection", null],
    ["takes it and never answers", () => undefined],
  ])("when the target %s, whatever is still to be tried (C)", async (_, answer) => {
    const target = answer && createServer(answer).listen(0, "127.0.0.1");
    if (target) await once(target, "listening");
    const port = target ? (target.address() as AddressInfo).port : 9;
    const { box, graph, control } = await open({ target_url: `http://127.0.0.1:${port}/webhooks/meta` });
    expect((await write(graph)).outcome).toBe("sent");
    void control.take({ send: [say("Hi")] });
    await until(control, ({ count }) => count.messages === 1);
    const begin = performance.now();
    await box.stop();
    expect(performance.now() - begin).toBeLessThan(2_000);
    target?.closeAllConnections();
    target?.close();
  });
});
