import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { projectDir } from "../base/base.ts";
import { readWebhook, sliceWebhook } from "./meta.ts";

/** Whatever comes, reading it never throws, and what is read can be stored and sliced back to itself. */

const dir = join(projectDir, "test/fixtures/meta");
const bodies = readdirSync(dir)
  .filter((name) => name.endsWith(".json") && !name.includes("1000"))
  .map((name) => readFileSync(join(dir, name)));
const parsed = bodies.flatMap((body) => {
  try {
    return [JSON.parse(body.toString()) as unknown];
  } catch {
    return [];
  }
});

/** What is wrong with the reading of a body; nothing, it is hoped. */
function faultsOf(body: Buffer): string[] {
  const read = readWebhook(body);
  if (!read.ok) return read.reason.length > 0 ? [] : ["refused without a reason"];
  const faults: string[] = [];
  for (const event of read.events) {
    JSON.parse(event.payload);
    if (/\\u0000|\\u[dD][89a-fA-F]/.test(event.payload)) faults.push("a payload that PostgreSQL can't hold");
    if (event.problem !== null && event.data.kind !== "other")
      faults.push("a problem that is not of kind other");
    if (event.occurred_at_ms !== null && !(event.occurred_at_ms > 0)) faults.push("a time that is none");
  }
  const paths = read.events.map((event) => event.path);
  const sound = read.events.length > 0 && read.events.every((event) => event.problem === null);
  if (sound && !isDeepStrictEqual(readWebhook(sliceWebhook(body, paths)), read)) {
    faults.push("the slice of all items reads otherwise");
  }
  return faults;
}

test("any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(faultsOf(Buffer.from(bytes))).toEqual([]);
    }),
  );
});

test("any JSON", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(faultsOf(Buffer.from(text))).toEqual([]);
    }),
  );
});

test("a webhook of any field around any value", () => {
  const field = fc.constantFrom(
    "messages",
    "history",
    "calls",
    "flows",
    "smb_message_echoes",
    "user_preferences",
    "message_template_status_update",
    "standby",
    "new_field",
  );
  const key = fc.constantFrom(
    "messages",
    "statuses",
    "errors",
    "contacts",
    "history",
    "message_echoes",
    "state_sync",
    "metadata",
    "future",
  );
  fc.assert(
    fc.property(field, fc.dictionary(key, fc.jsonValue()), (name, value) => {
      const text = JSON.stringify({ entry: [{ id: "1", changes: [{ field: name, value }] }] });
      expect(faultsOf(Buffer.from(text))).toEqual([]);
    }),
  );
});

test("fixtures of which a part is replaced", () => {
  const junk = fc.oneof(
    fc.constant(null),
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant("\u0000\ud83d"),
    fc.constant([]),
  );
  fc.assert(
    fc.property(fc.constantFrom(...parsed), fc.nat(), junk, (fixture, seed, replacement) => {
      const copy = structuredClone({ root: fixture });
      const places = placesIn(copy);
      const [holder, key] = places[seed % places.length]!;
      holder[key] = replacement;
      expect(faultsOf(Buffer.from(JSON.stringify(copy.root)))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("fixtures of which a byte is changed, or the end is cut off", () => {
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.nat(), fc.option(fc.nat(255)), (body, seed, byte) => {
      const at = seed % body.length;
      const changed = Buffer.from(byte === null ? body.subarray(0, at) : body);
      if (byte !== null) changed[at] = byte;
      expect(faultsOf(changed)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("one broken message leaves every other as it was", () => {
  const body = readFileSync(join(dir, "batch.one-poison-among-good.synthetic.json"));
  const good = readWebhook(body);
  fc.assert(
    fc.property(fc.jsonValue(), (junk) => {
      const copy = JSON.parse(body.toString()) as {
        entry: { changes: { value: { messages: unknown[] } }[] }[];
      };
      copy.entry[0]!.changes[0]!.value.messages[1] = junk;
      const read = readWebhook(Buffer.from(JSON.stringify(copy)));
      expect(read.ok && read.events.toSpliced(1, 1)).toEqual(good.ok && good.events.toSpliced(1, 1));
    }),
  );
});

function placesIn(root: Record<string, unknown>): [Record<string, unknown>, string][] {
  return Object.keys(root).flatMap((key) => {
    const inner = root[key];
    const below =
      typeof inner === "object" && inner !== null ? placesIn(inner as Record<string, unknown>) : [];
    return [[root, key] as [Record<string, unknown>, string], ...below];
  });
}
