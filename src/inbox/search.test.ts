import { beforeAll, expect, test } from "vitest";
import { listContacts } from "../audience/audience.ts";
import { sql, type Database } from "../db/db.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import {
  clearInbox,
  createEventMaker,
  createTestNumber,
  person,
  readInbox,
  said,
} from "../../test/support/inbox.ts";
import type { EventData, MessageContent } from "../meta/events.ts";
import { applyInbox, createSearchFill } from "./inbox.ts";
import { foldForSearch, gramsOf } from "./search/search-text.ts";
import * as views from "./views/views.ts";

let db: Database;
let workspace_id: string;
let make: ReturnType<typeof createEventMaker>;
let people = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  const workspace = await createTestWorkspace(db);
  workspace_id = workspace.workspace_id;
  const number = await createTestNumber(db, workspace_id, workspace.connection_id);
  await db.run(sql`update phone_numbers set display_phone_number = '+49 30 123456' where id = ${number}`);
  make = createEventMaker(workspace_id, number);
});

const apply = (...data: EventData[]) =>
  db.transaction((tx) =>
    applyInbox(
      tx,
      data.map((each, i) => make(each, 1_800_000_000 + i)),
    ),
  );
const message = (
  wamid: string,
  message: MessageContent | string,
  from: Parameters<typeof person>[0],
): EventData => ({
  kind: "message",
  wamid,
  from: person(from),
  group_id: null,
  message: typeof message === "string" ? said(message) : message,
});
/** A contact who wrote `text`; answers what the conversation is called. */
async function writes(text: string, from: Parameters<typeof person>[0] = {}): Promise<string> {
  const wa_id = from.wa_id ?? `4915900${String(people++).padStart(6, "0")}`;
  const profile_name = from.profile_name ?? `Person ${wa_id}`;
  await apply(message(`wamid.${wa_id}`, text, { wa_id, profile_name }));
  return profile_name;
}
const found = async (search: string) =>
  (await views.listConversations(db, workspace_id, { limit: 50, search })).data.map(
    (row) => row.contact.display_name,
  );

const SPELLINGS: [string, string[]][] = [
  ["Muñoz", ["munoz", "MUÑOZ", "Mun\u0303oz", "muñ"]],
  ["Jörg Weiß", ["jorg", "JÖRG", "Jo\u0308rg", "weiss", "WEISS", "weiß", "jorg  weiss", "jörg\u00a0weiß"]],
  ["Yılmaz İpek", ["yilmaz", "YILMAZ", "yılmaz", "ipek", "İPEK"]],
  ["Łukasz Żółć", ["lukasz", "zolc", "ŁUKASZ"]],
  ["Søren Æsir Þór Œuvre Đorđe", ["soren", "aesir", "thor", "oeuvre", "dorde"]],
  ["Γιώργος", ["ΓΙΏΡΓΟΣ", "γιωργος", "γιωργοσ"]],
  ["Артём Йович", ["артем", "АРТЁМ", "йович", "иович"]],
  ["مُحَمَّد أحمد", ["محمد", "محـمد", "احمد", "مُحَمَّد"]],
  ["שָׁלוֹם עֲלֵיכֶם", ["שלום", "עליכם"]],
  ["Ｔｏｋｙｏ　ﾗｰﾒﾝ", ["tokyo", "ラーメン", "tokyo ラーメン"]],
  ["東京の天気", ["東京", "天気", "京の天"]],
  ["안녕하세요", ["안녕", "하세요", "\u1112\u1161\u1109\u1166\u110b\u116d"]],
  ["किताब क़लम", ["किताब", "कलम", "क़लम"]],
  ["हिन्दी अण्डा सम्पर्क", ["हिंदी", "हिन्दी", "हिन", "अंडा", "संपर्क"]],
  ["पंजाब हाँ", ["पञ्जाब", "पंजाब", "हां"]],
  ["ગુજરાતી સંબંધ సంబంధం", ["સમ્બન્ધ", "సమ్బన్ధం"]],
  ["It’s the “ﬁnal” oﬀer — 20 ％", ["it's", '"final" offer', "offer - 20 %"]],
  ["zero\u200bwidth so\u00adft", ["zerowidth", "soft"]],
  ["رقم ٤٢٧٩", ["4279", "٤٢٧٩"]],
];

