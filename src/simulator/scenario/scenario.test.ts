import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectDir } from "../../base/base.ts";
import { createReceiver } from "../../../test/support/meta-receiver.ts";
import { createGraph, type EventData, readWamid } from "../../meta/meta.ts";
import { NUMBERS, playScenario, readScenario, type ScenarioOptions } from "../simulator.ts";

const SECRET = "the app's secret";
const NUMBER = NUMBERS[0]!;
const FROM = "12025550147";

let wharf: Awaited<ReturnType<typeof createReceiver>>;
const stops: (() => Promise<unknown> | void)[] = [];
beforeEach(async () => {
  wharf = await createReceiver(SECRET);
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  wharf.stop();
});

const events = () => wharf.events();
const kinds = () => new Set(events().map(({ data }) => data.kind));

/** Time that jumps to whatever is waited for next; nothing that a slow machine does makes it pass. */
function createJumpingTime() {
  let now_ms = 1_790_000_000_000;
  const waiting: { due_ms: number; resolve: () => void }[] = [];
  let jumps = false;
  const jump = () => {
    const next = waiting.shift();
    jumps = next !== undefined;
    if (!next) return;
    now_ms = Math.max(now_ms, next.due_ms);
    next.resolve();
    setTimeout(jump, 1);
  };
  return {
    now: () => now_ms,
    pause: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const stop = () => reject(new Error("stopped"));
        signal.addEventListener("abort", stop, { once: true });
        const go = () => {
          signal.removeEventListener("abort", stop);
          resolve();
        };
        waiting.push({ due_ms: now_ms + ms, resolve: go });
        waiting.sort((left, right) => left.due_ms - right.due_ms);
        if (!jumps) setTimeout(jump, 1);
        jumps = true;
      }),
  };
}

async function start(scenario: unknown, options: Partial<ScenarioOptions> = {}) {
  const text = typeof scenario === "string" ? scenario : JSON.stringify(scenario);
  const play = await playScenario(readScenario(text), {
    target_url: wharf.url,
    app_secret: SECRET,
    time: createJumpingTime(),
    ...options,
  });
  stops.push(() => play.stop());
  return play;
}
const play = async (scenario: unknown, options: Partial<ScenarioOptions> = {}) =>
  (await start(scenario, options)).ended;
const example = (name: string) => readFileSync(join(projectDir, "scenarios", name), "utf8");
const say = (more: object) => ({ do: "say", from: FROM, ...more });

describe("the examples", () => {
  test("are all readable", () => {
    for (const name of readdirSync(join(projectDir, "scenarios")))
      expect(readScenario(example(name)).about).toMatch(/\.$/);
  });

  test("the first day says one thing of every kind, and Wharf knows them all", async () => {
    const report = await play(example("first-day.json"));
    expect(report).toMatchObject({ webhooks: 29, acknowledged: 29, retried: 0, refused: {} });
    const types = events().flatMap(({ data }) => (data.kind === "message" ? [data.message.type] : []));
    expect(new Set(types)).toEqual(
      new Set([
        "text", "image", "audio", "document", "video", "sticker", "location", "contacts", "button", "interactive",
        "order", "unsupported",
      ]), // prettier-ignore
    );
    expect(kinds()).toEqual(
      new Set<EventData["kind"]>([
        "message", "reaction", "message_edit", "message_revoke", "status", "template_status", "user_preference",
        "system",
      ]), // prettier-ignore
    );
  });

  test("the rough wire: repeats, no order, batches of a thousand, forgeries refused once", async () => {
    const report = await play(example("rough-wire.json"));
    // 5 three times, 3 of a thousand, 500, and two forgeries.
    expect(report).toMatchObject({ webhooks: 520, acknowledged: 518, retried: 0, refused: { 401: 2 } });
    expect(wharf.forged).toBe(2);
    expect(wharf.webhooks.filter(({ events: items }) => items.length === 1_000)).toHaveLength(3);
    const keys = events().map(({ key }) => key);
    expect(keys).toHaveLength(15 + 3_000 + 500);
    expect(new Set(keys).size).toBe(5 + 3_000 + 500);
  });

  test("an outage of days is outlived: everything comes afterwards, in spite of it", async () => {
    const report = await play(example("outage.json"));
    expect(report).toMatchObject({ webhooks: 24, acknowledged: 24, refused: {} });
    // The first webhook of the outage was tried again and again.
    expect(report.retried).toBeGreaterThan(40);
    const texts = events().flatMap(({ data }) => (data.kind === "message" ? [data.message.text] : []));
    expect(texts[0]).toBe("Before the outage");
    expect(texts).toEqual(expect.arrayContaining(["Are you there?", "Hello?", "There you are"]));
  });
});

