import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { templateEvent } from "../../test/support/template-events.ts";
import { sql, type Database } from "../db/db.ts";
import { listNotices } from "../notices/notices.ts";
import { createApplyTemplates, groupUse, type TemplateUse } from "./templates.ts";

let db: Database;
let workspace_id: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  ({ workspace_id } = await createTestWorkspace(db));
});

/** As another module would add itself. */
const campaigns: TemplateUse = {
  kind: "campaigns",
  count: () => Promise.resolve({ count: 2, more: false, people: 300, names: [] }),
  says: (count) => `${count} campaigns`,
};
const apply = createApplyTemplates({ uses: [campaigns, groupUse] });
const status = (event: string, at_s: number, recommendation: string | null = null) =>
  templateEvent(
    workspace_id,
    {
      kind: "template_status",
      template: { template_id: "77", name: "offer", language: "he" },
      event,
      reason: null,
      reason_details: event === "REJECTED" ? "It has no samples." : null,
      recommendation,
      pause: null,
      disable_date: null,
      category: null,
    },
    at_s,
    "1",
  );
const tell = (...events: ReturnType<typeof status>[]) => db.transaction((tx) => apply(tx, events));
const notices = async () =>
  (await listNotices(db, workspace_id, { state: "all", limit: 10 })).data.map(
    ({ title, detail, severity, resolved }) => ({ title, detail, severity, resolved }),
  );

test("a template that can't be sent any more is one notice, with what that touches, until it is approved again", async () => {
  await tell(status("APPROVED", 1));
  expect(await notices()).toEqual([]);
  await tell(status("PAUSED", 2));
  const paused = {
    title: "Meta paused the template “offer” (Hebrew).",
    severity: "warning",
    resolved: false,
  };
  expect(await notices()).toEqual([{ ...paused, detail: "It touches 2 campaigns." }]);
  await tell(status("REJECTED", 3, "Add some."));
  expect(await notices()).toEqual([
    {
      title: "Meta rejected the template “offer” (Hebrew).",
      detail: "It has no samples. Add some. It touches 2 campaigns.",
      severity: "warning",
      resolved: false,
    },
  ]);
  await tell(status("APPROVED", 4));
  expect(await notices()).toMatchObject([{ resolved: true, detail: null }]);
  await tell(status("DISABLED", 5));
  expect(await notices()).toMatchObject([{ resolved: false, severity: "critical" }]);
});

test.each([[["APPROVED", "PAUSED"]], [["PAUSED", "APPROVED"]]])(
  "in one second the one that forbids more stands, also as a notice: %j",
  async (order) => {
    await tell(status("PENDING", 1));
    for (const event of order) await tell(status(event, 2));
    expect(await db.first(sql`select status from templates where workspace_id = ${workspace_id}`)).toEqual({
      status: "PAUSED",
    });
    expect(await notices()).toMatchObject([{ resolved: false }]);
  },
);