test.each(SPELLINGS)(
  "%s is found in a text and in a name, however it is spelt (F17)",
  async (written, searches) => {
    const writer = await writes(`before ${written} after`);
    await writes("hello", { profile_name: written });
    for (const search of searches)
      expect([search, ...(await found(search)).toSorted()]).toEqual([
        search,
        ...[writer, written].toSorted(),
      ]);
    const contacts = await listContacts(db, workspace_id, { limit: 50, search: searches[0] }, "2026-11-30");
    expect(contacts.data.map((row) => row.display_name)).toEqual([written]);
  },
);

test("what is not there is not found: another letter, one of the words, signs that `like` knows (F17)", async () => {
  await writes("Rabatt 50 Prozent");
  for (const search of ["rabbat", "rabatt prozente", "rabatt 51", "rab_tt", "rab%nt", "\\"])
    expect(await found(search)).toEqual([]);
  const unsure = await writes("100% sure_thing \\o/");
  for (const search of ["100%", "e_t", "\\o/"])
    expect([search, await found(search)]).toEqual([search, [unsure]]);
});

test.each<[string, string[]]>([
  ["Anna-Maria", ["anna maria", "Anna-Maria", "annamaria", "maria anna", "ANNA\u2011MARIA"]],
  ["O’Brien", ["obrien", "o'brien", "O’Brien", "O`Brien"]],
  ["Dörte Muñoz", ["munoz dorte", "doerte", "Doerte Munoz", "muñoz dörte", "dö mu"]],
  ["Mueller Haakon", ["müller", "mueller", "håkon", "Håkon Müller"]],
  ["山田 太郎", ["山田太郎", "山田 太郎", "太郎 山田", "山田　太郎", "太郎"]],
  ["ג׳ורג׳ צה״ל", ["ג'ורג'", "ג׳ורג׳", 'צה"ל', "גורג"]],
])("%s is found as people type it: words in any order, joined or apart", async (written, searches) => {
  const writer = await writes(`well ${written} it is`);
  const called = await writes("hello", { profile_name: `Called ${written}` });
  for (const search of searches)
    expect([search, ...(await found(search)).toSorted()]).toEqual([search, ...[writer, called].toSorted()]);
});

test.each<[string, MessageContent, string[]]>([
  [
    "a file's name",
    { ...said(null), type: "document", content: { id: "1", filename: "Lieferschein-4711.pdf" } },
    ["lieferschein", "4711.pdf"],
  ],
  [
    "a place",
    {
      ...said(null),
      type: "location",
      content: { latitude: 1, longitude: 2, name: "Café Zürich", address: "Kärntner Ring 7" },
    },
    ["cafe zuerich", "kaerntner ring"],
  ],
  [
    "a card",
    {
      ...said(null),
      type: "contacts",
      content: {
        contacts: [
          {
            name: { formatted_name: "Björn Åkesson" },
            org: { company: "Nordlys AS" },
            phones: [{ phone: "+47 402 12 345" }],
            emails: [{ email: "bjorn@nordlys.example" }],
          },
        ],
      },
    },
    ["akesson bjorn", "nordlys", "4740212345", "402 12 345", "bjorn@nordlys"],
  ],
  [
    "a row that was tapped",
    {
      ...said("Gold plan"),
      type: "interactive",
      content: {
        type: "list_reply",
        list_reply: { id: "g", title: "Gold plan", description: "Priority serving" },
      },
    },
    ["priority serving", "gold priority"],
  ],
  [
    "a product and an order",
    {
      ...said(null),
      type: "order",
      content: {
        catalog_id: "1",
        product_items: [{ product_retailer_id: "SKU-777-XL", quantity: 1 }],
        referred_product: { catalog_id: "1", product_retailer_id: "lamp_0042" },
      },
    },
    ["sku-777-xl", "lamp_0042"],
  ],
  [
    "a form's answers",
    {
      ...said(null),
      type: "interactive",
      content: {
        type: "nfm_reply",
        nfm_reply: {
          name: "flow",
          body: "Sent",
          response_json:
            '{"flow_token":"hushhush","size":"Trecentoventi","id":412297329108006499,"more":[{"x":"Zwetschge"}]}',
        },
      },
    },
    ["trecentoventi", "412297329108006499", "zwetschge"],
  ],
  [
    "a question of ours",
    {
      ...said("Which one?"),
      type: "interactive",
      content: {
        type: "list",
        header: { type: "text", text: "Overtureheader" },
        body: { text: "Which one?" },
        footer: { text: "Footnotefooter" },
        action: {
          button: "Open",
          sections: [
            { title: "Sectionone", rows: [{ id: "1", title: "Rowtitle", description: "Rowabout" }] },
          ],
        },
      },
    },
    ["overtureheader", "footnotefooter", "sectionone", "rowtitle rowabout"],
  ],
])("%s is found by what it shows", async (_, content, searches) => {
  const wa_id = `4915900${String(people++).padStart(6, "0")}`;
  await apply(message(`wamid.${wa_id}`, content, { wa_id, profile_name: `Person ${wa_id}` }));
  for (const search of searches) expect([search, await found(search)]).toEqual([search, [`Person ${wa_id}`]]);
  expect(await found("hushhush")).toEqual([]);
});