describe("the clock", () => {
  test("times are as far apart as the scenario says, whatever the order of the file", async () => {
    await play({
      steps: [
        { at: "2d", send: [say({ text: "last" })] },
        { at: 0, send: [say({ text: "first" })] },
      ],
    });
    const [first, last] = events().map(({ occurred_at_ms }) => occurred_at_ms!);
    expect(last! - first!).toBe(2 * 86_400_000);
  });

  test("however fast it runs, no webhook speaks of the future", async () => {
    const before_s = Date.now() / 1_000;
    const { ended } = await playScenario(
      readScenario(
        JSON.stringify({
          steps: [
            { at: 0, send: [say({ text: "first" })] },
            { at: "3min", send: [say({ text: "last" })] },
          ],
        }),
      ),
      { target_url: wharf.url, app_secret: SECRET, speed: 200 },
    );
    await ended;
    const [first, last] = events().map(({ occurred_at_ms }) => occurred_at_ms! / 1_000);
    // Half a second of the machine is 100 s here.
    expect(first!).toBeLessThan(before_s - 80);
    expect(last!).toBeGreaterThanOrEqual(Math.floor(before_s));
    expect(last!).toBeLessThan(Date.now() / 1_000 + 100);
  });

  test("Meta gives up after seven days", async () => {
    const report = await play({
      steps: [
        { at: 0, outage: "8d" },
        { at: 1, send: [say({ text: "never heard" })] },
      ],
    });
    expect(report).toMatchObject({ webhooks: 1, acknowledged: 0, refused: { 0: 1 } });
    // 12 tries until the wait has grown to an hour, and then 7 days of at least one an hour and at most one in half.
    expect(report.retried).toBeGreaterThan(150);
    expect(report.retried).toBeLessThan(360);
    expect(wharf.webhooks).toHaveLength(0);
  });

  test("stop ends the waiting", async () => {
    const slow = await start(
      {
        steps: [
          { at: 0, outage: "7d" },
          { at: 0, send: [say({ text: "x" })] },
          { at: "1d", outage: 1 },
        ],
      },
      { time: { now: () => Date.now(), pause: (ms, signal) => sleep(ms, undefined, { signal }) } },
    );
    const over = slow.ended.then(
      () => "ended",
      () => "stopped",
    );
    await slow.stop();
    expect(await over).toBe("stopped");
  });
});

describe("beside the Graph API", () => {
  test("its odds and times come from the file, and what people say opens their window", async () => {
    let url = "";
    const { ended } = await start(
      {
        graph: {
          token: "T",
          windows: true,
          odds: { failed: 0, delivered: 1, read: 0 },
          timing: { sent: [0, 0] },
        },
        steps: [
          { at: 0, send: [say({ as: "hello", image: { caption: "c" } })] },
          { at: "1min", next: ["status_first", { fail: 131026 }] },
        ],
      },
      { listen: { port: 0, host: "127.0.0.1" }, onListen: (opened) => (url = opened) },
    );
    const report = await ended;
    const [image] = events().flatMap(({ data }) => (data.kind === "message" ? [data.message] : []));
    const client = createGraph({ base_url: url, token: () => "T", timeout_ms: 5_000 });
    stops.push(() => client.stop());
    expect(report.wamids["hello"]).toMatch(/^wamid\./);
    const { id } = (image!.content as { id: string }) ?? {};
    const found = await fetch(`${url}/v27.0/${id}`, { headers: { authorization: "Bearer T" } });
    expect(await found.json()).toMatchObject({ mime_type: "image/jpeg" });

    const hello = { to: { phone: FROM }, content: { type: "text", body: "Hi" } } as const;
    wharf.webhooks.length = 0;
    expect(await client.send(NUMBER.phone_number_id, hello)).toMatchObject({ outcome: "sent" });
    // They were there before the answer.
    const statuses = () => events().flatMap(({ data }) => (data.kind === "status" ? [data.status] : []));
    expect(statuses()).toEqual(["sent", "delivered"]);
    expect(await client.send(NUMBER.phone_number_id, hello)).toMatchObject({ outcome: "sent" });
  });
});

