import { expect, it, test } from "vitest";
import { checkMedium } from "./check-medium.ts";
import { checkMessage } from "./check-message.ts";
import type { Outgoing, OutgoingContent } from "./outgoing.ts";

const problems = (content: OutgoingContent, more: Partial<Outgoing> = {}) =>
  checkMessage({ to: { phone: "+12025550147" }, content, ...more });

const chars = (count: number) => "x".repeat(count);
const button = (id: string, title = id) => ({ id, title });
const row = (id: string, more = {}) => ({ id, title: `Row ${id}`, ...more });
const ids = (count: number) => Array.from({ length: count }, (_, at) => String(at));
const list = (sections: (OutgoingContent & { type: "list" })["sections"]): OutgoingContent => ({
  type: "list",
  body: "b",
  button: "Open",
  sections,
});
const template = (more: Partial<OutgoingContent & { type: "template" }>): OutgoingContent => ({
  type: "template",
  name: "order_update",
  language: "en_US",
  ...more,
});
const flow = (more: Partial<OutgoingContent & { type: "flow" }>): OutgoingContent => ({
  type: "flow",
  body: "b",
  flow: { id: "1197715005513101" },
  cta: "Book",
  ...more,
});
const products = (sections: (OutgoingContent & { type: "product_list" })["sections"]): OutgoingContent => ({
  type: "product_list",
  header: { type: "text", text: "h" },
  body: "b",
  catalog_id: "1",
  sections,
});
const media = { id: "1037543291543636" };

test.each<[string, OutgoingContent]>([
  ["a text of 4096", { type: "text", body: chars(4_096) }],
  ["a picture with a caption of 1024", { type: "image", media, caption: chars(1_024) }],
  ["a linked document", { type: "document", media: { link: "https://x.example/a.pdf" }, filename: "a.pdf" }],
  [
    "three buttons of 20",
    { type: "buttons", body: chars(1_024), buttons: ids(3).map((id) => button(id, id.padEnd(20, "x"))) },
  ],
  ["ten rows", list([{ rows: ids(10).map((id) => row(id, { description: chars(72) })) }])],
  [
    "two sections with titles",
    list([
      { title: chars(24), rows: [row("1")] },
      { title: "b", rows: [row("2")] },
    ]),
  ],
  ["a family as a reaction", { type: "reaction", target_wamid: "wamid.A", emoji: "👨‍👩‍👧‍👦" }],
  ["a flag as a reaction", { type: "reaction", target_wamid: "wamid.A", emoji: "🇫🇷" }],
  ["a reaction taken back", { type: "reaction", target_wamid: "wamid.A", emoji: null }],
  [
    "a template with named parameters",
    template({ body: [{ type: "text", name: "first_name", text: "Ada" }] }),
  ],
  [
    "a template with a picture and buttons",
    template({ header: [{ type: "image", media }], buttons: [{ type: "url", index: 0, text: "a" }] }),
  ],
  ["a flow by its name, with a button of 30", flow({ flow: { name: "booking" }, cta: chars(30) })],
  ["a request for contact data of 1024", { type: "contact_request", body: chars(1_024) }],
  ["thirty products", products([{ product_retailer_ids: ids(30) }])],
  ["a product without words", { type: "product", catalog_id: "1", product_retailer_id: "1" }],
  ["a place", { type: "location", latitude: -90, longitude: 180 }],
  ["a card", { type: "contacts", contacts: [{ name: { formatted_name: "Ada", first_name: "Ada" } }] }],
])("%s is fine", (_, content) => {
  expect(problems(content)).toEqual([]);
});