test("a file is found by its name after its caption was edited, and not by the caption that went", async () => {
  const from = { wa_id: "4917000000009", profile_name: "Filer" };
  const file = (text: string, content: object): MessageContent => ({
    ...said(text),
    type: "document",
    content: { caption: text, ...content },
  });
  await apply(message("wamid.file", file("oldcaption", { id: "1", filename: "keptname.pdf" }), from));
  expect(await found("keptname oldcaption")).toEqual(["Filer"]);
  const own = { from: person(from) };
  await apply({ ...edit("wamid.file", file("newcaption", {})), ...own });
  expect([await found("keptname"), await found("oldcaption"), await found("newcaption")]).toEqual([
    ["Filer"],
    [],
    ["Filer"],
  ]);
  await apply({ ...revoke("wamid.file"), ...own });
  expect(await found("keptname")).toEqual([]);
});

test("beside a file found by its name stands the caption that is left, never one that was removed (F3, F4)", async () => {
  const from = { wa_id: "4917000000010", profile_name: "Refiler" };
  const own = { from: person(from) };
  const file = (caption: string | null): MessageContent => ({
    ...said(caption),
    type: "document",
    content: { id: "1", filename: "zebra-iban.pdf", ...(caption === null ? {} : { caption }) },
  });
  const shown = async () =>
    (await views.listConversations(db, workspace_id, { limit: 50, search: "zebra" })).found.map(
      ({ text }) => text,
    );
  await apply(message("wamid.refile", file("secret words"), from));
  expect(await shown()).toEqual(["secret words"]);
  const at = (event: EventData, at_s: number) =>
    db.transaction((tx) => applyInbox(tx, [make(event, 1_800_000_000 + at_s)]));
  await at({ ...edit("wamid.refile", file("other words")), ...own }, 100);
  expect(await shown()).toEqual(["other words"]);
  await at({ ...edit("wamid.refile", file(null)), ...own }, 200);
  expect(await shown()).toEqual([]);
  expect(await found("zebra")).toEqual(["Refiler"]);
  // The edit comes first.
  await at({ ...edit("wamid.refile2", file(null)), ...own }, 300);
  await at(message("wamid.refile2", file("secret words"), from), 250);
  expect(await shown()).toEqual([]);
});

test("one or two letters are looked for as well, and a long text", async () => {
  const writer = await writes("qj");
  expect(await found("q")).toEqual([writer]);
  expect(await found("QJ")).toEqual([writer]);
  const long = `${"lorem ipsum ".repeat(60)}needle${" dolor".repeat(60)}`;
  const teller = await writes(long);
  expect(await found(long.slice(650, 850))).toEqual([teller]);
  expect(await found("xq")).toEqual([]);
});

test("a search of nothing that can be seen is none", async () => {
  const all = await found("");
  expect(all.length).toBeGreaterThan(20);
  expect(await found(" \u200b")).toEqual(all);
});

