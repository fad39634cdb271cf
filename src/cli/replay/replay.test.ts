import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectDir } from "../../base/base.ts";
import { readWebhook, verifySignature } from "../../meta/meta.ts";
import { payloadFiles } from "./payload-files.ts";
import { replay, replayCommand, summaryLines } from "./replay.ts";
import { readMix, resultLines, simulateCommand } from "../simulate/simulate.ts";
import { runLoad } from "../../simulator/simulator.ts";

const SECRET = "replayed";

/** Answers as intake does: 401 for a wrong signature, else what the test says. */
let server: Server;
let url: string;
let received: { path: string; body: Buffer }[];
let answers: number[];
let dir: string;

beforeEach(async () => {
  received = [];
  answers = [];
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      if (req.method === "GET") return res.end("ok");
      const body = Buffer.concat(chunks);
      const signature = req.headers["x-hub-signature-256"] as string | undefined;
      if (!verifySignature(body, signature, [SECRET])) return res.writeHead(401).end();
      const status = answers.shift() ?? 200;
      if (status === 200) received.push({ path: req.url!, body });
      return res.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  dir = await mkdtemp(join(tmpdir(), "wharf-replay-test-"));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

const options = () => ({ url, secret: SECRET, concurrency: 4, repeat: 1 });

describe("wharf replay", () => {
  test("posts every fixture once, signed, byte for byte", async () => {
    const path = join(projectDir, "test/fixtures/meta");
    const files = await payloadFiles([path]);
    const summary = await replay([path], options());
    expect(summary.posted).toBe(files.length);
    expect([...summary.by_status]).toEqual([[200, files.length]]);
    expect(received.reduce((sum, { body }) => sum + body.length, 0)).toBe(
      files.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    expect(new Set(received.map((webhook) => webhook.path))).toEqual(new Set(["/webhooks/meta"]));
  });

  test("reads folders to their depth, a webhook a line of .ndjson, and repeats in rounds", async () => {
    await mkdir(join(dir, "inner"));
    await writeFile(join(dir, "a.json"), '{"n": 1}\n');
    await writeFile(join(dir, "notes.txt"), "not this");
    await writeFile(join(dir, "inner/b.ndjson"), '{"n":2}\r\n\n{"n":3}\n{"n":4}');
    const progress: number[] = [];
    await replay([dir], {
      ...options(),
      concurrency: 1,
      repeat: 2,
      onProgress: (bytes, total) => progress.push(bytes / total),
    });
    const round = ['{"n": 1}\n', '{"n":2}', '{"n":3}', '{"n":4}'];
    expect(received.map(({ body }) => body.toString())).toEqual([...round, ...round]);
    expect(progress).toHaveLength(8);
    expect(progress.at(-1)).toBeGreaterThan(0.95);
  });

  test("posts to the named connection, and to a path that is given whole", async () => {
    await writeFile(join(dir, "a.json"), "{}");
    await replay([dir], { ...options(), connection: "c1" });
    await replay([dir], { ...options(), url: `${url}/webhooks/meta/c2` });
    expect(received.map(({ path }) => path)).toEqual(["/webhooks/meta/c1", "/webhooks/meta/c2"]);
  });

  test("tries again while Wharf puts it off", async () => {
    await writeFile(join(dir, "a.json"), "{}");
    answers = [503, 200];
    const summary = await replay([dir], options());
    expect([...summary.by_status]).toEqual([[200, 1]]);
  });

  test("says which were refused, and why", async () => {
    await writeFile(join(dir, "a.json"), "{}");
    const summary = await replay([dir], { ...options(), secret: "another" });
    const lines = summaryLines(summary);
    expect(lines[0]).toMatch(/^1 webhook in \d+\.\d s/);
    expect(lines[1]).toContain("1  refused: not signed with this connection's app secret (401)");
    expect(lines[2]).toContain("a.json: 401");
  });

  test("says what to do when nothing answers, when there are no files, and when a path is not there", async () => {
    await writeFile(join(dir, "a.json"), "{}");
    await expect(replay([dir], { ...options(), url: "http://127.0.0.1:1" })).rejects.toThrow(
      /Nothing answers at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)\. Start Wharf/,
    );
    await expect(replay([dir], { ...options(), url: "wharf" })).rejects.toThrow("wharf is no URL");
    await mkdir(join(dir, "empty"));
    await expect(replay([join(dir, "empty")], options())).rejects.toThrow("no .json or .ndjson files");
    await expect(replay([join(dir, "nowhere")], options())).rejects.toThrow("nowhere");
  });

  test("is a command with its defaults", async () => {
    const command = replayCommand();
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    await expect(
      command.parseAsync([dir, "--secret", "x", "--concurrency", "0"], { from: "user" }),
    ).rejects.toThrow("Write a whole number above 0.");
    expect(command.helpInformation()).toContain("META_APP_SECRET");
  });
});

function eventsOf(body: Buffer) {
  const read = readWebhook(body);
  return read.ok ? read.events : [];
}

describe("wharf simulate", () => {
  test("posts what is due, and counts what was acknowledged and how fast", async () => {
    answers = [503];
    const ticks: number[] = [];
    const result = await runLoad({
      target_url: `${url}/webhooks/meta`,
      app_secret: SECRET,
      rate: 1_000,
      seconds: 0.1,
      batch: 5,
      retry: { base_ms: 1, cap_ms: 1 },
      onTick: (sent) => ticks.push(sent),
    });
    expect(result).toMatchObject({
      sent: 100,
      acknowledged: 100,
      by_status: { 200: 100, 503: 1 },
      refused: 1,
      retried: 1,
      withheld: 0,
    });
    expect(received).toHaveLength(100);
    expect(new Set(result.wamids).size).toBe(
      received.flatMap(({ body }) => eventsOf(body)).filter(({ data }) => data.kind === "message").length,
    );
    expect(result.elapsed_ms).toBeGreaterThanOrEqual(99);
    expect(result.latency_ms.p50).toBeGreaterThan(0);
    expect(result.latency_ms.max).toBeGreaterThanOrEqual(result.latency_ms.p999);
    expect(ticks.at(-1)).toBe(100);
    expect(resultLines(result).join("\n")).toMatch(
      /^100 of 100 acknowledged.*\np50 .*\nwithin.*\n1 refused, 1 retried\n1 were answered 503$/,
    );
  });

  test("what is never acknowledged is given up after its tries, and told", async () => {
    answers = [500, 500, 500];
    const result = await runLoad({
      target_url: `${url}/webhooks/meta`,
      app_secret: SECRET,
      rate: 1_000,
      seconds: 0.001,
      tries: 3,
      retry: { base_ms: 1, cap_ms: 1 },
    });
    expect(result).toMatchObject({ sent: 1, acknowledged: 0, refused: 3, retried: 2, wamids: [] });
  });

  test("each update is new, in the proportion of the mix", async () => {
    await runLoad({
      target_url: `${url}/webhooks/meta`,
      app_secret: SECRET,
      rate: 1_000,
      seconds: 0.05,
      batch: 40,
      mix: { statuses: 3, messages: 1 },
    });
    const events = received.flatMap(({ body }) => eventsOf(body));
    expect(events).toHaveLength(2_000);
    expect(new Set(events.map((event) => event.key)).size).toBe(2_000);
    const messages = events.filter(({ data }) => data.kind === "message").length;
    expect(messages).toBeGreaterThan(400);
    expect(messages).toBeLessThan(600);
  });

  test("a mix is named parts with weights", () => {
    expect(readMix("messages=1,statuses=3")).toEqual({ statuses: 3, messages: 1 });
    expect(readMix("statuses:3,messages")).toEqual({ statuses: 3, messages: 1 });
    expect(() => readMix("calls:1")).toThrow("calls:1 is no part of a mix");
    expect(simulateCommand().helpInformation()).toContain("--rate <n>");
  });
});
