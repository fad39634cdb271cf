import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { clearInbox, createTestNumber, readInbox } from "../../test/support/inbox.ts";
import { idOf, newId, projectDir } from "../base/base.ts";
import { readWebhook } from "../meta/meta.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { applyInbox } from "./inbox.ts";

const fixtures = join(projectDir, "test/fixtures/meta");

async function readFixtures(workspace_id: string, number: string): Promise<RoutedEvent[]> {
  const events = new Map<string, RoutedEvent>();
  for (const name of (await readdir(fixtures)).filter((file) => file.endsWith(".json")).toSorted()) {
    const webhook = readWebhook(await readFile(join(fixtures, name)));
    if (!webhook.ok) continue;
    for (const event of webhook.events) {
      const id = idOf(`${workspace_id}:${event.key}`);
      // As the pipeline does: a key counts once.
      if (events.has(id)) continue;
      events.set(id, {
        workspace_id,
        id,
        phone_number: event.phone_number_id === null ? null : number,
        journal_id: newId(),
        received_at: new Date(0),
        occurred_at: new Date(event.occurred_at_ms ?? 0),
        event,
      });
    }
  }
  return [...events.values()];
}

describe("Meta's payloads", () => {
  it("each fixture is applied; all at once, in reverse or in batches, the rows are the same", async () => {
    const db = await createTestDatabase();
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const number = await createTestNumber(db, workspace_id, connection_id);
    const events = await readFixtures(workspace_id, number);
    expect(events.length).toBeGreaterThan(200);
    const apply = (batch: RoutedEvent[]) => db.transaction((tx) => applyInbox(tx, batch));

    const { ignored } = await apply(events);
    const expected = await readInbox(db, workspace_id);
    expect(expected["messages"]!.length).toBeGreaterThan(50);
    // Every person who wrote has a contact: what is ignored has its reason, and none is for want of an identity.
    expect(ignored.filter(({ reason }) => reason.includes("who it is about"))).toEqual([]);

    for (const [order, size] of [
      [events.toReversed(), 25],
      [events, 60],
    ] as const) {
      await clearInbox(db, workspace_id);
      for (let i = 0; i < order.length; i += size) await apply(order.slice(i, i + size));
      expect(await readInbox(db, workspace_id)).toEqual(expected);
    }
  }, 60_000);
});
