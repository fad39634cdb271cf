import { expect, test } from "vitest";
import { sql } from "../../db/db.ts";
import { createTestSending, setToken, TOKEN } from "../../../test/support/sending.ts";
import { listPhoneNumbers } from "../number-views.ts";

const shown = async (meta: Awaited<ReturnType<typeof createTestSending>>) =>
  (await listPhoneNumbers(meta.db, meta.workspace_id))[0]!;

test("what a number may send and how people take it is asked before anything is sent", async () => {
  const meta = await createTestSending({ throughput: 1_000 });
  expect(await shown(meta)).toMatchObject({
    connected: true,
    quality: null,
    sending: { throughput_per_s: 80 },
  });
  await meta.sending.drain();
  expect(await shown(meta)).toMatchObject({
    connected: true,
    verified_name: "Wharf's simulator",
    quality: "GREEN",
    sending: { throughput_per_s: 1_000, paused: null },
  });
  const [told] = await meta.db.rows<{ name: string; data: object }>(sql`select name, data from live_events`);
  expect(told).toEqual({ name: "PhoneNumberUpdated", data: { phone_number_id: meta.number_id } });
});

test("a number without a token is shown as not connected, and nothing is asked; with one it is", async () => {
  const meta = await createTestSending();
  await setToken(meta.db, meta.box, meta.connection_id, null, meta.graph_url);
  await meta.sending.drain();
  expect(await shown(meta)).toMatchObject({ connected: false, quality: null, sending: { paused: null } });
  await setToken(meta.db, meta.box, meta.connection_id, TOKEN, meta.graph_url);
  meta.clock.moved_ms += 5_000;
  await meta.sending.drain();
  expect(await shown(meta)).toMatchObject({ connected: true, quality: "GREEN" });
});

test("a token that Meta does not know pauses the connection before anybody writes", async () => {
  const meta = await createTestSending();
  await setToken(meta.db, meta.box, meta.connection_id, "another", meta.graph_url);
  await meta.sending.drain();
  expect(await shown(meta)).toMatchObject({
    connected: true,
    sending: { paused: { code: 190, reason: "The access token expired or was revoked.", until: null } },
  });
});

test("while Meta can't be reached it is asked again soon", async () => {
  const meta = await createTestSending();
  await setToken(meta.db, meta.box, meta.connection_id, TOKEN, "http://127.0.0.1:9");
  await meta.sending.drain();
  expect(await shown(meta)).toMatchObject({ quality: null, sending: { paused: null } });
  await setToken(meta.db, meta.box, meta.connection_id, TOKEN, meta.graph_url);
  const { clock } = meta;
  clock.moved_ms += 10_000;
  await meta.sending.drain();
  expect((await shown(meta)).quality).toBeNull();
  clock.moved_ms += 10_000;
  // The client of the old address is kept for two seconds of the real clock.
  await expect
    .poll(
      async () => {
        clock.moved_ms += 15_000;
        await meta.sending.drain();
        return (await shown(meta)).quality;
      },
      { timeout: 15_000, interval: 100 },
    )
    .toBe("GREEN");
});
