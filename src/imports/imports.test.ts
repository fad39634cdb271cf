import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createImportScene, type ImportScene } from "../../test/support/imports.ts";
import { addField, addList, addTag, removeList, removeTag } from "../audience/audience.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { cancelImport, getImport, previewImport, removeImport, writeRejects } from "./imports.ts";

let scene: ImportScene;
let workspace_id: string;

beforeAll(async () => void (scene = await createImportScene()));
beforeEach(async () => void (workspace_id = await scene.workspace()));

const run = (file: string | Buffer, change = {}, step_rows?: number) =>
  scene.run(workspace_id, file, change, step_rows);
const people = () => scene.people(workspace_id);

const COUNTS = { created: 0, updated: 0, unchanged: 0, invalid: 0, duplicates: 0, kept_opted_out: 0 };

describe("a file", () => {
  it("becomes contacts, each row counted once", async () => {
    const file = [
      "Phone,Name,Language,Country,Tags",
      "+5511987654321,Ana Souza,pt_BR,Brazil,vip|new",
      "+4915123456789,Jörg,de,DE,",
      "+12,No number,,,",
      "+5511987654321,Ana again,,,late",
      ",,,,",
    ].join("\n");
    const done = await run(file);
    expect(done).toMatchObject({ state: "DONE", rows_total: 4, rows_done: 4, failure: null });
    expect(done.counts).toEqual({ ...COUNTS, created: 2, invalid: 1, duplicates: 1 });
    const found = await people();
    expect(found.get("5511987654321")).toMatchObject({
      name: "Ana Souza",
      language: "pt-BR",
      country: null,
      tags: ["late", "new", "vip"],
    });
    expect(found.get("4915123456789")).toMatchObject({ name: "Jörg", language: "de", tags: [] });
    expect(found.size).toBe(2);

    const again = await run(file);
    expect(again.counts).toEqual({ ...COUNTS, unchanged: 2, invalid: 1, duplicates: 1 });
    const changed = await run("Phone,Country\n+4915123456789,Austria\n");
    expect(changed.counts).toEqual({ ...COUNTS, updated: 1 });
    expect((await people()).get("4915123456789")).toMatchObject({ country: "AT" });
  });

  it("finds people by their numbers in any spelling, and never makes one twice", async () => {
    await run("phone\n551187654321\n+52 1 55 1234 5678\n");
    const done = await run(
      "phone\n+55 (11) 98765-4321\n(11) 8765-4321\n5215512345678\n0049 151 23456789\n015123456789\n",
      {
        default_country: "BR",
      },
    );
    expect(done.counts).toEqual({ ...COUNTS, created: 1, unchanged: 2, duplicates: 1, invalid: 1 });
    expect([...(await people()).keys()]).toEqual(["4915123456789", "525512345678", "5511987654321"]);
    const both = await run("phone\n+55 21 98888-7777\n+55 21 8888-7777\n");
    expect(both.counts).toEqual({ ...COUNTS, created: 1, duplicates: 1 });
  });

  it("names the line, the column and what to correct for each row that is refused, with its cells", async () => {
    await addField(scene.db, workspace_id, { name: "Size", kind: "choice", choices: ["S", "M"] });
    await addField(scene.db, workspace_id, { name: "Born", kind: "date", choices: [] });
    await addField(scene.db, workspace_id, { name: "Points", kind: "number", choices: [] });
    const done = await run(
      [
        "Phone,Name,Size,Born,Points,Tags",
        '+4915123456789,"two',
        'lines",M,31/12/1990,12.5,',
        "",
        "+4915123456780,Ann,XL,31/02/1990,many,",
        "5.51E+12,Bob,,,,",
        `+4915123456781,Cem,,,,${"x".repeat(51)}`,
        "+4915123456782,Dora,,,,,extra",
        `+4915123456783,${"n".repeat(201)},,,,`,
      ].join("\n"),
    );
    expect(done.counts).toEqual({ ...COUNTS, created: 1, invalid: 5 });
    const rejects = await scene.rejects(workspace_id, done.id);
    expect(rejects.map(({ line, row, faults }) => [line, row, faults.map(({ column }) => column)])).toEqual([
      [5, 2, ["Size", "Born", "Points"]],
      [6, 3, ["Phone"]],
      [7, 4, ["Tags"]],
      [8, 5, [null]],
      [9, 6, ["Name"]],
    ]);
    expect(rejects[0]!.faults.map(({ reason }) => reason)).toEqual([
      "“XL” is not one of the choices (S, M).",
      "“31/02/1990” is not a date. Write it as 2026-11-30.",
      "“many” is not a number. Write it as 1234.5.",
    ]);
    expect(rejects[1]!.faults[0]!.reason).toMatch(/A spreadsheet shortened this number/);
    const { lines } = await writeRejects(scene.db, workspace_id, done.id);
    let text = "";
    for await (const part of lines) text += part;
    expect(text).toMatch(/^\ufeffLine,What to correct,Phone,Name,Size,Born,Points,Tags\r\n5,/);
    expect(text.trim().split("\r\n")).toHaveLength(6);
  });

  it("fills blanks, overwrites or only adds tags, and never empties", async () => {
    const field = await addField(scene.db, workspace_id, { name: "City", kind: "text", choices: [] });
    await run("phone,name,city,language\n+4915123456789,Ann,,en\n");
    const values = async () => {
      const found = (await people()).get("4915123456789")!;
      return [found.name, found.language, found.fields[field.id], found.tags.join("+")];
    };
    await run("phone,name,city,language,tags\n+4915123456789,Anna,Ulm,,a\n", { policy: "add_tags" });
    expect(await values()).toEqual(["Ann", "en", undefined, "a"]);
    await run("phone,name,city,language,tags\n+4915123456789,Anna,Ulm,de,b\n", { policy: "fill_blanks" });
    expect(await values()).toEqual(["Ann", "en", "Ulm", "a+b"]);
    await run("phone,name,city,language,tags\n+4915123456789,Anna,,de,\n", { policy: "overwrite" });
    expect(await values()).toEqual(["Anna", "de", "Ulm", "a+b"]);
    const done = await run("phone,name\n+4915123456789,One\n+4915123456789,Two\n", { policy: "overwrite" });
    expect(done.counts).toEqual({ ...COUNTS, updated: 1, duplicates: 1 });
    expect((await values())[0]).toBe("Two");
  });

  it("puts everyone on lists and gives everyone tags, and makes the fields and the list that it was told to", async () => {
    const tag = await addTag(scene.db, workspace_id, "fair");
    const list = await addList(scene.db, workspace_id, { name: "Old", description: null });
    const file = 'phone,Shoe size\n+4915123456789,"42,5"\n+4915123456780,40\n';
    const done = await run(file, {
      mapping: [{ to: "phone" }, { to: "new_field", name: "Shoe size", kind: "number" }],
      decimal: ",",
      tag_ids: [tag.id],
      list_ids: [list.id],
      new_list: "Fair 2026",
    });
    expect(done.counts).toEqual({ ...COUNTS, created: 2 });
    expect(Object.values((await people()).get("4915123456789")!.fields)).toEqual([42.5]);
    const lists = await scene.db.rows<{ name: string; n: number }>(sql`
      select l.name, (select count(*)::integer from list_contacts m where m.workspace_id = l.workspace_id and m.list_id = l.id) as n
      from lists l where l.workspace_id = ${workspace_id} order by l.name`);
    expect(lists).toEqual([
      { name: "Fair 2026", n: 2 },
      { name: "Old", n: 2 },
    ]);
    expect(done.settings.list_ids).toHaveLength(2);
  });

  it("is refused with the line where it can't be read", async () => {
    await expect(scene.draft(workspace_id, 'phone\n+4915123456789\n"+49 151\n')).rejects.toMatchObject({
      code: "IMPORT_FILE",
      detail: expect.stringContaining("the row of line 3 and never closed") as string,
    });
    await expect(scene.draft(workspace_id, "\n\n")).rejects.toMatchObject({ code: "IMPORT_FILE" });
    await expect(scene.draft(workspace_id, "phone,name\n")).rejects.toMatchObject({ code: "IMPORT_FILE" });
  });
});

