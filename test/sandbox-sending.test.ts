import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { startApp } from "../src/app/app.ts";
import { readConfig, roles } from "../src/config.ts";
import type { Reply } from "../src/contract/contract.ts";
import { createTestDatabase } from "./support/database.ts";

test("without credentials a message goes out to the simulator, and its statuses come back by themselves", async () => {
  const db = await createTestDatabase();
  const api_key = randomBytes(24).toString("hex");
  const config = readConfig({
    PORT: "0",
    DATABASE_URL: db.url,
    WHARF_MASTER_KEY: randomBytes(32).toString("base64"),
    WHARF_API_KEY: api_key,
    LOG_LEVEL: "silent",
  });
  const app = await startApp(config, [...roles, "simulator"]);
  const ask = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(app.address + path, {
      method,
      headers: { authorization: `Bearer ${api_key}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await response.json()) as Answer;
  };
  try {
    await ask("PATCH", "/api/v1/sandbox/simulator", { graph: { odds: { failed: 0 } } });
    const { personas, numbers } = await ask<Reply<"GET /api/v1/sandbox">>("GET", "/api/v1/sandbox");
    const { phone_number_id } = numbers[0]!;
    const said = { from: personas[0]!.wa_id, phone_number_id, text: "Is the blue one left?" };
    await ask("POST", "/api/v1/sandbox/messages", said);
    const threads = async () =>
      (await ask<Reply<"GET /api/v1/conversations">>("GET", "/api/v1/conversations")).data;
    await expect.poll(threads, { timeout: 20_000 }).toHaveLength(1);
    const path = `/api/v1/conversations/${(await threads())[0]!.id}/messages`;
    type Message = Reply<"POST /api/v1/conversations/:id/messages">;
    const written = await ask<Message>("POST", path, { content: { type: "text", body: "Yes, two." } });
    expect(written).toMatchObject({ status: "QUEUED", send: { state: "queued" } });
    const message = async () =>
      (await ask<{ data: Message[] }>("GET", path)).data.find(({ id }) => id === written.id)!;
    await expect
      .poll(async () => (await message()).status, { timeout: 20_000 })
      .not.toMatch(/QUEUED|ACCEPTED/);
    expect(await message()).toMatchObject({
      send: { state: "sent" },
      wamid: expect.stringMatching(/^wamid\./),
    });

    // The account is known by now, so its templates are read; one goes to a contact who never wrote.
    const names = async () => {
      const { data } = await ask<Reply<"GET /api/v1/templates">>("GET", "/api/v1/templates");
      return data.map(({ name }) => name);
    };
    await expect.poll(names, { timeout: 20_000 }).toContain("order_update");
    const [from] = (await ask<Reply<"GET /api/v1/phone_numbers">>("GET", "/api/v1/phone_numbers")).data;
    const body = ["Ada", "4821"].map((text) => ({ type: "text", text }));
    const content = { type: "template", name: "order_update", language: "en_US", body };
    const first = await ask<Message>("POST", "/api/v1/messages", {
      from: from!.id,
      to: "+12025550199",
      content,
    });
    const thread = `/api/v1/conversations/${first.conversation_id}/messages`;
    const state = async () => (await ask<{ data: Message[] }>("GET", thread)).data[0]?.send?.state;
    await expect.poll(state, { timeout: 20_000 }).toBe("sent");
  } finally {
    await app.stop();
  }
}, 60_000);
