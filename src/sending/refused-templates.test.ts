import { expect, test } from "vitest";
import { createTestTemplates } from "../../test/support/templates.ts";
import { sql } from "../db/db.ts";

const HOUR_MS = 3_600_000;
const meta = await createTestTemplates();
let people = 0;

/** A template that Wharf has from Meta's list, and that Meta then refuses with this code. */
async function refuse(code: number) {
  const name = `refused_${code}_${people}`;
  const template_id = await meta.make(name);
  await meta.graph.drain();
  await read();
  const { conversation_id, contact_id } = await meta.person(`1202555${2_000 + people++}`);
  const send = async () => {
    await meta.write(conversation_id, { type: "template", name, language: "en_US" });
    await meta.sending.drain();
  };
  meta.graph.next({ refuse: code });
  await send();
  await expect(send()).rejects.toMatchObject({ code: "TEMPLATE_BLOCKED" });
  return { name, template_id, contact_id, send };
}

/** An hour later the list is read again. */
async function read(): Promise<void> {
  meta.clock.moved_ms += 1.5 * HOUR_MS;
  while ((await meta.sync.step()) > 0);
}

test.each([132001, 132015, 132016])(
  "what Meta refuses for its state (%i) may be sent as soon as Meta lists it as approved",
  async (code) => {
    const { send } = await refuse(code);
    await read();
    await expect(send()).resolves.toBeUndefined();
  },
);

test("what Meta refuses for what is in it stays blocked, listed as approved or not, until it says something else", async () => {
  const { template_id, send } = await refuse(132007);
  await read();
  await read();
  await expect(send()).rejects.toMatchObject({ code: "TEMPLATE_BLOCKED" });
  await meta.edit(template_id, "Something else");
  await meta.graph.drain();
  await read();
  await send();
});

test("a template that was deleted and made anew counts as it is now", async () => {
  const { name, contact_id, send } = await refuse(132016);
  await meta.db.run(sql`update contacts set marketing_state = 'UNSUBSCRIBED' where id = ${contact_id}`);
  await meta.remove(name);
  await read();
  await meta.db.run(sql`update templates set category = 'MARKETING' where name = ${name}`);
  await meta.make(name, "A new one");
  await meta.graph.drain();
  await read();
  // The old one was marketing, which the person does not want; the new one is none.
  await expect(send()).resolves.toBeUndefined();
});
