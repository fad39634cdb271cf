import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { sql } from "../../db/db.ts";
import { createTestSending } from "../../../test/support/sending.ts";
import { testProgram } from "../../../test/support/test-programs.ts";

const COUNT = 200;
const KILLS = 4;

const meta = await createTestSending();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

async function spawnSending(): Promise<ChildProcess> {
  const SENDING = JSON.stringify({
    url: meta.db.url,
    key: meta.master_key.toString("base64"),
    lease_ms: 45_000,
  });
  const child = spawn(process.execPath, [testProgram("sending")], {
    env: { ...process.env, SENDING },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

test(`${COUNT} messages and kill -9 in their midst: each reaches Meta once, or is shown unconfirmed; none twice`, async () => {
  const ids: string[] = [];
  for (let i = 0; i < COUNT; i++) {
    const { conversation_id } = await meta.person(`1202556${String(1000 + i)}`);
    ids.push(await meta.write(conversation_id, `message ${i}`));
  }
  // Each is killed while it sends: at a count of chance, so that what it had claimed is in all states.
  for (let kill = 1; kill <= KILLS; kill++) {
    const child = await spawnSending();
    const exited = once(child, "exit");
    const target = meta.taken.length + 3 + Math.floor(Math.random() * 10);
    await expect
      .poll(() => meta.taken.length, { timeout: 20_000, interval: 1 })
      .toBeGreaterThanOrEqual(target);
    child.kill("SIGKILL");
    await exited;
    // Its lease expires by itself soon; the test does not wait for that.
    await meta.db.run(sql`update number_queues set leased_until = now()`);
  }
  // The next process finds leases that expired, and sends the rest.
  await meta.sending.drain();
  meta.clock.moved_ms += 60_000;
  await meta.sending.drain();
  meta.clock.moved_ms += 10 * 60_000;
  await meta.sending.drain();
  const doubtful = await states(ids);
  // Those that Meta took are told of by their statuses, answers or not.
  await meta.hear();
  const states_now = await states(ids);

  const times = new Map(ids.map((id) => [id, 0]));
  for (const { callback_data } of meta.taken) times.set(callback_data!, times.get(callback_data!)! + 1);
  expect([...times.values()].filter((count) => count > 1)).toEqual([]);
  for (const id of ids)
    expect([id, times.get(id), states_now.get(id)]).toEqual([
      id,
      times.get(id),
      times.get(id) === 1 ? "sent" : "unconfirmed",
    ]);
  const unconfirmed = [...states_now.values()].filter((state) => state === "unconfirmed").length;
  // The kills did hit something, and a claim is small: few are in doubt.
  expect([...doubtful.values()].filter((state) => state === "unconfirmed").length).toBeGreaterThan(0);
  expect(unconfirmed).toBeLessThanOrEqual(KILLS * 32);
}, 120_000);

test("a process that is stopped leaves nothing in doubt: what has begun is ended, the rest is given back", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 40; i++) {
    const { conversation_id } = await meta.person(`1202559${String(1000 + i)}`);
    ids.push(await meta.write(conversation_id, `message ${i}`));
  }
  const before = meta.taken.length;
  await meta.db.run(sql`update number_queues set leased_until = now()`);
  const stopped = meta.create();
  await stopped.step();
  await stopped.stop();
  const ends = [...(await states(ids)).values()];
  expect(new Set(ends)).toEqual(new Set(["queued", "sent"]));
  expect(ends.filter((state) => state === "sent")).toHaveLength(meta.taken.length - before);
});

async function states(ids: string[]): Promise<Map<string, string>> {
  const rows = await meta.db.rows<{ id: string; state: string }>(
    sql`select id, state from sends where id = any(${ids}::uuid[])`,
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}
