import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { projectDir } from "../base/base.ts";
import { createGraph, readWebhook, verifySignature } from "../meta/meta.ts";
import { createGraphStandIn, createSimulator, NUMBERS } from "../simulator/simulator.ts";
import { checkGraph, type GraphSettings } from "./check-graph.ts";
import { graphCommand, startGraph } from "./simulate-graph.ts";
import { simulateCommand } from "./simulate.ts";

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
      if (verifySignature(body, req.headers["x-hub-signature-256"] as string, [SECRET])) bodies.push(body);
      res.end();
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
      graph_version: "v26.0",
      access_token: "TOKEN",
      app_secret: SECRET,
      ...wrong,
    };
    return { standIn, graph_url, check: () => checkGraph(settings, now_ms) };
  }

  it("finds the app, its accounts and their numbers", async () => {
    const { check, graph_url } = await ask();
    expect(await check()).toEqual([
      { state: "ok", subject: "Meta", text: `app Hub (670843887433847), Graph API v26.0 at ${graph_url}` },
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
      [{ state: "problem", text: /META_ACCESS_TOKEN can't be checked: The access token expired/ }].map(
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
    expect((await check())[1]).toMatchObject({
      state: "note",
      text: expect.stringContaining("to https://elsewhere.example/;") as string,
    });
    await graph.unsubscribe(NUMBER.waba_id);
    expect((await check())[1]).toMatchObject({
      state: "problem",
      text: expect.stringContaining("does not send its webhooks to this app") as string,
    });
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
    await graph.settle();
    const kinds = wharf.bodies.flatMap((body) => {
      const read = readWebhook(body);
      return read.ok ? read.events.map(({ data }) => (data.kind === "status" ? data.status : data.kind)) : [];
    });
    expect(kinds).toEqual(["sent", "delivered"]);
  });

  it("has the options that docs/simulator.md tells, with their defaults", () => {
    const page = readFileSync(join(projectDir, "docs/simulator.md"), "utf8");
    const told = [...page.matchAll(/^\| `(--[^`]+)` +\| ([^|]*?) +\|/gm)].map(([, flags, value]) => ({
      flags,
      value,
    }));
    const options = graphCommand().options.map(({ flags, defaultValue }) => ({
      flags,
      value: defaultValue as unknown,
    }));
    expect(told.map(({ flags }) => flags)).toEqual(options.map(({ flags }) => flags));
    const plain = (value: unknown) => typeof value === "number" || typeof value === "string";
    expect(told.filter((_, at) => plain(options[at]!.value)).map(({ value }) => value)).toEqual(
      options.filter(({ value }) => plain(value)).map(({ value }) => String(value)),
    );
  });

  it("has its own --url and --seed, beside those of the load", () => {
    const command = simulateCommand();
    const graph = command.commands[0]!;
    graph.action(() => undefined);
    command.parse(["graph", "--url", "http://x.example", "--seed", "7"], { from: "user" });
    expect(graph.opts()).toMatchObject({ url: "http://x.example", seed: 7 });
    expect(command.opts()).not.toHaveProperty("url");
  });

  it.each([
    ["--failed", "2"],
    ["--read", "x"],
    ["--port", "70000"],
    ["--speed", "0"],
  ])("refuses %s %s", (name, value) => {
    const command = graphCommand()
      .configureOutput({ writeErr: () => undefined })
      .exitOverride();
    expect(() => command.parse([name, value], { from: "user" })).toThrow(/invalid/);
  });
});
