import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import type { GivenNode } from "../../test/support/flows.ts";
import { createScene } from "../../test/support/imports.ts";
import { addField } from "../audience/audience.ts";
import { newId, silentLog } from "../base/base.ts";
import { addToBlacklist, changeConsent, removeFromBlacklist } from "../consent/consent.ts";
import { sql } from "../db/db.ts";
import { createImporter } from "../imports/imports.ts";
import { createFileStore } from "../media/media.ts";

/** What people, programs and files do to contacts, beside what Meta tells: it wakes runs and starts them. */

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
let serial = 0;
beforeAll(async () => {
  meta = await createTestAutomations();
});

async function started(nodes: GivenNode[], edges: string[], settings = {}) {
  const name = `go ${serial++}`;
  await meta.automation(
    [{ id: "t", type: "trigger", trigger: { kind: "api_event", name } }, ...nodes],
    edges,
    settings,
  );
  const { contacts } = await meta.people(1, newId(), serial);
  const [row] = await meta.db.rows<{ value: string }>(
    sql`select value from contact_identities where contact_id = ${contacts[0]!} and kind = 'wa_id'`,
  );
  await meta.event(contacts[0]!, name);
  await meta.work();
  return { id: contacts[0]!, phone: `+${row!.value}` };
}
const delay: GivenNode = { id: "d", type: "delay", until: { kind: "duration", minutes: 600 } };
const asks = (states: string[]): GivenNode => ({
  id: "c",
  type: "condition",
  test: {
    join: "all",
    items: [{ is: "contact", condition: { on: "consent", op: "is", states } }],
  },
  wait_min: 600,
});
/** As the API does it. */
const told = async (tx: Parameters<typeof meta.happened>[0], workspace_id: string, ids: readonly string[]) =>
  meta.happened(
    tx,
    ids.map((contact_id) => ({
      workspace_id,
      contact_id,
      at: new Date(meta.clock.now()),
      kind: "consent_changed" as const,
    })),
  );
const AGENT = { user_id: null };

test("consent that an agent or a program changes wakes who waits for it, and who leaves by it", async () => {
  const { db, workspace_id } = meta;
  const opted_out = { exit_rules: [{ kind: "opted_out" }] };
  const [leaves, listed, waits, off] = [
    await started([delay], ["t.next > d"], opted_out),
    await started([delay], ["t.next > d"], opted_out),
    await started([asks(["SUBSCRIBED"])], ["t.next > c"]),
    await started([asks(["UNKNOWN"])], ["t.next > c"]),
  ];
  expect(await meta.runs(off.id)).toEqual(["COMPLETED"]);
  const change = (id: string, state: "SUBSCRIBED" | "UNSUBSCRIBED") =>
    changeConsent(db, workspace_id, id, { state, reason: "Said so" }, AGENT, told);
  await change(leaves.id, "UNSUBSCRIBED");
  await addToBlacklist(db, workspace_id, { phone: listed.phone, reason: "Wrote an email" }, AGENT, told);
  await change(waits.id, "SUBSCRIBED");
  await meta.work();
  expect([await meta.runs(leaves.id), await meta.runs(listed.id), await meta.runs(waits.id)]).toEqual([
    ["EXITED opted_out"],
    ["EXITED opted_out"],
    ["COMPLETED"],
  ]);
  const again = await started([asks(["SUBSCRIBED"])], ["t.next > c"]);
  await change(again.id, "UNSUBSCRIBED");
  await meta.automation(
    [{ id: "t", type: "trigger", trigger: { kind: "api_event", name: "off" } }, asks(["UNKNOWN"])],
    ["t.next > c"],
  );
  await meta.event(again.id, "off");
  await meta.work();
  await removeFromBlacklist(db, workspace_id, again.id, "Asked for it", AGENT, told);
  await meta.work();
  expect(await meta.runs(again.id)).toEqual(["ACTIVE", "COMPLETED"]);
});

test("a file that changes a field starts and wakes; one that says the same again does not", async () => {
  const { db, clock, workspace_id } = meta;
  const dir = await mkdtemp(join(tmpdir(), "wharf-told-"));
  const files = createFileStore({ dir });
  afterAll(async () => {
    await files.stop();
    await rm(dir, { recursive: true, force: true });
  });
  const scene = createScene({ db, dir, files, clock });
  const { id: field_id } = await addField(db, workspace_id, { name: "Level", kind: "text", choices: [] });
  const is_gold = { on: "field", field_id, test: { op: "is", value: "gold" } };
  const automation = await meta.automation(
    [{ id: "t", type: "trigger", trigger: { kind: "field_changed", field_id, to: "gold" } }],
    [],
  );
  const asksGold: GivenNode = {
    id: "c",
    type: "condition",
    test: { join: "all", items: [{ is: "contact", condition: is_gold }] },
    wait_min: 600,
  };
  const waits = await started([asksGold], ["t.next > c"]);
  const leaves = await started([delay], ["t.next > d"], { exit_rules: [{ kind: "opted_out" }] });
  const importer = createImporter({ db, files, clock, log: silentLog, happened: meta.happened });
  const take = async (level: string) => {
    const rows = `${waits.phone},${level},\n${leaves.phone},${level},unsubscribed\n`;
    const { id } = await scene.draft(workspace_id, `phone,level,consent\n${rows}`, {
      mapping: [{ to: "phone" }, { to: "field", field_id }, { to: "consent_state" }],
      policy: "overwrite",
      consent: { state: null, date: "2026-11-01", source: "A form", agreed: true },
    });
    await scene.start(workspace_id, id);
    while ((await importer.step()) > 0);
    await meta.work();
  };
  const began = async () =>
    (await db.rows(sql`select from automation_runs where automation_id = ${automation}`)).length;
  await take("silver");
  expect([await began(), (await meta.runs(waits.id)).at(0)]).toEqual([0, "ACTIVE"]);
  expect((await meta.runs(leaves.id)).at(0)).toBe("EXITED opted_out");
  await take("gold");
  expect([await began(), (await meta.runs(waits.id)).at(0)]).toEqual([2, "COMPLETED"]);
  await take("gold");
  expect(await began()).toBe(2);
  await importer.stop();
});