describe("consent", () => {
  const states = async () => [...(await people()).values()].map(({ marketing_state }) => marketing_state);
  const optOut = (number: string, at: string) =>
    scene.db.run(sql`
      with said as (
        insert into consent_events (workspace_id, id, identity_kind, identity_value, state, source, occurred_at)
        values (${workspace_id}, ${newId()}, 'wa_id', ${number}, 'UNSUBSCRIBED', 'STOP_KEYWORD', ${at}))
      update contacts c set marketing_state = 'UNSUBSCRIBED' from contact_identities i
      where i.workspace_id = ${workspace_id} and i.value = ${number} and c.workspace_id = i.workspace_id and c.id = i.contact_id`);

  it("is written into the ledger with its source, its date and the line", async () => {
    const done = await run(
      "Phone,Consent,Consent date,Consent source\n+4915123456789,yes,2026-03-04,Fair in Ulm\n+4915123456780,pending,05/03/2026 14:30,\n+4915123456781,,,\n+4915123456782,maybe,,\n",
      { consent: { state: null, date: "2026-01-01", source: "A list", agreed: true } },
    );
    expect(done.counts).toEqual({ ...COUNTS, created: 3, invalid: 1 });
    expect(await states()).toEqual(["PENDING", "UNKNOWN", "SUBSCRIBED"]);
    const ledger = await scene.db.rows<{ state: string; source: string; evidence: string; at: string }>(sql`
      select state, source, evidence, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at
      from consent_events where workspace_id = ${workspace_id} order by occurred_at`);
    expect(ledger).toEqual([
      {
        state: "SUBSCRIBED",
        source: "IMPORT",
        at: "2026-03-04 00:00",
        evidence: `Fair in Ulm · import ${done.id}, line 2 of people.csv`,
      },
      {
        state: "PENDING",
        source: "IMPORT",
        at: "2026-03-05 14:30",
        evidence: `A list · import ${done.id}, line 3 of people.csv`,
      },
    ]);
  });

  it("is never raised over an opt-out but by a row that says itself when, later than the opt-out", async () => {
    await run("phone\n+4915123456789\n");
    await optOut("4915123456789", "2026-06-01T10:00:00Z");
    const agreed = { state: "SUBSCRIBED" as const, date: "2026-11-01", source: "A list", agreed: true };
    const fixed = await run("phone\n+4915123456789\n", { consent: agreed });
    expect(fixed.counts).toEqual({ ...COUNTS, unchanged: 1, kept_opted_out: 1 });
    const earlier = await run("phone,consent,consent date\n+4915123456789,yes,2026-05-31\n", {
      consent: agreed,
    });
    expect(earlier.counts).toEqual({ ...COUNTS, unchanged: 1, kept_opted_out: 1 });
    const dateless = await run("phone,consent\n+4915123456789,yes\n", { consent: agreed });
    expect(dateless.counts).toEqual({ ...COUNTS, unchanged: 1, kept_opted_out: 1 });
    expect(await states()).toEqual(["UNSUBSCRIBED"]);
    const later = await run("phone,consent,consent date\n+4915123456789,yes,2026-06-02\n", {
      consent: agreed,
    });
    expect(later.counts).toEqual({ ...COUNTS, updated: 1 });
    expect(await states()).toEqual(["SUBSCRIBED"]);
  });

  it("of a blacklist is an opt-out with its reason, whatever its columns are called elsewhere", async () => {
    await run("phone\n+4915123456789\n", {
      consent: { state: "SUBSCRIBED", date: "2026-01-01", source: "x", agreed: true },
    });
    const draft = await scene.draft(
      workspace_id,
      "Phone,Source,Reason,Added at\n+4915123456789,Manual,Asked by phone,2026-10-01T08:00:00Z\n+4915123456780,API,,\n",
    );
    expect(draft).toMatchObject({ kind: "blacklist", problems: [] });
    await scene.start(workspace_id, draft.id);
    const importer = scene.importer();
    while ((await importer.step()) > 0);
    expect((await getImport(scene.db, workspace_id, draft.id)).counts).toEqual({
      ...COUNTS,
      created: 1,
      updated: 1,
    });
    expect(await states()).toEqual(["UNSUBSCRIBED", "UNSUBSCRIBED"]);
    const evidence = await scene.db.rows<{ evidence: string }>(sql`
      select evidence from consent_events where workspace_id = ${workspace_id} and state = 'UNSUBSCRIBED' order by occurred_at`);
    expect(evidence[0]!.evidence).toBe(`Manual: Asked by phone · import ${draft.id}, line 2 of people.csv`);
  });

  it("that a double opt-in asks for first is PENDING, and asked for once; who opted out is not asked", async () => {
    await run("phone\n+4915123456789\n");
    await optOut("4915123456789", "2026-06-01T10:00:00Z");
    await scene.db.run(sql`
      insert into consent_settings (workspace_id, double_opt_in)
      values (${workspace_id}, ${JSON.stringify({
        from: newId(),
        template_name: "opt_in",
        template_language: "en",
        button: null,
        sources: ["IMPORT"],
      })}::jsonb)`);
    const consent = { state: "SUBSCRIBED", date: "2026-05-01", source: "Fair", agreed: true } as const;
    for (const _ of ["first", "again"]) await run("phone\n+4915123456789\n+4915123456780\n", { consent });
    expect(await states()).toEqual(["PENDING", "UNSUBSCRIBED"]);
    const asked = await scene.db.rows<{ kind: string; value: string }>(sql`
      select kind, identity_value as value from consent_messages where workspace_id = ${workspace_id}`);
    expect(asked).toEqual([{ kind: "ask", value: "4915123456780" }]);
  });

  it("is taken only with a date, a source and the word of the one who imports", async () => {
    const { id, problems } = await scene.draft(workspace_id, "phone,consent\n+4915123456789,yes\n");
    expect(problems).toEqual([
      "Say when these people agreed: choose the column with the date, or enter one.",
      "Say where these people agreed, as “newsletter form on our website”.",
      "Confirm that these people agreed to be written to.",
    ]);
    await expect(scene.start(workspace_id, id)).rejects.toMatchObject({ code: "IMPORT_NOT_READY" });
  });

  it("refuses people who were erased", async () => {
    await run("phone\n+4915123456789\n");
    await scene.db.run(
      sql`update contacts set marketing_state = 'REDACTED' where workspace_id = ${workspace_id}`,
    );
    const done = await run("phone,name\n+4915123456789,Ann\n");
    expect(done.counts).toEqual({ ...COUNTS, invalid: 1 });
    expect((await people()).get("4915123456789")).toMatchObject({ name: null, marketing_state: "REDACTED" });
  });
});

