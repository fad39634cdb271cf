import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { openMail } from "../app/mail.ts";
import { newId, silentLog } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { createMailer, recordNotices, savePreferences, type Mailer, type NewNotice } from "./notices.ts";

/** What the mail server took. */
const mails: { from: string; to: string[]; data: string }[] = [];
let refuses = false;
const server = new SMTPServer({
  authMethods: ["PLAIN", "LOGIN"],
  disabledCommands: ["STARTTLS"],
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _session, done) =>
    username === "wharf" && password === "let me in" ? done(null, { user: username }) : done(new Error("no")),
  onData(stream, { envelope }, done) {
    const take = async () => {
      const data = await textOf(stream);
      if (refuses) return new Error("4.3.2 The system is overloaded");
      const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      // Long lines are folded on the way.
      mails.push({ from, to, data: data.replaceAll("=\r\n", "") });
      return undefined;
    };
    const answer = async () => done(await take());
    void answer();
  },
});

let db: Database;
let now_ms = Date.parse("2026-12-01T10:00:00Z");
let mailer: Mailer;
let workspace_id: string;
const ids = { ada: newId(), bo: newId() };
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  db = await createTestDatabase();
  const mail = openMail({
    host: "127.0.0.1",
    port,
    tls: "none",
    user: "wharf",
    password: "let me in",
    from: "Wharf <wharf@example.com>",
  })!;
  stops.push(
    () => new Promise<void>((resolve) => server.close(resolve)),
    () => mail.stop(),
  );
  const clock = { now: () => now_ms };
  mailer = createMailer({
    db,
    clock,
    log: silentLog,
    send: mail.send,
    public_url: "https://wharf.example.com",
  });
});
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

beforeEach(async () => {
  mails.length = 0;
  refuses = false;
  await db.run(
    sql`truncate notice_mails, notice_mail_times, notice_preferences, notices, members, users cascade`,
  );
  ({ workspace_id } = await createTestWorkspace(db));
  for (const [name, role] of [
    ["ada", "owner"],
    ["bo", "support_agent"],
  ] as const) {
    await db.run(
      sql`insert into users (id, name, email) values (${ids[name]}, ${name}, ${`${name}@example.com`})`,
    );
    await db.run(sql`
      insert into members (workspace_id, id, user_id, role) values (${workspace_id}, ${newId()}, ${ids[name]}, ${role})`);
  }
});

const tell = (count: number, given: Partial<NewNotice> = {}) =>
  db.transaction((tx) =>
    recordNotices(
      tx,
      Array.from({ length: count }, (_, at) => ({
        workspace_id,
        key: `test:${at}`,
        kind: "template" as const,
        severity: "warning" as const,
        title: `Template ${at} is paused`,
        detail: "It comes back at 16:00.",
        resolved: false,
        end: null,
        waba_id: null,
        display_phone_number: null,
        at_ms: now_ms,
        rank: 0,
        event_id: newId(),
        journal_id: null,
        ...given,
      })),
    ),
  );
/** Every email that is due now. */
async function drain(): Promise<number> {
  let sent = 0;
  for (let more = 1; more > 0; sent += more) more = await mailer.step();
  return sent;
}

it("1,000 notices are one email, and what comes after is collected until the next", async () => {
  await tell(1_000);
  expect(await drain()).toBe(1);
  expect(mails).toMatchObject([{ from: "wharf@example.com", to: ["ada@example.com"] }]);
  expect(mails[0]!.data).toContain("Subject: 1000 notices in Test");
  expect(mails[0]!.data).toContain("And 970 more.");
  expect(mails[0]!.data).toContain("https://wharf.example.com");
  await tell(1, { key: "later", title: "Another" });
  expect(await drain()).toBe(0);
  now_ms += 29 * 60_000;
  expect(await drain()).toBe(0);
  now_ms += 60_000;
  expect(await drain()).toBe(1);
  expect(mails[1]!.data).toContain("Subject: Another (Test)");
});

it("each user is told of the kinds that they chose; without a choice owners of all, others of none", async () => {
  await savePreferences(db, workspace_id, ids.bo, { kinds: ["number"], digest_minutes: 5 });
  await savePreferences(db, workspace_id, ids.ada, { kinds: ["template"], digest_minutes: 5 });
  await tell(1);
  await tell(1, { key: "n", kind: "number", title: "Quality is low", severity: "critical" });
  await tell(1, { key: "i", kind: "number", title: "Mere news", severity: "info" });
  expect(await drain()).toBe(2);
  const to = (name: string) => mails.find((mail) => mail.to[0] === `${name}@example.com`)!.data;
  expect(to("ada")).toContain("Template 0 is paused");
  expect(to("bo")).toContain("CRITICAL: Quality is low");
  expect(to("bo")).not.toMatch(/Mere news|Template 0/);
});

it("what the mail server refuses is told later, and the reason is kept for the page", async () => {
  refuses = true;
  await tell(1);
  expect(await drain()).toBe(0);
  const kept = await db.first<{ error: string; failures: number }>(
    sql`select error, failures from notice_mail_times`,
  );
  expect(kept).toMatchObject({ failures: 1, error: expect.stringContaining("overloaded") });
  refuses = false;
  expect(await drain()).toBe(0);
  now_ms += 3_600_000;
  expect(await drain()).toBe(1);
  expect(await db.rows(sql`select error from notice_mail_times`)).toEqual([{ error: null }]);
});

it("a title can't begin another header, and what is told once more while an email leaves is not lost", async () => {
  await tell(1, { title: "Paused\r\nBcc: eve@example.com" });
  expect(await drain()).toBe(1);
  expect(mails[0]!.to).toEqual(["ada@example.com"]);
  const [headers] = mails[0]!.data.split("\r\n\r\n");
  expect(headers).not.toMatch(/^Bcc:/m);
  const during = createMailer({
    db,
    clock: { now: () => now_ms },
    log: silentLog,
    public_url: null,
    async send() {
      now_ms += 1;
      await tell(1, { key: "again", title: "Worse" });
    },
  });
  now_ms += 3_600_000;
  await tell(1, { key: "again" });
  expect(await during.step()).toBe(1);
  now_ms += 3_600_000;
  expect(await drain()).toBe(1);
  expect(mails[1]!.data).toContain("Subject: Worse (Test)");
});

it("without a mail server nothing waits for one", async () => {
  await tell(3);
  const clock = { now: () => now_ms };
  await createMailer({ db, clock, log: silentLog, send: null, public_url: null }).step();
  expect(await db.rows(sql`select from notice_mails`)).toEqual([]);
});