test("a number is found as it is pasted, linked or dialled, by its owner's name and in parts (F16)", async () => {
  const brazil = await writes("oi", { wa_id: "5531987654321" });
  const german = await writes("moin", { wa_id: "4915123456789" });
  const searches = [
    "5531987654321",
    "55\u200b319876\u200b54321",
    "\u2066+55 31 98765-4321\u2069",
    "\u202d+55 31 98765-4321\u202c",
    "+55 31 98765\u20114321",
    "+55 31 98765\u20134321",
    "５５３１９８７６５４３２１",
    "٥٥٣١٩٨٧٦٥٤٣٢١",
    "tel:+55-31-98765-4321",
    "https://wa.me/5531987654321?text=hi",
    "https://api.whatsapp.com/send?phone=5531987654321",
    "0055 31 98765 4321",
    "+55 (0)31 98765-4321",
    "98765-4321",
    "+55 31 98765",
  ];
  for (const search of searches) {
    expect([search, await found(search)]).toEqual([search, [brazil]]);
    const contacts = await listContacts(db, workspace_id, { limit: 50, search }, "2026-11-30");
    expect([search, contacts.data.map((row) => row.display_name)]).toEqual([search, [brazil]]);
  }
  for (const search of [
    "+49 (0)1512 3456789",
    "01512 3456789",
    "01512/3456",
    "1512 3456789",
    "0049 1512 3456789",
  ])
    expect([search, await found(search)]).toEqual([search, [german]]);
  // Also where it is only told.
  const teller = await writes("My number is 0151 2345 0000");
  expect(await found("0151 2345 0000")).toEqual([teller]);
  expect(await found("+55 31 98765-4322")).toEqual([]);
});

test("a number is found by its end, parted by slashes, as WhatsApp's id, and beside its owner's name (F16)", async () => {
  const dora = await writes("oi", { wa_id: "5521987600932", profile_name: "Dora" });
  await writes("oi", { wa_id: "5521987600933", profile_name: "Dora" });
  await writes("hi", { wa_id: "5521987600934", profile_name: "Emil" });
  for (const search of [
    "00932",
    "0932",
    "+55/21/98760/0932",
    "21/98760/0932",
    "5521987600932@s.whatsapp.net",
    "5521987600932@c.us",
    "+55 21 98760 0932 Dora",
    "dora (21) 98760-0932",
    "Dora 0932",
  ])
    expect([search, await found(search)]).toEqual([search, [dora]]);
  expect(await found("Emil 0932")).toEqual([]);
});

test("a hidden person is found by the whole user id (F16)", async () => {
  const user_id = "US.830830830";
  await apply(
    message("wamid.hidden", "hello", { user_id, profile_name: "Hidden" }),
    message("wamid.hidden2", "hello", { user_id: "US.8308308301", profile_name: "Hidden too" }),
  );
  for (const search of [user_id, ` ${user_id} `]) {
    expect(await found(search)).toEqual(["Hidden"]);
    const contacts = await listContacts(db, workspace_id, { limit: 50, search }, "2026-11-30");
    expect(contacts.data.map((row) => row.display_name)).toEqual(["Hidden"]);
  }
  expect(await found("US.83083083")).toEqual([]);
});

test("a number in a card is found as it is dialled at home, pasted or linked (F16)", async () => {
  const wa_id = "4915900777001";
  const phones = [{ phone: "+55 (0)31 97777-1234" }, { phone: "0049 171 7777123" }];
  const contacts = [{ name: { formatted_name: "Card" }, phones }];
  const card = { ...said(null), type: "contacts" as const, content: { contacts } };
  await apply(message("wamid.card", card, { wa_id, profile_name: "Carder" }));
  for (const search of [
    "(31) 97777-1234",
    "031 97777-1234",
    "31 7777-1234",
    "0055 31 97777 1234",
    "https://wa.me/5531977771234",
    "+55 (0)31 97777-1234",
    "97777-1234",
    "0171 7777123",
    "+49 (0)171 7777123",
    "0171/7777123",
  ])
    expect([search, await found(search)]).toEqual([search, ["Carder"]]);
});