describe("a draft", () => {
  it("shows its first rows as they would become, and changes nothing", async () => {
    await run("phone,name\n+4915123456789,Ann\n");
    const { id } = await scene.draft(
      workspace_id,
      "phone,name,tags\n+4915123456789,Ann,vip\n+4915123456780,Bo,\n+1,,\n+4915123456780,,\n",
    );
    const preview = await previewImport(scene, workspace_id, id);
    expect(preview.rows.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, "updated"],
      [3, "created"],
      [4, "invalid"],
      [5, "duplicate"],
    ]);
    expect(preview.rows[0]!.contact).toMatchObject({ phone: "4915123456789", name: "Ann", tags: ["vip"] });
    expect([...(await people()).keys()]).toEqual(["4915123456789"]);
    expect((await getImport(scene.db, workspace_id, id)).rows_done).toBe(0);
  });

  it("is read anew when it is told how: the delimiter, the encoding, the header", async () => {
    const { changeImport } = await import("./imports.ts");
    const draft = await scene.draft(workspace_id, "phone;name\n+4915123456789;Jürgen, jr.\n");
    expect(draft).toMatchObject({ delimiter: ";", encoding: "utf-8", has_header: true, rows_total: 1 });
    const other = await changeImport(scene, workspace_id, draft.id, { delimiter: ",", has_header: false });
    expect(other).toMatchObject({ rows_total: 2, columns: [{ name: "Column 1" }, { name: "Column 2" }] });
    const back = await changeImport(scene, workspace_id, draft.id, { delimiter: ";", has_header: true });
    expect(back.settings.mapping).toEqual([{ to: "phone" }, { to: "name" }]);
  });

  it("is told what is wrong with its columns", async () => {
    const { problems } = await scene.draft(workspace_id, "a,b\n1,2\n");
    expect(problems).toEqual(["Choose the column that holds the phone number."]);
  });

  it("can be deleted with its file, and a running one only after it was cancelled", async () => {
    const { id } = await scene.draft(workspace_id, "phone\n+4915123456789\n");
    await scene.start(workspace_id, id);
    await expect(removeImport(scene, workspace_id, id)).rejects.toMatchObject({ code: "IMPORT_STATE" });
    expect(await cancelImport(scene, workspace_id, id)).toMatchObject({ state: "CANCELLED" });
    await removeImport(scene, workspace_id, id);
    await expect(getImport(scene.db, workspace_id, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const [file] = await scene.db.rows<{ state: string }>(
      sql`select state from media where workspace_id = ${workspace_id}`,
    );
    expect(file).toEqual({ state: "pruned" });
  });
});

