import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { startApp } from "../src/app.ts";
import { readConfig, roles } from "../src/config.ts";
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
  const app = await startApp(config, [...roles]);
  const ask = async (method: string, path: string, body?: object): Promise<any> => {
    const response = await fetch(app.address + path, {
      method,
      headers: { authorization: `Bearer ${api_key}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.json();
  };
  try {
    const { personas, numbers } = await ask("GET", "/api/v1/sandbox");
    const from = personas[0].wa_id as string;
    const { phone_number_id } = numbers[0];
    await ask("POST", "/api/v1/sandbox/messages", { from, phone_number_id, text: "Is the blue one left?" });
    const conversation = await expect
      .poll(async () => (await ask("GET", "/api/v1/conversations")).data[0], { timeout: 20_000 })
      .toBeTruthy()
      .then(async () => (await ask("GET", "/api/v1/conversations")).data[0]);
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    const written = await ask("POST", path, { content: { type: "text", body: "Yes, two." } });
    expect(written).toMatchObject({ status: "QUEUED", send: { state: "queued" } });
    const message = async () =>
      (await ask("GET", path)).data.find((row: { id: string }) => row.id === written.id);
    await expect
      .poll(async () => (await message()).status, { timeout: 20_000 })
      .not.toMatch(/QUEUED|ACCEPTED/);
    expect(await message()).toMatchObject({
      send: { state: "sent" },
      wamid: expect.stringMatching(/^wamid\./),
    });
  } finally {
    await app.stop();
  }
}, 60_000);