test.each([
  [
    "553187650555",
    [
      "31987650555",
      "031987650555",
      "98765-0555",
      "31 98765-05",
      "+55 31 98765-0",
      "+55 31 98765 0555",
      "8765-0555",
    ],
  ],
  ["5531987650777", ["3187650777", "(31) 8765-0777", "+55 31 8765-07", "8765-0777"]],
  [
    "5491133334444",
    ["011 15 3333-4444", "15 3333 4444", "0 11 15 3333 4444", "11 15 3333", "+54 11 3333 44", "11 3333-4444"],
  ],
  ["542966123456", ["02966 15 123456", "2966-15-123456", "+54 9 2966 12"]],
  [
    "5219981234567",
    ["044 998 123 4567", "045 998 1234567", "01 998 123 4567", "+52 998 123", "998 123 4567"],
  ],
  ["529981239999", ["044 998 123 9999", "1 998 123 9999", "+52 1 998 123 9999", "+52 1 998 123 99"]],
])(
  "%s is found as it is dialled at home, wherever our own number is, and nothing else is (F16)",
  async (wa_id, searches) => {
    const who = await writes("hello", { wa_id });
    await writes("hello", { wa_id: `49151${wa_id.slice(-8)}`.replace(/..$/, "00") });
    for (const search of searches) expect([search, await found(search)]).toEqual([search, [who]]);
  },
);

const edit = (target_wamid: string, message: MessageContent): EventData => ({
  kind: "message_edit",
  wamid: null,
  from: person({ wa_id: "4917000000001" }),
  target_wamid,
  message,
});
const revoke = (target_wamid: string): EventData => ({
  kind: "message_revoke",
  wamid: null,
  from: person({ wa_id: "4917000000001" }),
  target_wamid,
});

test("only what is left to read is found: an edit's new words, nothing of what was deleted (F4)", async () => {
  const [who] = ["Ed"];
  const from = { wa_id: "4917000000001", profile_name: who };
  await apply(message("wamid.edited", "the older wording", from));
  expect(await found("older wording")).toEqual([who]);
  await apply(edit("wamid.edited", said("a newer wörding")));
  expect(await found("older")).toEqual([]);
  expect(await found("newer wording")).toEqual([who]);
  await apply(revoke("wamid.edited"));
  expect(await found("newer")).toEqual([]);
  // In whichever order they come.
  await apply(revoke("wamid.gone"), edit("wamid.early", said("quickly corrected")));
  await apply(
    message("wamid.gone", "regrettable words", from),
    message("wamid.early", "hastily written", from),
  );
  for (const search of ["regrettable", "hastily"])
    expect([search, await found(search)]).toEqual([search, []]);
  expect(await found("quickly corrected")).toEqual([who]);
  // Words of two letters take another way.
  await apply(message("wamid.short", "vx", from));
  expect(await found("vx")).toEqual([who]);
  await apply(edit("wamid.short", said("wv")));
  expect([await found("vx"), await found("wv")]).toEqual([[], [who]]);
  await apply(revoke("wamid.short"));
  expect(await found("wv")).toEqual([]);
});

test("texts that were stored before there was a search are folded, batch by batch, to what new ones are", async () => {
  const expected = await readInbox(db, workspace_id);
  await db.run(sql`update messages set search_text = null, search_grams = null`);
  await db.run(sql`update message_amendments set search_text = 'by another rule', search_grams = '{1}'`);
  await db.run(sql`update contacts set search_text = null, search_grams = null`);
  await db.run(sql`update contact_identities set search_grams = null`);
  const fill = createSearchFill({ db });
  // Another process is at it.
  await db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('inbox search fill', 0))`);
    expect(await fill.step()).toBe(0);
  });
  while ((await fill.step()) > 0);
  expect(await readInbox(db, workspace_id)).toEqual(expected);
  expect(await createSearchFill({ db }).step()).toBe(0);
  await clearInbox(db, workspace_id);
});

test("a fold is its own fold, and has no marks, capitals or wide spaces left", () => {
  const restless: string[] = [];
  for (let point = 0x20; point < 0x20000; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const once = foldForSearch(`a${String.fromCodePoint(point)}b`);
    if (foldForSearch(once) !== once) restless.push(`U+${point.toString(16)}`);
  }
  expect(restless).toEqual([]);
});

test("a text of 65,000 characters is folded without haste, and gives no more grams than a long one", () => {
  const text = Array.from({ length: 65_000 }, (_, i) =>
    String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)),
  ).join("");
  expect(foldForSearch(text).length).toBeLessThanOrEqual(8_000);
  expect(gramsOf(foldForSearch(text)).length).toBeLessThanOrEqual(16_000);
});
