import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectDir } from "../base/base.ts";
import type { EventData, MessageContent, MetaEvent, Person } from "./events.ts";
import { readWebhook, sliceWebhook, SUBSCRIPTION_OF_KIND } from "./meta.ts";

/**
 * Every payload we know of, and what we read in it. `EXPECTED.txt` is the table: a file, then a line an event.
 * It is written by hand or pasted from a failing test after it was read; nothing writes it by itself.
 */
const dir = join(projectDir, "test/fixtures/meta");
const fixtures = readdirSync(dir).filter((name) => name.endsWith(".json"));

const expected = new Map<string, string>();
for (const block of readFileSync(join(dir, "EXPECTED.txt"), "utf8").split(/\n(?=\S)/)) {
  const [name, ...lines] = block.trimEnd().split("\n");
  if (name && !name.startsWith("#")) expected.set(name, lines.map((line) => line.trim()).join("\n"));
}

describe("what is read in each fixture", () => {
  test.each(fixtures)("%s", (name) => {
    expect(summaryOf(readFileSync(join(dir, name)))).toBe(expected.get(name));
  });

  test("the table names no fixture that is not there", () => {
    expect([...expected.keys()].filter((name) => !fixtures.includes(name))).toEqual([]);
  });

  test("only the fixtures that say so are malformed as a whole, each with a reason", () => {
    for (const name of fixtures) {
      const read = readWebhook(readFileSync(join(dir, name)));
      const verdict = read.ok ? "read" : "malformed";
      expect([name, verdict]).toEqual([name, name.startsWith("malformed.") ? "malformed" : "read"]);
      expect(read.ok ? "A reason." : read.reason).toMatch(/^[A-Z"e].{5,}\.$/);
    }
  });

  test("a kind that is one subscription's is always that one's", () => {
    for (const name of fixtures) {
      const read = readWebhook(readFileSync(join(dir, name)));
      for (const { data, subscription } of read.ok ? read.events : [])
        expect([name, data.kind, SUBSCRIPTION_OF_KIND[data.kind] ?? subscription]).toEqual([
          name,
          data.kind,
          subscription,
        ]);
    }
  });

  test("a webhook sliced to all of its items reads the same, and so does each item alone", () => {
    for (const name of fixtures) {
      const body = readFileSync(join(dir, name));
      const read = readWebhook(body);
      if (!read.ok || read.events.length === 0) continue;
      const whole = sliceWebhook(
        body,
        read.events.map((event) => event.path),
      );
      expect(readWebhook(whole)).toEqual(read);
      for (const event of read.events.slice(0, 5)) {
        const alone = readWebhook(sliceWebhook(body, [event.path]));
        expect(alone.ok && alone.events.map(({ key, payload }) => ({ key, payload }))).toContainEqual({
          key: event.key,
          payload: event.payload,
        });
      }
    }
  });
});

function summaryOf(body: Buffer): string {
  const read = readWebhook(body);
  if (!read.ok) return `malformed: ${read.reason}`;
  const lines = read.events.map(lineOf);
  // Of a great batch the ends are enough.
  if (lines.length > 20) lines.splice(2, lines.length - 4, `… ${lines.length - 4} more`);
  return [...(read.note === null ? [] : [`nothing to do: ${read.note}`]), ...lines].join("\n");
}

/** subscription kind | who and what | when | account/number | key */
function lineOf(event: MetaEvent): string {
  const { data, occurred_at_ms, waba_id, phone_number_id, display_phone_number } = event;
  const when =
    occurred_at_ms === null ? "no time" : new Date(occurred_at_ms).toISOString().replace(".000Z", "Z");
  const where = [waba_id, phone_number_id, display_phone_number].map((id) => id ?? "-").join("/");
  const what = event.problem === null ? whatOf(data) : `PROBLEM ${event.problem}`;
  return `${event.subscription} ${data.kind} | ${what} | ${when} | ${where} | ${event.key}`;
}

function whatOf(data: EventData): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (name === "kind" || value === null) continue;
    if (name === "wamid" && typeof value === "string" && value.startsWith("wamid.")) continue;
    if (name === "from" || name === "to" || name === "person" || name === "recipient") {
      parts.push(`${name} ${who(value as Person)}`);
    } else if (name === "message") parts.push(contentOf(value as MessageContent));
    else if (name === "moved") {
      const { from, to } = value as { from: Person; to: Person };
      parts.push(`moved from ${who(from)} to ${who(to)}`);
    } else if (!Array.isArray(value) || value.length > 0) {
      parts.push(`${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
    }
  }
  return parts.join(", ");
}

function who({ wa_id, user_id, parent_user_id, profile_name, username }: Person): string {
  const ids = [wa_id, user_id, parent_user_id].filter((id) => id !== null).join("+");
  return [ids || "no one", profile_name && `"${profile_name}"`, username && `@${username}`]
    .filter(Boolean)
    .join(" ");
}

function contentOf({ type, text, content, reply, context_wamid }: MessageContent): string {
  const shown = text !== null && text.length > 200 ? `${text.slice(0, 20)}… (${text.length})` : text;
  const rest =
    type === "text"
      ? Object.fromEntries(Object.entries(content).filter(([name]) => name !== "body"))
      : content;
  return [
    shown === null ? type : `${type} ${JSON.stringify(shown)}`,
    Object.keys(rest).length > 0 && JSON.stringify(rest),
    reply && `tapped ${reply.kind} ${JSON.stringify(reply.payload)} ${JSON.stringify(reply.title)}`,
    context_wamid && `answers ${context_wamid}`,
  ]
    .filter(Boolean)
    .join(" ");
}
