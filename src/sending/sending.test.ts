import { beforeAll, expect, test } from "vitest";
import { sql } from "../db/db.ts";
import { createTestSending } from "../../test/support/sending.ts";
import { cancel, retry } from "./sending.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;
let people = 0;
const person = () => meta.person(`1202555${String(1000 + people++)}`);

beforeAll(async () => {
  meta = await createTestSending();
});

test("a message is queued, sent once, and its statuses come back to it", async () => {
  const { conversation_id } = await person();
  meta.graph.next({ go: ["sent", "delivered", "read"] });
  const id = await meta.write(conversation_id, "hello");
  expect(await meta.shown(id)).toMatchObject({
    direction: "OUTBOUND",
    source: "AGENT",
    type: "text",
    text: "hello",
    content: { body: "hello" },
    wamid: null,
    status: "QUEUED",
    send: { state: "queued", reason: null, can_retry: false },
  });
  await meta.sending.settle();
  expect(await meta.shown(id)).toMatchObject({ status: "ACCEPTED", send: { state: "sent" } });
  await meta.hear();
  const [taken] = meta.taken.filter(({ callback_data }) => callback_data === id);
  expect(await meta.shown(id)).toMatchObject({
    wamid: taken!.wamid,
    status: "READ",
    send: { state: "sent", next_attempt_at: null },
    error: null,
  });
  expect(meta.taken.filter(({ callback_data }) => callback_data === id)).toHaveLength(1);
});