it("stops between two steps when it is cancelled; what was imported stays", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `+49151234567${10 + i}`);
  const { id } = await scene.draft(workspace_id, `phone\n${rows.join("\n")}\n`);
  await scene.start(workspace_id, id);
  const importer = scene.importer(10);
  await importer.step();
  await cancelImport(scene, workspace_id, id);
  expect(await importer.step()).toBe(0);
  expect(await getImport(scene.db, workspace_id, id)).toMatchObject({ state: "CANCELLED", rows_done: 10 });
  expect((await people()).size).toBe(10);
});

it("takes recipients of a campaign with the values of their columns, until it starts", async () => {
  const campaign_id = newId();
  await scene.db.run(
    sql`insert into campaigns (workspace_id, id, name) values (${workspace_id}, ${campaign_id}, 'Fair')`,
  );
  const file = "Phone,First name,Voucher\n+4915123456789,Ann,A-1\n+4915123456780,Bo,\n";
  const done = await run(file, { kind: "campaign", campaign_id });
  expect(done.counts).toEqual({ ...COUNTS, created: 2 });
  const added = await scene.db.rows(sql`
    select i.value as phone, a."values" from campaign_additions a
    join contact_identities i on i.workspace_id = a.workspace_id and i.contact_id = a.contact_id
    where a.workspace_id = ${workspace_id} order by 1`);
  expect(added).toEqual([
    { phone: "4915123456780", values: {} },
    { phone: "4915123456789", values: { Voucher: "A-1" } },
  ]);
  const { id } = await scene.draft(workspace_id, file, { kind: "campaign", campaign_id });
  await scene.start(workspace_id, id);
  await scene.db.run(sql`update campaigns set state = 'RUNNING' where workspace_id = ${workspace_id}`);
  const importer = scene.importer();
  await importer.step();
  const failed = await getImport(scene.db, workspace_id, id);
  expect(failed).toMatchObject({ state: "FAILED", rows_done: 0 });
  expect(failed.failure).toMatch(/The campaign has started/);
});

