import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { projectDir } from "../base/base.ts";
import { createGraph, readWebhook, verifySignature } from "../meta/meta.ts";
import { createBox, createGraphStandIn, createSimulator, NUMBERS } from "../simulator/simulator.ts";
import { checkGraph, type GraphSettings } from "./doctor/check-graph.ts";
import { graphCommand, startGraph } from "./simulate/simulate-graph.ts";
import { playCommand, reportLines } from "./simulate/simulate-play.ts";
import { simulateCommand } from "./simulate/simulate.ts";

const SECRET = "the app's secret";
const NUMBER = NUMBERS[0]!;
const stops: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function receiver() {
  const bodies: Buffer[] = [];
  const server = createServer((req, res) => {
    const take = async () => {
      const body = await buffer(req);
      const isRight = verifySignature(body, req.headers["x-hub-signature-256"] as string, [SECRET]);
      if (isRight) bodies.push(body);
      res.writeHead(isRight ? 200 : 401).end();
    };
    void take();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/meta`, bodies };
}

describe("wharf doctor, asking Meta", () => {
  async function ask(wrong: Partial<GraphSettings> = {}, token = "TOKEN", now_ms = Date.now()) {
    const simulator = createSimulator({ target_url: "http://127.0.0.1:1", app_secret: SECRET });
    const standIn = createGraphStandIn({
      simulator,
      token,
      app: { id: "670843887433847", name: "Hub", secret: SECRET },
    });
    const graph_url = await standIn.listen(0);
    stops.push(
      () => standIn.stop(),
      () => simulator.stop(),
    );
    const settings = {
      graph_url,
      graph_version: "v27.0",
      access_token: "TOKEN",
      app_secret: SECRET,
      ...wrong,
    };
    return { standIn, graph_url, check: () => checkGraph(settings, now_ms) };
  }

  it("finds the app, its accounts and their numbers", async () => {
    const { check, graph_url } = await ask();
    expect(await check()).toEqual([
      { state: "ok", subject: "Meta", text: `app Hub (670843887433847), Graph API v27.0 at ${graph_url}` },
      {
        state: "ok",
        subject: "callback URL",
        text: "webhooks go to http://127.0.0.1:1",
      },
      {
        state: "ok",
        subject: "fields",
        text: "the app is subscribed to all fields that Wharf uses",
      },
      {
        state: "ok",
        subject: "account",
        text: `${NUMBER.waba_id} sends its webhooks to this app; numbers: +${NUMBER.display_phone_number} (GREEN)`,
      },
    ]);
  });

  it("finds a token that Meta does not take", async () => {
    const { check } = await ask({}, "another");
    expect(await check()).toMatchObject(
      [{ state: "problem", text: /META_ACCESS_TOKEN can't be checked; The access token expired/ }].map(
        ({ state, text }) => ({ state, text: expect.stringMatching(text) as string }),
      ),
    );
  });

  it("finds an app secret that belongs to another app", async () => {
    const { check } = await ask({ app_secret: "wrong" });
    expect(await check()).toEqual([
      {
        state: "problem",
        subject: "Meta",
        text: expect.stringContaining("META_APP_SECRET is not the secret of Hub (670843887433847)") as string,
      },
    ]);
  });

  it("finds an account that sends its webhooks nowhere, or elsewhere", async () => {
    const { check, graph_url } = await ask();
    const graph = createGraph({ base_url: graph_url, token: () => "TOKEN" });
    stops.push(() => graph.stop());
    await graph.subscribe(NUMBER.waba_id, { callback_url: "https://elsewhere.example/", verify_token: "v" });
    const account = async () => (await check()).find(({ subject }) => subject === "account");
    expect(await account()).toMatchObject({
      state: "note",
      text: expect.stringContaining("to https://elsewhere.example/;") as string,
    });
    await graph.unsubscribe(NUMBER.waba_id);
    expect(await account()).toMatchObject({
      state: "problem",
      text: expect.stringContaining("does not send its webhooks to this app") as string,
    });
  });

  it("finds an app in development, a field that lacks and a number that is not registered, as the page does", async () => {
    const { standIn, check, graph_url } = await ask();
    standIn.changeApp({ live: false });
    const graph = createGraph({ base_url: graph_url, token: () => "TOKEN" });
    stops.push(() => graph.stop());
    const app = { id: "670843887433847", secret: SECRET };
    await graph.subscribeApp(app, {
      callback_url: "http://127.0.0.1:1",
      verify_token: "v",
      fields: ["calls"],
    });
    await graph.deregister(NUMBER.phone_number_id);
    const problems = (await check()).filter(({ state }) => state === "problem");
    expect(problems.map(({ subject }) => subject)).toEqual(["fields", "app", "number"]);
    expect(problems.map(({ text }) => text).join("\n")).toMatch(
      /not subscribed to messages.*\n.*in development mode.*switch it to Live.*\n.*not registered.*six-digit PIN/,
    );
    standIn.changeApp({ scopes: ["whatsapp_business_messaging"] });
    expect(await check()).toMatchObject([
      {
        state: "problem",
        text: "the token lacks whatsapp_business_management; make one with both permissions.",
      },
    ]);
  });

  it("finds that nothing answers, without a word of the token", async () => {
    const { check } = await ask({ graph_url: "http://127.0.0.1:1", access_token: "EAAJ" });
    const [finding] = await check();
    expect(finding).toMatchObject({
      state: "problem",
      text: expect.stringContaining("http://127.0.0.1:1 did not answer") as string,
    });
    expect(finding!.text).not.toContain("EAAJ");
  });
});

describe("wharf simulate graph", () => {
  it("takes messages and posts their statuses, signed, to Wharf", async () => {
    const wharf = await receiver();
    const given = graphCommand()
      .configureOutput({ writeErr: () => undefined })
      .exitOverride();
    const options = given.parseOptions([
      "--port",
      "0",
      "--failed",
      "0",
      "--delivered",
      "1",
      "--read",
      "0",
      "--speed",
      "100000",
      "--seed",
      "7",
    ]);
    expect(options.unknown).toEqual([]);
    const graph = await startGraph(given.opts(), { url: wharf.url, secret: SECRET });
    stops.push(() => graph.stop());
    const client = createGraph({ base_url: graph.url, token: () => "any" });
    stops.push(() => client.stop());
    const sent = await client.send(NUMBER.phone_number_id, {
      to: { phone: "+12025550147" },
      content: { type: "text", body: "Hi" },
    });
    expect(sent.outcome).toBe("sent");
    await graph.drain();
    const kinds = wharf.bodies.flatMap((body) => {
      const read = readWebhook(body);
      return read.ok ? read.events.map(({ data }) => (data.kind === "status" ? data.status : data.kind)) : [];
    });
    expect(kinds).toEqual(["sent", "delivered"]);
  });

  it.each([
    ["Load", simulateCommand],
    ["The Graph API", graphCommand],
    ["Scenarios", playCommand],
  ])("%s has the options that docs/simulator.md tells, with their defaults", (heading, command) => {
    const page = readFileSync(join(projectDir, "docs/simulator.md"), "utf8");
    const section = page.split(/^## /m).find((text) => text.startsWith(heading))!;
    const told = [...section.matchAll(/^\| `(--[^`]+)` +\| ([^|]*?) +\|/gm)].map(([, flags, value]) => ({
      flags,
      value,
    }));
    const options = command().options.map(({ flags, defaultValue }, at) => ({
      flags,
      // What has none, or one that is no plain value, the page tells in words.
      value: ["number", "string"].includes(typeof defaultValue) ? String(defaultValue) : told[at]?.value,
    }));
    expect(told).toEqual(options);
  });

  it("has its own --url and --seed, beside those of the load", () => {
    const command = simulateCommand();
    const graph = command.commands[0]!;
    graph.action(() => undefined);
    command.parse(["graph", "--url", "http://x.example", "--seed", "7"], { from: "user" });
    expect(graph.opts()).toMatchObject({ url: "http://x.example", seed: 7 });
    expect(command.opts()).not.toHaveProperty("url");
  });

  it("takes odds, timing and limits from a scenario, and what is said over them", async () => {
    const wharf = await receiver();
    const dir = mkdtempSync(join(tmpdir(), "wharf-scenario-test-"));
    stops.push(() => rmSync(dir, { recursive: true }));
    const file = join(dir, "own.json");
    const say = async (...words: string[]) => {
      const given = graphCommand();
      given.parseOptions(["--port", "0", "--speed", "100000", "--file", file, ...words]);
      const graph = await startGraph(given.opts(), { url: wharf.url, secret: SECRET }, (name) => {
        return given.getOptionValueSource(name) !== "default";
      });
      stops.push(() => graph.stop());
      const client = createGraph({ base_url: graph.url, token: () => "T" });
      stops.push(() => client.stop());
      wharf.bodies.length = 0;
      const sent = await client.send(NUMBER.phone_number_id, {
        to: { phone: "+12025550147" },
        content: { type: "text", body: "Hi" },
      });
      await graph.drain();
      const seen = wharf.bodies.flatMap((body) => {
        const read = readWebhook(body);
        return read.ok
          ? read.events.map(({ data }) => (data.kind === "status" ? [data.status, data.errors[0]?.code] : []))
          : [];
      });
      return { sent: sent.outcome, seen };
    };
    writeFileSync(file, JSON.stringify({ graph: { token: "T", odds: { failed: 1, codes: { 131053: 1 } } } }));
    expect(await say()).toEqual({ sent: "sent", seen: [["failed", 131053]] });
    expect(await say("--codes", "131026=1")).toEqual({ sent: "sent", seen: [["failed", 131026]] });
    expect(await say("--failed", "0", "--delivered", "0", "--timing", "sent=0-1")).toEqual({
      sent: "sent",
      seen: [["sent", undefined]],
    });
    expect(await say("--token", "another")).toMatchObject({ sent: "refused" });
    writeFileSync(file, JSON.stringify({ graph: { odds: { failed: 2 } } }));
    await expect(say()).rejects.toThrow(/own\.json: `graph\.odds\.failed`/);
  });

  it.each([
    ["--failed", "2"],
    ["--read", "x"],
    ["--port", "70000"],
    ["--speed", "0"],
    ["--codes", "131026"],
    ["--timing", "read=5"],
    ["--timing", "read=9-5"],
    ["--timing", "walk=1-2"],
    ["--management-calls", "0"],
  ])("refuses %s %s", (name, value) => {
    const command = graphCommand()
      .configureOutput({ writeErr: () => undefined })
      .exitOverride();
    expect(() => command.parse([name, value], { from: "user" })).toThrow(/invalid/);
  });
});