describe("what Meta tells besides", () => {
  const tell = async (...updates: object[]) => {
    await play({
      people: [{ wa_id: "12025550111", name: "Ines Castro", username: "ines", hidden: true }],
      steps: [{ at: 0, send: updates, batch: 10 }],
    });
    return events();
  };

  test("what was written in the phone's app, and who has another id or security code", async () => {
    const told = await tell(
      { do: "echo", to: FROM, text: "From the shop's phone" },
      say({ new_user_id: "US.20837465019283746501" }),
      say({ new_identity: "x1" }),
    );
    expect(told.map(({ data }) => data)).toMatchObject([
      { kind: "echo", to: { wa_id: FROM }, message: { text: "From the shop's phone" } },
      {
        kind: "system",
        system_type: "user_changed_user_id",
        moved: { to: { user_id: "US.20837465019283746501" } },
      },
      { kind: "system", system_type: "customer_identity_changed" },
    ]);
  });

  test("a person whose number Meta keeps to itself is known by the user id alone", async () => {
    const [message, status] = await tell(
      { do: "say", from: "12025550111", text: "Hello", as: "hello" },
      { do: "status", status: "read", of: "other", to: "12025550111" },
    );
    const known = { wa_id: null, user_id: expect.stringMatching(/^US\.\d+$/) as string };
    expect(message!.data).toMatchObject({ kind: "message", from: { ...known, username: "ines" } });
    expect(status!.data).toMatchObject({ kind: "status", recipient: known });
    expect(wharf.webhooks[0]!.body.toString("latin1")).not.toContain('"from":');
  });

  test("the ids of messages and calls with a person whose number Meta keeps hold the user id, not the number", async () => {
    const from = "12025550111";
    await tell(
      { do: "say", from, text: "Hello", as: "hello" },
      { do: "say", from, text: "About that", reply_to: "hello" },
      { do: "echo", to: from, text: "From the shop's phone", as: "echo" },
      { do: "status", status: "read", of: "echo", to: from },
      { do: "status", status: "sent", of: "other", to: from },
      { do: "call", from, as: "call" },
      { do: "preference", from, value: "stop" },
    );
    const bodies = wharf.webhooks.map(({ body }) => body.toString("latin1"));
    expect(bodies.join("\n")).not.toContain(from);
    const ids = bodies.join("\n").match(/wa[mc]id\.[\w+\\/=]+/g) ?? [];
    expect(ids.length).toBeGreaterThanOrEqual(6);
    for (const id of ids) {
      const inside = Buffer.from(id.replaceAll("\\", "").slice("wamid.".length), "base64").toString("latin1");
      expect(inside).not.toContain(from);
      expect(inside).toMatch(/US\.\d{20}/);
    }
    const [message] = events();
    const { wamid, from: person } = message!.data as Extract<EventData, { kind: "message" }>;
    expect(readWamid(wamid)).toMatchObject({ identity: { kind: "bsuid", value: person.user_id } });
  });

  test("any field, with its value as it is and, where asked for, the number that it is about", async () => {
    const quality = { previous_quality_score: "GREEN", new_quality_score: "YELLOW", message_template_id: 7 };
    const told = await tell(
      { do: "field", field: "message_template_quality_update", value: quality },
      { do: "field", field: "calls", number: true, value: { calls: [{ id: "wacid.1", event: "connect" }] } },
      { do: "field", field: "quite_new", value: { a: 1 } },
    );
    expect(told.map(({ data }) => data.kind)).toEqual(["template_quality", "call", "other"]);
    expect(wharf.webhooks[0]!.body.toString()).toContain('"phone_number_id":"106540352242922"');
  });
});

test("the host of the files is away for as long as the scenario says, and the Graph API is not", async () => {
  let url = "";
  const statuses: number[] = [];
  const headers = { authorization: "Bearer T" };
  const look = async () => {
    const { data } = events().at(-1)!;
    const { id } = data.kind === "message" ? (data.message.content as { id: string }) : { id: "" };
    const about = await fetch(`${url}/v27.0/${id}`, { headers });
    const file = (await about.json()) as { url: string };
    statuses.push(about.status, (await fetch(file.url, { headers })).status);
  };
  const time = createJumpingTime();
  const { ended } = await start(
    {
      graph: { token: "T" },
      steps: [
        { at: 0, send: [say({ image: {} })] },
        { at: 1, outage: "10min", of: "media" },
        { at: "9min", outage: "10min", of: "media" },
        { at: "18min", outage: 0 },
        { at: "20min", outage: 0 },
      ],
    },
    {
      // Looked at after each long wait: at 9, 18 and 20 minutes.
      time: {
        now: time.now,
        async pause(ms, signal) {
          await time.pause(ms, signal);
          if (events().length > 0 && ms > 1_000) await look();
        },
      },
      listen: { port: 0, host: "127.0.0.1" },
      onListen: (opened) => (url = opened),
    },
  );
  await ended;
  expect(statuses).toEqual([200, 503, 200, 503, 200, 200]);
});

describe("what is wrong is told with its place", () => {
  test.each([
    ["{", /no JSON/],
    [{ steps: [{ at: "soon", outage: 1 }] }, /^`steps\.0\.at`: .*"500ms"/],
    [{ steps: [{ at: 0 }] }, /^`steps\.0`: a step does one thing/],
    [{ steps: [{ at: 0, outage: 1, next: ["lost_answer"] }] }, /one thing/],
    [{ steps: [{ at: 0, send: [say({})] }] }, /^`steps\.0\.send\.0`: say one thing/],
    [{ steps: [{ at: 0, send: [say({ text: "a", revoke: "b" })] }] }, /say one thing/],
    [{ steps: [{ at: 0, send: [say({ txt: "a" })] }] }, /txt/],
    [{ steps: [{ at: 0, batch: 1_001, outage: 1 }] }, /^`steps\.0\.batch` must be/],
    [{ steps: [{ at: 0, next: ["lost"] }] }, /write "lost_answer"/],
    [{ graph: { timing: { read: [2, 1] } } }, /the shorter time comes first/],
    [{ graph: { odds: { failed: 2 } } }, /^`graph\.odds\.failed` must be/],
  ])("%j", (scenario, message) => {
    const text = typeof scenario === "string" ? scenario : JSON.stringify(scenario);
    expect(() => readScenario(text)).toThrow(message);
  });
});
