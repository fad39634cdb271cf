import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startApp } from "../src/app/app.ts";
import { readConfig, roles } from "../src/config.ts";
import type { AutomationRecipe, TestRun } from "../src/contract/automation-runs.ts";
import type { Automation, Flow } from "../src/contract/automations.ts";
import type { Reply } from "../src/contract/contract.ts";
import { createTestDatabase } from "./support/database.ts";

/** Each recipe in a fresh sandbox: what is one's own is chosen, then it is activated, and a test goes through it. */

const api_key = randomBytes(24).toString("hex");
let app: Awaited<ReturnType<typeof startApp>>;
let template: string;
let recipes: AutomationRecipe[];
const SOON = { timeout: 20_000 };

async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${app.address}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${api_key}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
}

beforeAll(async () => {
  const db = await createTestDatabase();
  const config = readConfig({
    PORT: "0",
    DATABASE_URL: db.url,
    WHARF_MASTER_KEY: randomBytes(32).toString("base64"),
    WHARF_API_KEY: api_key,
    LOG_LEVEL: "silent",
  });
  app = await startApp(config, [...roles, "simulator"]);
  await ask("PATCH", "sandbox/simulator", {
    graph: { odds: { failed: 0, read: 0 }, timing: { sent: [0.01, 0.02] } },
  });
  const { personas, numbers } = await ask<Reply<"GET /api/v1/sandbox">>("GET", "sandbox");
  const { phone_number_id } = numbers[0]!;
  await ask("POST", "sandbox/messages", { from: personas[0]!.wa_id, phone_number_id, text: "Hello" });
  // The account is known by its first webhook, and its templates are read then.
  const known = async () =>
    (await ask<Reply<"GET /api/v1/templates">>("GET", "templates")).data.find(
      ({ name, status }) => name === "hello_world" && status === "APPROVED",
    );
  await vi.waitUntil(known, SOON);
  template = (await known())!.id;
  recipes = (await ask<{ data: AutomationRecipe[] }>("GET", "automation_recipes")).data;
}, 60_000);
afterAll(() => app.stop());

let phone = 4_915_110_000_000;

/** The recipe with what a workspace has of its own: a template, a list and a segment. */
async function chosen(flow: Flow): Promise<Flow> {
  const rule = { groups: [[{ on: "consent", op: "is", states: ["UNKNOWN"] }]] };
  const nodes = await Promise.all(
    flow.nodes.map(async (node): Promise<Flow["nodes"][number]> => {
      if (node.type === "action" && node.act?.kind === "send_template")
        return { ...node, act: { ...node.act, template_id: template } };
      if (node.type !== "trigger") return node;
      if (node.trigger?.kind === "list_entered") {
        const { id } = await ask<{ id: string }>("POST", "lists", { name: `Newsletter ${phone}` });
        return { ...node, trigger: { ...node.trigger, list_id: id } };
      }
      if (node.trigger?.kind === "segment_entered") {
        const { id } = await ask<{ id: string }>("POST", "segments", { name: `Did not read ${phone}`, rule });
        return { ...node, trigger: { ...node.trigger, segment_id: id } };
      }
      return node;
    }),
  );
  return { ...flow, nodes };
}

/** Until the test rests for time or for a word of a person, or is over. */
async function resting(id: string): Promise<TestRun> {
  let now: TestRun | undefined;
  const rests = async () => {
    now = await ask<TestRun>("GET", `automation_tests/${id}`);
    return now.run.ended_at !== null || now.can.includes("skip");
  };
  await expect.poll(rests, SOON).toBe(true);
  return now!;
}

/** To the end: what the customer does at the first wait, and every wait for time skipped. */
async function gone(automation_id: string, does: object | null): Promise<string[]> {
  const { id } = await ask<TestRun>("POST", `automations/${automation_id}/test`, {
    phone: `+${phone++}`,
    payload: { order_value: 120, order_id: "4711" },
    by_steps: false,
  });
  let left = does;
  for (let i = 0; i < 10; i++) {
    const now = await resting(id);
    if (now.run.ended_at !== null) {
      const way = now.run.activity.map(({ node_id, port }) => `${node_id} ${port ?? ""}`.trim());
      return now.run.state === "COMPLETED" ? way : [...way, `${now.run.state} ${now.run.reason}`];
    }
    const at = now.flow.nodes.find((node) => node.id === now.run.node_id);
    if (left !== null && at?.type === "wait") {
      await ask("POST", `automation_tests/${id}/customer`, left);
      left = null;
      const gone_on = async () => (await ask<TestRun>("GET", `automation_tests/${id}`)).run.node_id !== at.id;
      await vi.waitUntil(gone_on, SOON);
    } else await ask("POST", `automation_tests/${id}/go_on`, { do: "skip" });
  }
  throw new Error("the test does not end");
}

test.each([
  ["welcome", null, ["trigger next", "pause next", "welcome next", "end"]],
  [
    "abandoned_checkout",
    null,
    ["trigger next", "pause next", "value yes", "vip next", "day next", "reminder next", "end"],
  ],
  ["order_updates", null, ["trigger next", "confirmed next", "next_event deadline", "end"]],
  ["re_engage", null, ["trigger next", "first next", "read deadline", "second next", "end"]],
  ["re_engage", { does: "read" }, ["trigger next", "first next", "read read", "end"]],
  [
    "ask_for_review",
    { does: "replies", text: "Good" },
    ["trigger next", "pause next", "ask next", "answer good", "thanks next", "end"],
  ],
  [
    "ask_for_review",
    { does: "replies", text: "It broke" },
    ["trigger next", "pause next", "ask next", "answer other", "hand_over next", "end"],
  ],
  ["opt_in", null, ["trigger next", "pending no", "end"]],
])(
  "%s is activated once what is one's own is chosen, and goes to its end (%o)",
  async (key, does, way) => {
    const recipe = recipes.find((each) => each.key === key)!;
    const flow = await chosen(recipe.flow);
    const { id } = await ask<Automation>("POST", "automations", { name: recipe.name, flow });
    expect(await gone(id, does)).toEqual(way);
    const active = await ask<Automation>("POST", `automations/${id}/activate`, {});
    expect([active.state, active.counts.entered]).toEqual(["ACTIVE", 0]);
    await ask("POST", `automations/${id}/deactivate`, { cancel_runs: true });
  },
  60_000,
);