test.each<[string, OutgoingContent, string | RegExp]>([
  ["an empty text", { type: "text", body: " \n" }, "The text is empty."],
  [
    "a text of which nothing can be seen (F9)",
    { type: "text", body: " \u200b\u3164\u2800 " },
    "The text is empty.",
  ],
  ["a long text", { type: "text", body: chars(4_097) }, "The text has 4097 characters; Meta takes 4096."],
  ["a long caption", { type: "video", media, caption: chars(1_025) }, /caption has 1025/],
  ["a file without an id", { type: "image", media: { id: "abc" } }, /file's id/],
  ["a link that is none", { type: "audio", media: { link: "ftp://x" } }, /link must begin/],
  ["no button", { type: "buttons", body: "b", buttons: [] }, "There are 0 buttons; Meta takes 1 to 3."],
  ["four buttons", { type: "buttons", body: "b", buttons: ids(4).map((id) => button(id)) }, /4 buttons/],
  [
    "a long button",
    { type: "buttons", body: "b", buttons: [button("1", chars(21))] },
    /21 characters; Meta takes 20/,
  ],
  [
    "the same button twice",
    { type: "buttons", body: "b", buttons: [button("1", "a"), button("1", "b")] },
    "Two buttons have the same id.",
  ],
  [
    "two buttons that look alike",
    { type: "buttons", body: "b", buttons: [button("1", "a"), button("2", "a")] },
    "Two buttons have the same title.",
  ],
  [
    "a long header",
    { type: "buttons", header: { type: "text", text: chars(61) }, body: "b", buttons: [button("1")] },
    /header has 61/,
  ],
  [
    "a long footer",
    { type: "cta_url", body: "b", footer: chars(61), text: "Open", url: "https://x.example" },
    /footer has 61/,
  ],
  [
    "a URL that is none",
    { type: "cta_url", body: "b", text: "Open", url: "javascript:alert(1)" },
    /URL must begin/,
  ],
  ["eleven rows", list([{ rows: ids(11).map((id) => row(id)) }]), /11 rows in all/],
  ["sections without titles", list([{ rows: [row("1")] }, { rows: [row("2")] }]), /needs a title/],
  ["a long row", list([{ rows: [{ id: "1", title: chars(25) }] }]), /25 characters; Meta takes 24/],
  [
    "a long description",
    list([{ rows: [row("1", { description: chars(73) })] }]),
    /73 characters; Meta takes 72/,
  ],
  ["an empty section", list([{ rows: [] }]), "A section has no rows."],
  ["the same row twice", list([{ rows: [row("1"), row("1")] }]), "Two rows have the same id."],
  ["two emoji", { type: "reaction", target_wamid: "wamid.A", emoji: "👍👍" }, "A reaction is one emoji."],
  [
    "a letter as a reaction",
    { type: "reaction", target_wamid: "wamid.A", emoji: "x" },
    "A reaction is one emoji.",
  ],
  ["a template's name in capitals", template({ name: "Order" }), /small letters/],
  ["a language with a hyphen", template({ language: "en-US" }), /looks like en or en_US/],
  [
    "named and nameless parameters",
    template({
      body: [
        { type: "text", text: "a", name: "a" },
        { type: "text", text: "b" },
      ],
    }),
    /Either all parameters/,
  ],
  ["a line break in a parameter", template({ body: [{ type: "text", text: "a\nb" }] }), /line breaks/],
  ["five spaces in a parameter", template({ body: [{ type: "text", text: "a     b" }] }), /4 spaces/],
  ["a picture in the body", template({ body: [{ type: "image", media }] }), /only texts, amounts and dates/],
  [
    "one button twice",
    template({
      buttons: [
        { type: "url", index: 0, text: "a" },
        { type: "url", index: 0, text: "b" },
      ],
    }),
    /same button/,
  ],
  ["a long button of a flow", flow({ cta: chars(31) }), "The button has 31 characters; Meta takes 30."],
  ["an emoji on a flow's button", flow({ cta: "Book 📅" }), "The button of a flow can't have an emoji."],
  ["a flow's id that is a name", flow({ flow: { id: "booking" } }), /id is the number/],
  ["a flow without a name", flow({ flow: { name: " " } }), "The flow's name is empty."],
  ["a picture above a flow", flow({ header: { type: "image", media } }), "A flow's header is text."],
  [
    "a screen with nothing in it",
    flow({ action: { type: "navigate", screen: "A", data: {} } }),
    /data of a flow's screen is empty/,
  ],
  ["a screen without a name", flow({ action: { type: "navigate", screen: "" } }), /screen is empty/],
  ["31 products", products([{ product_retailer_ids: ids(31) }]), /31 products in all; Meta takes 30/],
  ["no products", products([{ product_retailer_ids: [] }]), "A section has no products."],
  [
    "products in sections without titles",
    products([{ product_retailer_ids: ["1"] }, { product_retailer_ids: ["2"] }]),
    /needs a title/,
  ],
  [
    "a product of no catalog",
    { type: "product", catalog_id: "", product_retailer_id: "1" },
    /catalog is empty/,
  ],
  ["a place outside the world", { type: "location", latitude: 91, longitude: 0 }, /latitude/],
  ["no card", { type: "contacts", contacts: [] }, /0 contacts/],
  [
    "a card with a formatted name alone",
    { type: "contacts", contacts: [{ name: { formatted_name: "Ada" } }] },
    /another part of its name/,
  ],
])("%s is a problem, said in words", (_, content, sentence) => {
  expect(problems(content)).toEqual([expect.stringMatching(sentence)]);
});

it("the recipient is a whole number or a user id", () => {
  const text: OutgoingContent = { type: "text", body: "x" };
  for (const to of [{ phone: "+44 7700 900321" }, { user_id: "US.13491208655302741918" }])
    expect(problems(text, { to })).toEqual([]);
  for (const to of [{ phone: "07700 900321" }, { phone: "hello" }, { user_id: "13491208655302741918" }])
    expect(problems(text, { to })).toHaveLength(1);
  expect(problems(text, { callback_data: chars(513) })).toEqual([
    expect.stringMatching(/callback data has 513/),
  ]);
});

it("a file is of a type and a size that Meta takes, by what it is sent as", () => {
  const mb = 1024 * 1024;
  expect(checkMedium({ type: "audio", mime_type: "audio/ogg; codecs=opus", size_bytes: 16 * mb })).toEqual(
    [],
  );
  expect(checkMedium({ type: "document", mime_type: "application/pdf", size_bytes: 100 * mb })).toEqual([]);
  expect(checkMedium({ type: "image", mime_type: "image/gif", size_bytes: 1 })).toEqual([
    "Meta takes no image/gif as image; it takes image/jpeg, image/png.",
  ]);
  expect(checkMedium({ type: "image", mime_type: "image/png", size_bytes: 6 * mb })).toEqual([
    "The file has 6.0 MB; Meta takes 5.0 MB as image.",
  ]);
  // Rounded the two would be the same (L12).
  expect(checkMedium({ type: "image", mime_type: "image/png", size_bytes: 5 * mb + 1 })).toEqual([
    "The file has 5.0 MB (5242881 bytes, 1 too many); Meta takes 5.0 MB as image.",
  ]);
  expect(checkMedium({ type: "sticker", mime_type: "image/webp", size_bytes: 0 })).toEqual([
    "The file is empty.",
  ]);
});
