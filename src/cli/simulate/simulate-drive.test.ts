import { afterEach, describe, expect, it, vi } from "vitest";
import { createBox } from "../../simulator/simulator.ts";
import { readChange, readFate } from "./simulate-drive.ts";
import { simulateCommand } from "./simulate.ts";

const stops: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  process.exitCode = 0;
});

/** What `wharf simulate …` prints to either side, on a simulator of this test's own. */
async function open() {
  const box = createBox({ target_url: "http://127.0.0.1:9/webhooks/meta", app_secret: "s", token: "T" });
  stops.push(() => box.stop());
  const url = await box.listen(0);
  const run = async (...args: string[]) => {
    const lines: string[] = [];
    const out = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    const error = vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
    try {
      const command = simulateCommand().exitOverride();
      for (const sub of command.commands) sub.exitOverride().configureOutput({ writeErr: () => {} });
      await command.parseAsync([args[0]!, "--simulator", url, "--token", "T", ...args.slice(1)], {
        from: "user",
      });
    } finally {
      out.mockRestore();
      error.mockRestore();
    }
    return lines.join("\n");
  };
  return { box, run };
}

describe("what is written on the command line", () => {
  it.each([
    ["speed=60", { speed: 60 }],
    ["failed=0.2", { graph: { odds: { failed: 0.2 } } }],
    ["read=0.5", { graph: { odds: { read: 0.5 } } }],
    ["read=2s-5min", { graph: { timing: { read: ["2s", "5min"] } } }],
    ["sent=0-1.5", { graph: { timing: { sent: [0, 1.5] } } }],
    ["codes=131026:6+131049", { graph: { odds: { codes: { 131026: 6, 131049: 1 } } } }],
    ["management_calls_per_h=none", { graph: { management_calls_per_h: null } }],
    ["windows=on", { graph: { windows: true } }],
    ["gather=5s", { line: { gather: "5s" } }],
    ["reorder=off", { line: { reorder: false } }],
  ])("%s is a setting", (text, change) => {
    expect(readChange([text])).toEqual(change);
  });

  it("several are one change", () => {
    expect(readChange(["failed=1", "delivered=0", "repeat=2", "batch=9"])).toEqual({
      graph: { odds: { failed: 1, delivered: 0 } },
      line: { repeat: 2, batch: 9 },
    });
  });

  it.each(["speed", "speed=", "quick=1", "speed=fast", "windows=maybe", "failed=0-1"])(
    "%s is refused in a sentence",
    (text) => {
      expect(() => readChange([text])).toThrow(/no setting|no number|on or off/);
    },
  );

  it.each([
    ["lost_answer", "lost_answer"],
    ["refuse:131056", { refuse: 131056 }],
    ["fail:131026", { fail: 131026 }],
    ["go:sent,read", { go: ["sent", "read"] }],
    ["held:released", { held: "released" }],
  ])("%s is a fate", (text, fate) => {
    expect(readFate(text)).toEqual(fate);
  });
});

describe("a simulator that runs", () => {
  it("is told, and tells how it stands", async () => {
    const { box, run } = await open();
    expect(await run("set", "speed=60", "failed=0.25", "repeat=3")).toMatch(/speed 60\n.*failed 25%/);
    expect(await run("next", "lost_answer", "go:sent,read")).toBe(
      '1  "lost_answer"\n2  {"go":["sent","read"]}',
    );
    expect(await run("outage", "2h", "--of", "graph")).toMatch(/^Nothing of graph until \d{4}-/);
    expect(await run("state")).toMatch(/3 times.*\nnext {2}"lost_answer", \{"go":.*\naway {2}graph until/);
    expect(await run("outage", "0", "--of", "graph")).toBe("There is no outage of graph.");
    expect(await run("next", "none")).toBe("Chance decides about the next messages.");
    expect(await run("step", '{"burst": {"updates": 30}, "batch": 10}')).toMatch(/^so far 0 messages/);
    await expect.poll(async () => (await box.state()).count.waiting).toBeGreaterThan(0);
  });

  it("tells what a foreign client needs to take it for Meta (C)", async () => {
    const { run } = await open();
    expect(await run("state")).toMatch(
      /^graph API http:\/\/127\.0\.0\.1:\d+, token T, app 670843887433847\nnumber 106540352242922 \(\+12025550190\) of account 102290129340398\n/,
    );
  });

  it("refuses what it can't do with the place, and the command ends with 1", async () => {
    const { run } = await open();
    expect(await run("next", "soon")).toContain('write "lost_answer"');
    expect(process.exitCode).toBe(1);
    expect(await run("outage", "tomorrow")).toContain('write seconds, or for example "500ms"');
    expect(await run("step", "{")).toContain("JSON");
    expect(await run("set", "speed=0")).toContain("speed");
  });

  it("that is not there, or wants another token, is said to be so", async () => {
    const { run } = await open();
    expect(await run("state", "--token", "wrong")).toContain("does not answer, or does not take this token");
    expect(await run("state", "--simulator", "http://127.0.0.1:9")).toContain("does not answer");
  });
});