describe("what goes wrong on the way", () => {
  const numbers = (count: number) =>
    Array.from({ length: count }, (_, i) => `+4915112345${String(600 + i)}`).join("\n");

  it.each(["list", "tag"] as const)(
    "a %s for everyone that is deleted meanwhile ends it, and is told",
    async (what) => {
      const made =
        what === "list"
          ? await addList(scene.db, workspace_id, { name: "Spring", description: null })
          : await addTag(scene.db, workspace_id, "spring");
      const change = what === "list" ? { list_ids: [made.id] } : { tag_ids: [made.id] };
      const draft = await scene.draft(workspace_id, `phone\n${numbers(30)}\n`, change);
      await scene.start(workspace_id, draft.id);
      const importer = scene.importer(10);
      await importer.step();
      await (what === "list" ? removeList : removeTag)(scene.db, workspace_id, made.id);
      while ((await importer.step()) > 0);
      const ended = await getImport(scene.db, workspace_id, draft.id);
      expect(ended).toMatchObject({ state: "FAILED", rows_done: 10 });
      expect(ended.failure).toContain(`A ${what} that was chosen for everyone in the file was deleted`);
    },
  );

  it("a cell that is far too long is told as one, without a word of a quotation mark that is not there", async () => {
    const file = `phone,name\n+4915112345678,${"x".repeat(1_000_000)}\n`;
    await expect(scene.draft(workspace_id, file)).rejects.toThrow(
      /^The row of line 2 is larger than 256 KB: a cell is too long/,
    );
  });

  it("one damaged byte refuses its row alone; the rest is read as the UTF-8 that it is", async () => {
    const file = Buffer.concat([
      Buffer.from("phone,name\n+4915112345678,Jörg\n+4915112345679,J"),
      Buffer.from([0xf6]),
      Buffer.from("rg\n+5511987654321,João\n"),
    ]);
    const done = await run(file);
    expect(done).toMatchObject({ encoding: "utf-8", counts: { ...COUNTS, created: 2, invalid: 1 } });
    expect((await people()).get("4915112345678")).toMatchObject({ name: "Jörg" });
  });
});