describe("wharf simulate play", () => {
  it("plays a file against what runs there, and says what came of it", async () => {
    const wharf = await receiver();
    const said: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
    stops.push(() => log.mockRestore());
    const file = join(projectDir, "scenarios/first-day.json");
    await playCommand().parseAsync(
      [file, "--url", wharf.url, "--secret", SECRET, "--speed", "1000000", "--graph", "0"],
      { from: "user" },
    );
    expect(said[0]).toMatch(/^Graph API at http:\/\/127\.0\.0\.1:\d+, number 106540352242922/);
    expect(said[1]).toBe("1/28  say");
    expect(said.at(-1)).toBe("29 of 29 webhooks acknowledged, 0 tried again");
    expect(wharf.bodies).toHaveLength(29);
  });

  it("plays it on a simulator that runs, with its files, and tells each step there", async () => {
    const wharf = await receiver();
    const box = createBox({ target_url: wharf.url, app_secret: SECRET, token: "T" });
    stops.push(() => box.stop());
    const simulator = await box.listen(0);
    const said: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
    stops.push(() => log.mockRestore());
    const dir = mkdtempSync(join(tmpdir(), "wharf-scenario-test-"));
    stops.push(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, "bill.pdf"), "%PDF-1.4 a bill");
    const document = { file: "bill.pdf", filename: "bill.pdf" };
    const steps = [
      { at: "1h", send: [{ do: "say", from: "12025550147", document }] },
      { at: 0, send: [{ do: "say", from: "12025550147", text: "My bill" }], signature: "wrong" },
    ];
    writeFileSync(join(dir, "own.json"), JSON.stringify({ steps }));
    await playCommand().parseAsync(
      [join(dir, "own.json"), "--simulator", simulator, "--token", "T", "--speed", "100000"],
      { from: "user" },
    );
    expect(said).toEqual([
      "1/2  say",
      "2/2  say",
      "1 of 2 webhooks acknowledged, 0 tried again",
      "1 failed for good or were forged",
    ]);
    const read = readWebhook(wharf.bodies[0]!);
    const [event] = read.ok ? read.events : [];
    const { id } = (event?.data.kind === "message" ? event.data.message.content : {}) as { id?: string };
    const client = createGraph({ base_url: simulator, token: () => "T" });
    stops.push(() => client.stop());
    const found = await client.findMedia(id!);
    expect(found).toMatchObject({ outcome: "done", value: { size_bytes: 15 } });
  });

  it("names the file and the place of what is wrong", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    stops.push(
      () => told.mockRestore(),
      () => void (process.exitCode = undefined),
    );
    await playCommand().parseAsync([join(projectDir, "package.json")], { from: "user" });
    expect(told.mock.calls[0]![0]).toMatch(/package\.json: the scenario has no field `name`/);
    expect(process.exitCode).toBe(1);
  });

  it("tells what was refused", () => {
    expect(
      reportLines({ webhooks: 4, acknowledged: 1, retried: 9, refused: { 0: 2, 401: 1 }, wamids: {} }),
    ).toEqual([
      "1 of 4 webhooks acknowledged, 9 tried again",
      "2 were never answered",
      "1 were answered 401",
    ]);
  });
});
