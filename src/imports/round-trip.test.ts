import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { createImportScene, type ImportScene } from "../../test/support/imports.ts";
import { addField, addSegment, listLists, listTags } from "../audience/audience.ts";
import { plainText } from "../base/base.ts";
import type { ImportChange, ImportDelimiter, ImportEncoding } from "../contract/imports.ts";

let scene: ImportScene;
beforeAll(async () => void (scene = await createImportScene()));

const TAGS = ["VIP", "=1+1", "naïve", 'with "quotes"', "a,b;c", "two\nlines"];
const CHOICES = ["S", "M, wide", "'L"];
const latin = fc.string({
  unit: fc.constantFrom(..."abcXYZ019 éüß€“”,;\t|\"'\n\r=+-@_".split("")),
  minLength: 1,
  maxLength: 30,
});
const any = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const kept = (text: fc.Arbitrary<string>) =>
  text
    .map((each) => each.replaceAll("\0", "").trim())
    .filter((each) => each !== "" && plainText(each) === each && each.isWellFormed());

const person = (text: fc.Arbitrary<string>) =>
  fc.record({
    name: fc.option(kept(text)),
    note: fc.option(kept(text)),
    points: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
    born: fc.option(
      fc
        .date({ min: new Date("1900-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    ),
    member: fc.option(fc.boolean()),
    size: fc.option(fc.constantFrom(...CHOICES)),
    tags: fc.uniqueArray(fc.constantFrom(...TAGS)),
    language: fc.option(fc.constantFrom("de", "pt-BR", "zh-Hant-TW")),
    country: fc.option(fc.constantFrom("DE", "BR")),
    consent: fc.option(
      fc.record({
        state: fc.constantFrom("SUBSCRIBED", "PENDING", "NOT_SUBSCRIBED", "UNSUBSCRIBED"),
        at: fc.date({ min: new Date("2020-01-01"), max: new Date("2026-01-01"), noInvalidDate: true }),
      }),
    ),
  });
type Person = typeof person extends (text: never) => fc.Arbitrary<infer One> ? One : never;

const COLUMNS = [
  "Phone",
  "Name",
  "Note",
  "Points",
  "Born",
  "Member",
  "Size",
  "Tags",
  "Language",
  "Country",
  "Consent",
  "Consent date",
  "Consent source",
];
const numberOf = (i: number) => `49151${20_000_000 + i}`;

function cellsOf(one: Person, i: number): string[] {
  const { name, note, points, born, member, size, tags, language, country, consent } = one;
  return [
    `+${numberOf(i)}`,
    name ?? "",
    note ?? "",
    points === null ? "" : String(points),
    born ?? "",
    member === null ? "" : String(member),
    size ?? "",
    tags.join("|"),
    language ?? "",
    country ?? "",
    consent?.state ?? "",
    consent?.at.toISOString() ?? "",
    "",
  ];
}

interface Style {
  order: number[];
  delimiter: ImportDelimiter;
  newline: string;
  encoding: ImportEncoding;
  mark: boolean;
  quotes_all: boolean;
}

function written(
  people: readonly Person[],
  { order, delimiter, newline, encoding, mark, quotes_all }: Style,
): Buffer {
  const quoted = (cell: string) =>
    quotes_all || /[\s",;|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const line = (cells: readonly string[]) => order.map((i) => quoted(cells[i]!)).join(delimiter);
  const text = [COLUMNS, ...people.map(cellsOf)].map(line).join(newline) + newline;
  if (encoding === "windows-1252")
    return Buffer.from(text.split("").map((char) => WINDOWS[char] ?? char.charCodeAt(0)));
  const bytes = Buffer.from((mark ? "\ufeff" : "") + text, encoding === "utf-8" ? "utf8" : "utf16le");
  return encoding === "utf-16be" ? bytes.swap16() : bytes;
}
const WINDOWS: Record<string, number> = { "€": 0x80, "“": 0x93, "”": 0x94 };

const style = (encoding: ImportEncoding) =>
  fc.record({
    order: fc.shuffledSubarray(
      COLUMNS.map((_, i) => i),
      { minLength: COLUMNS.length },
    ),
    delimiter: fc.constantFrom<ImportDelimiter>(",", ";", "\t", "|"),
    newline: fc.constantFrom("\n", "\r\n"),
    encoding: fc.constant(encoding),
    mark: fc
      .constant(encoding.startsWith("utf-16"))
      .chain((must) => (must ? fc.constant(true) : fc.boolean())),
    quotes_all: fc.boolean(),
  });

const file = fc
  .constantFrom<ImportEncoding>("utf-8", "utf-16le", "utf-16be", "windows-1252")
  .chain((encoding) =>
    fc.record({
      style: style(encoding),
      people: fc.array(person(encoding === "windows-1252" ? latin : any), { minLength: 2, maxLength: 12 }),
    }),
  );

const AGREED: ImportChange = {
  decimal: ".",
  consent: { state: null, date: "2020-01-01", source: "a form", agreed: true },
};

it("any order of columns, delimiter, quotes, newlines and encoding says the same, and what is exported is unchanged when it is imported", async () => {
  await fc.assert(
    fc.asyncProperty(file, async ({ style, people }) => {
      const workspace_id = await scene.workspace();
      const add = (name: string, kind: "text" | "number" | "date" | "boolean" | "choice") =>
        addField(scene.db, workspace_id, { name, kind, choices: kind === "choice" ? CHOICES : [] });
      const [note, points, born, member, size] = [
        await add("Note", "text"),
        await add("Points", "number"),
        await add("Born", "date"),
        await add("Member", "boolean"),
        await add("Size", "choice"),
      ];
      const { encoding, delimiter } = style;
      const done = await scene.run(workspace_id, written(people, style), { ...AGREED, encoding, delimiter });
      expect(await scene.rejects(workspace_id, done.id)).toEqual([]);
      expect(done.counts).toMatchObject({ created: people.length, invalid: 0, duplicates: 0 });

      const found = await scene.people(workspace_id);
      for (const [i, one] of people.entries()) {
        const fields = Object.entries({
          [note.id]: one.note,
          [points.id]: one.points,
          [born.id]: one.born,
          [member.id]: one.member,
          [size.id]: one.size,
        }).filter(([, value]) => value !== null);
        expect(found.get(numberOf(i))).toMatchObject({
          name: one.name,
          language: one.language,
          country: one.country === "DE" ? null : one.country,
          marketing_state: one.consent?.state ?? "UNKNOWN",
          fields: Object.fromEntries(fields),
        });
        expect(new Set(found.get(numberOf(i))!.tags)).toEqual(new Set(one.tags));
      }

      const again = await scene.run(workspace_id, await scene.exported(workspace_id), AGREED);
      expect(await scene.rejects(workspace_id, again.id)).toEqual([]);
      expect(again.counts).toEqual({
        created: 0,
        updated: 0,
        unchanged: people.length,
        invalid: 0,
        duplicates: 0,
        kept_opted_out: 0,
      });
      expect(await scene.people(workspace_id)).toEqual(found);
    }),
    { numRuns: 12 },
  );
}, 120_000);

it("finds out by itself how files are encoded and parted", async () => {
  const workspace_id = await scene.workspace();
  const of = async (bytes: Buffer | string) => {
    const { encoding, delimiter, has_header, columns } = await scene.draft(workspace_id, bytes);
    return [encoding, delimiter, has_header, columns.map(({ name }) => name).join("+")];
  };
  const text = "Telefone;Nome\n+5511987654321;João, jr.\n+5511987654322;Zoë|x\n";
  const expected = [";", true, "Telefone+Nome"];
  expect(await of(text)).toEqual(["utf-8", ...expected]);
  expect(await of(`\ufeff${text}`)).toEqual(["utf-8", ...expected]);
  expect(await of(Buffer.from(text, "latin1"))).toEqual(["windows-1252", ...expected]);
  expect(await of(Buffer.from(text, "utf16le"))).toEqual(["utf-16le", ...expected]);
  expect(await of(Buffer.from(`\ufeff${text}`, "utf16le"))).toEqual(["utf-16le", ...expected]);
  expect(await of(Buffer.from(`\ufeff${text}`, "utf16le").swap16())).toEqual(["utf-16be", ...expected]);
  expect(await of("+5511987654321\tAna\n+5511987654322\tBia\n")).toEqual([
    "utf-8",
    "\t",
    false,
    "Column 1+Column 2",
  ]);
  expect(await of('phone|name\n+5511987654321|"a|b,c"\n')).toEqual(["utf-8", "|", true, "phone+name"]);
  // What tells the encoding may come late.
  const late = Buffer.concat([
    Buffer.from(`phone,name\n${"+5511987654321,Ana\n".repeat(10_000)}+5511987654322,`),
    Buffer.from("José\n", "latin1"),
  ]);
  expect(await of(late)).toEqual(["windows-1252", ",", true, "phone+name"]);
});

it("exports those of a tag, a list, a segment or a state, without formulas", async () => {
  const workspace_id = await scene.workspace();
  await scene.run(
    workspace_id,
    "phone,name,tags\n+4915120000000,=cmd,a\n+4915120000001,Bo,a|b\n+4915120000002,Cy,\n",
    { new_list: "All" },
  );
  const phones = async (filter: object) =>
    [...(await scene.exported(workspace_id, filter)).matchAll(/^\+(\d+)/gm)]
      .map(([, phone]) => phone)
      .toSorted((a, b) => (a! < b! ? -1 : 1));
  const { data: tags } = await listTags(scene.db, workspace_id);
  expect(await phones({ tag: tags[0]!.id })).toEqual(["4915120000000", "4915120000001"]);
  expect(await phones({ tag: tags[1]!.id })).toEqual(["4915120000001"]);
  const { data: lists } = await listLists(scene.db, workspace_id);
  expect(await phones({ list: lists[0]!.id, tag: tags[1]!.id })).toEqual(["4915120000001"]);
  const named = { on: "about" as const, what: "name" as const, test: { op: "is" as const, value: "cy" } };
  const segment = await addSegment(scene.db, workspace_id, { name: "Cy", rule: { groups: [[named]] } });
  expect(await phones({ segment: segment.id })).toEqual(["4915120000002"]);
  expect(await phones({ marketing_state: "SUBSCRIBED" })).toEqual([]);
  expect(await phones({})).toHaveLength(3);
  expect(await scene.exported(workspace_id)).toContain(",'=cmd,");
});
