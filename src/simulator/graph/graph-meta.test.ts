/** What a client that takes the simulator for Meta would notice: each difference that there was, by its name. */
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { createGraphStandIn, createSimulator, type GraphStandIn, NUMBERS, PERSONAS } from "../simulator.ts";
import type { Update } from "../world/updates.ts";

const NUMBER = NUMBERS[0]!;
const [SHEENA, AMARA] = PERSONAS as [(typeof PERSONAS)[0], (typeof PERSONAS)[0]];
type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

let standIn: GraphStandIn;
let url: string;
let told: Update[];
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  told = [];
  const simulator = createSimulator({ target_url: "http://127.0.0.1:9/", app_secret: "s", seed: 7 });
  standIn = createGraphStandIn({
    simulator,
    token: "TOKEN",
    odds: { failed: 0, delivered: 1, read: 1, read_at_once: 0 },
    deliver: (updates) => Promise.resolve(void told.push(...updates)),
    pause: () => Promise.resolve(),
    seed: 7,
  });
  url = await standIn.listen(0);
  stops.push(
    () => standIn.stop(),
    () => simulator.stop(),
  );
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function call(
  method: string,
  path: string,
  body?: Buffer | string | Json,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json }> {
  const isJson = body !== undefined && typeof body !== "string" && !Buffer.isBuffer(body);
  const answer = await fetch(path.startsWith("http") ? path : `${url}/${path}`, {
    method,
    headers: {
      authorization: "Bearer TOKEN",
      ...(isJson ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as string) }),
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}
const post = (body: Json, to: object = { to: "+447700900321" }) =>
  call("POST", `v27.0/${NUMBER.phone_number_id}/messages`, { messaging_product: "whatsapp", ...to, ...body });
const interactive = (body: object) =>
  post({ type: "interactive", interactive: { body: { text: "b" }, ...body } });
const refusal = async (answer: Promise<{ status: number; body: Json }>) => {
  const { status, body } = await answer;
  const { fbtrace_id, ...error } = (body as { error: Json }).error;
  expect(fbtrace_id).toMatch(/^A.{22}$/);
  expect(status).toBeGreaterThanOrEqual(400);
  return error;
};
const statuses = async () => {
  await standIn.drain();
  return told.map(({ item }) => item);
};

describe("pages", () => {
  const at = `v26.0/${NUMBER.waba_id}/message_templates`;

  it("have a whole number of things: another limit is refused, and none that is told is (C)", async () => {
    for (const limit of ["1.5", "0", "-1", "1e1", "0x2", "x", ""])
      expect(await refusal(call("GET", `${at}?limit=${limit}`))).toMatchObject({ code: 100 });
  });

  it("nested without end is malformed, and no fault of the simulator's own (C)", async () => {
    const deep = "[".repeat(30_000) + "]".repeat(30_000);
    for (const body of [`{"a":${deep}}`, deep])
      expect(await refusal(call("POST", at, body, { "content-type": "application/json" }))).toMatchObject({
        code: 100,
      });
    expect((await call("GET", `${at}?status=${"[".repeat(5_000)}`)).status).toBe(200);
  });

  it("are followed by their links alone, to the address that was asked, with version, fields and limit (C)", async () => {
    const names: string[] = [];
    let next: string | undefined = `${url}/${at}?fields=name,status&limit=3&access_token=TOKEN`;
    let previous: string | undefined;
    while (next !== undefined) {
      const link: URL = new URL(next);
      expect([link.origin, link.pathname]).toEqual([url, `/${at}`]);
      expect([link.searchParams.get("limit"), link.searchParams.get("fields")]).toEqual(["3", "name,status"]);
      const answer: Response = await fetch(next);
      const { data, paging } = (await answer.json()) as Json;
      names.push(...(data as Json[]).map(({ name }) => String(name)));
      expect(Object.keys((data as Json[])[0]!)).toEqual(["id", "name", "status"]);
      ({ next, previous } = paging as { next?: string; previous?: string });
    }
    expect(names).toHaveLength(new Set(names).size);
    const back = (await (await fetch(previous!)).json()) as Json;
    expect((back["data"] as Json[]).map(({ name }) => String(name))).toEqual(names.slice(-4, -1));
  });

  it("have the summary that is asked for (C)", async () => {
    const { body } = await call(
      "GET",
      `${at}?limit=1&summary=total_count,message_template_count,message_template_limit,are_translations_complete`,
    );
    expect(body["summary"]).toEqual({
      total_count: 7,
      message_template_count: 7,
      message_template_limit: 6_000,
      are_translations_complete: true,
    });
  });

  test.each([
    ["status=APPROVED,REJECTED", 7],
    ['status=["APPROVED"]', 7],
    ["category=marketing,utility", 6],
    ["status=REJECTED", 0],
    ["content=rain jackets", 1],
    ["name_or_content=hello_w", 1],
    ["quality_score=GREEN", 0],
    ["name=[", 0],
  ])("filtered by %s have %i", async (filter, count) => {
    const { body } = await call("GET", `${at}?${filter}`);
    expect(body["data"]).toHaveLength(count);
  });

  it("refuse a cursor that is none, and answer an empty page with no links", async () => {
    expect(await refusal(call("GET", `${at}?after=xyz`))).toMatchObject({ code: 2642 });
    expect((await call("GET", `${at}?name=nope`)).body).toEqual({ data: [] });
  });
});

describe("what a call says", () => {
  it("is named by the part that is wrong, not printed whole (C)", async () => {
    const refusal = async (interactive: object) =>
      JSON.stringify((await post({ type: "interactive", interactive })).body);
    const unknown = await refusal({ type: "wheel_of_fortune", body: { text: "a secret" } });
    expect(unknown).toMatch(
      /\(#100\) Param interactive\['type'\] must be one of \{BUTTON, LIST, [^}]*\} - got /,
    );
    expect(unknown).toContain("wheel_of_fortune");
    expect(unknown).not.toContain("a secret");
    expect(await refusal({ body: { text: "a secret" } })).toContain("interactive['type'] is required");
  });

  it("may be null, which counts as left out (C)", async () => {
    const { status } = await post({
      type: "text",
      text: { body: "hi", preview_url: null },
      context: null,
      recipient: null,
      biz_opaque_callback_data: null,
    });
    expect(status).toBe(200);
  });

  test.each<[string, object]>([
    ["a word for a boolean", { type: "text", text: { body: "hi", preview_url: "true" } }],
    ["an object in a string", { type: "text", text: '{"body":"hi"}' }],
    ["a type in capitals", { type: "TEXT", text: { body: "hi" } }],
    ["a number for a phone number", { to: 447_700_900_321, type: "text", text: { body: "hi" } }],
  ])("may be %s (C)", async (_, body) => {
    expect((await post(body)).status).toBe(200);
  });

  it("may be a form, with the token in it, or the query (C)", async () => {
    const said = {
      messaging_product: "whatsapp",
      to: "+447700900321",
      type: "text",
      text: '{"body":"hi","preview_url":"false"}',
    };
    const form = await fetch(`${url}/v27.0/${NUMBER.phone_number_id}/messages`, {
      method: "POST",
      body: new URLSearchParams({ ...said, access_token: "TOKEN" }),
    });
    expect(form.status).toBe(200);
    const query = new URLSearchParams({ ...said, access_token: "TOKEN" }).toString();
    const asked = await fetch(`${url}/v27.0/${NUMBER.phone_number_id}/messages?${query}`, { method: "POST" });
    expect(asked.status).toBe(200);
  });

  it("may be multipart with names that are not quoted (C)", async () => {
    const body = [
      "--b",
      "Content-Disposition: form-data; name=messaging_product",
      "",
      "whatsapp",
      "--b",
      "Content-Disposition: form-data; name=file; filename=x.jpg",
      "Content-Type: image/jpeg",
      "",
      "picture",
      "--b--",
      "",
    ].join("\r\n");
    const { status, body: answer } = await call("POST", `v27.0/${NUMBER.phone_number_id}/media`, body, {
      "content-type": "multipart/form-data; boundary=b",
    });
    expect(status).toBe(200);
    expect(standIn.findMedia(String(answer["id"]))).toMatchObject({ mime_type: "image/jpeg", size_bytes: 7 });
  });
});

describe("interactive messages of each type are taken (C)", () => {
  const card = (card_index: number, more: object = {}) => ({
    card_index,
    type: "cta_url",
    header: { type: "image", image: { link: "https://files.example/a.png" } },
    body: { text: "c" },
    action: { name: "cta_url", parameters: { display_text: "Shop now", url: "https://shop.example" } },
    ...more,
  });
  const money = (value: number) => ({ value, offset: 100 });
  const order = {
    status: "pending",
    items: [{ retailer_id: "1", name: "Cake", amount: money(500), quantity: 2 }],
    subtotal: money(1_000),
    tax: money(100),
  };
  const details = {
    reference_id: "order-1",
    type: "digital-goods",
    payment_type: "br",
    payment_settings: [{ type: "payment_link", payment_link: { uri: "https://pay.example" } }],
    currency: "BRL",
    total_amount: money(1_100),
    order,
  };
  const types: Record<string, { right: object; wrong: [string, object, object][] }> = {
    voice_call: {
      right: { name: "voice_call", parameters: { display_text: "Call us", ttl_minutes: 100, payload: "p" } },
      wrong: [
        [
          "a long text on the button",
          { name: "voice_call", parameters: { display_text: "x".repeat(21) } },
          {
            code: 100,
            message:
              "(#100) Param interactive['action']['parameters']['display_text'] must be at most 20 characters long.",
          },
        ],
      ],
    },
    carousel: {
      right: { cards: [card(0), card(1)] },
      wrong: [
        ["one card", { cards: [card(0)] }, { code: 131009 }],
        ["the same index twice", { cards: [card(0), card(0)] }, { code: 131009 }],
        [
          "headers of two types",
          {
            cards: [
              card(0),
              card(1, { header: { type: "video", video: { link: "https://files.example/a.mp4" } } }),
            ],
          },
          { code: 131009 },
        ],
        ["a card without its header", { cards: [card(0), card(1, { header: undefined })] }, { code: 131008 }],
      ],
    },
    address_message: {
      right: { name: "address_message", parameters: { country: "IN", values: { city: "Pune" } } },
      wrong: [["no country", { name: "address_message", parameters: {} }, { code: 131008 }]],
    },
    order_details: {
      right: { name: "review_and_pay", parameters: details },
      wrong: [
        [
          "a sum that is wrong",
          { name: "review_and_pay", parameters: { ...details, total_amount: money(1) } },
          { code: 131009 },
        ],
      ],
    },
    order_status: {
      right: {
        name: "review_order",
        parameters: {
          reference_id: "order-1",
          order: { status: "shipped" },
          payment: { status: "captured" },
        },
      },
      wrong: [
        [
          "a status that there is not",
          { name: "review_order", parameters: { reference_id: "order-1", order: { status: "lost" } } },
          { code: 100 },
        ],
      ],
    },
  };
  test.each(Object.entries(types))("%s", async (type, { right }) => {
    expect((await interactive({ type, action: right })).status).toBe(200);
  });
  test.each(
    Object.entries(types).flatMap(([type, { wrong }]) =>
      wrong.map(([what, action, error]) => [type, what, action, error] as const),
    ),
  )("%s is refused with %s", async (type, _, action, error) => {
    expect(await refusal(interactive({ type, action }))).toMatchObject(error);
  });

  it("carousel of products, all of one catalog", async () => {
    const product = (card_index: number, catalog_id = "1") => ({
      card_index,
      type: "product",
      action: { product_retailer_id: "a", catalog_id },
    });
    const send = (...cards: object[]) => interactive({ type: "carousel", action: { cards } });
    expect((await send(product(0), product(1))).status).toBe(200);
    expect(await refusal(send(product(0), product(1, "2")))).toMatchObject({ code: 131009 });
  });
});

describe("messages to groups", () => {
  it("are no messages to people, and are pinned there alone (C)", async () => {
    const group = { recipient_type: "group", to: "Y2FwaV9ncm91cDox" };
    const pin = { type: "pin", pin: { type: "pin", message_id: "wamid.A", expiration_days: 4 } };
    expect(await refusal(post(pin))).toMatchObject({ code: 131051 });
    // A group that is not there.
    expect(await refusal(post({ type: "text", text: { body: "hi" } }, group))).toMatchObject({
      code: 131041,
    });
    expect(await refusal(post(pin, group))).toMatchObject({ code: 131041 });
    expect(await refusal(post({ ...pin, pin: { type: "pin", message_id: "wamid.A" } }, group))).toMatchObject(
      { code: 131009 },
    );
    expect(
      await refusal(post({ type: "interactive", interactive: { type: "list", body: { text: "b" } } }, group)),
    ).toMatchObject({ code: 131051 });
  });
});

describe("refusals are in Graph's words", () => {
  const bad = (path: string, method = "GET") => call(method, path, method === "GET" ? undefined : {});
  const unknown = (method: string, id: string) => ({
    message: `Unsupported ${method} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    type: "GraphMethodException",
    code: 100,
    error_subcode: 33,
  });
  const param = (message: string) => ({ message: `(#100) ${message}`, type: "OAuthException", code: 100 });

  test.each<[string, () => Promise<{ status: number; body: Json }>, object]>([
    ["an unknown object", () => bad("v27.0/999/messages", "POST"), unknown("post", "999")],
    ["an unknown object that is read", () => bad("v27.0/999"), unknown("get", "999")],
    ["an id in broken percent-encoding", () => bad("v27.0/%E0%A4%A"), unknown("get", "%E0%A4%A")],
    ["an edge of one", () => bad("v27.0/%ff/messages", "POST"), unknown("post", "%ff")],
    [
      "an unknown field",
      () => bad(`v27.0/${NUMBER.phone_number_id}?fields=verified_name,nope`),
      param("Tried accessing nonexisting field (nope) on node type (WhatsAppBusinessPhoneNumber)"),
    ],
    [
      "an edge that is another object's",
      () => bad(`v27.0/${NUMBER.phone_number_id}/message_templates`),
      param(
        "Tried accessing nonexisting field (message_templates) on node type (WhatsAppBusinessPhoneNumber)",
      ),
    ],
    [
      "a version that there is not",
      () => bad(`v99.0/${NUMBER.phone_number_id}`),
      {
        message: `Unknown path components: /${NUMBER.phone_number_id}`,
        type: "OAuthException",
        code: 2500,
      },
    ],
    [
      "no product",
      () => call("POST", `v27.0/${NUMBER.phone_number_id}/messages`, { to: "+1", type: "text" }),
      param("The parameter messaging_product is required."),
    ],
    [
      "no recipient",
      () => post({ type: "text", text: { body: "b" } }, {}),
      param("The parameter to is required."),
    ],
    [
      "another type",
      () => post({ type: "poll" }),
      param(
        'Param type must be one of {TEXT, IMAGE, VIDEO, AUDIO, DOCUMENT, STICKER, LOCATION, CONTACTS, REACTION, PIN, INTERACTIVE, TEMPLATE} - got "poll".',
      ),
    ],
    [
      "a long text",
      () => post({ type: "text", text: { body: "x".repeat(4_097) } }),
      param("Param text['body'] must be at most 4096 characters long."),
    ],
    [
      "a text that is none",
      () => post({ type: "text", text: { body: 5 } }),
      param("Param text['body'] must be a string."),
    ],
    [
      "a key that is another type's",
      () => post({ type: "image", image: { link: "https://a.example/b", filename: "b" } }),
      param('Unexpected key "filename" on param "image".'),
    ],
    [
      "a file that is gone",
      () => post({ type: "image", image: { id: "17" } }),
      param("Param image['id'] is not a valid whatsapp business account media attachment ID"),
    ],
    [
      "eleven rows",
      () =>
        interactive({
          type: "list",
          action: {
            button: "o",
            sections: [{ rows: Array.from({ length: 11 }, (_, at) => ({ id: String(at), title: "r" })) }],
          },
        }),
      {
        message: "(#131009) Parameter value is not valid",
        type: "OAuthException",
        code: 131009,
        error_data: {
          messaging_product: "whatsapp",
          details: "Total row count exceed max allowed count: 10",
        },
      },
    ],
    [
      "a template's name in capitals",
      () => call("POST", `v27.0/${NUMBER.waba_id}/message_templates`, { name: "Big", language: "en_US" }),
      param("Param name is not valid."),
    ],
  ])("%s (C)", async (_, act, error) => {
    expect(await refusal(act())).toEqual(error);
  });

  it("no refusal tells how the simulator reads (C)", async () => {
    const givens = [{}, { text: [] }, { text: { body: null } }, { text: { body: {} } }, { text: "no" }];
    for (const given of givens)
      expect((await refusal(post({ type: "text", ...given })))["message"]).toMatch(
        /^\(#100\) Param text(?:\['body'\])? must be a (?:string|JSON object)\.$|^\(#131008\) Required parameter is missing$/,
      );
  });

  test.each([
    ["v27.0", "v27.0"],
    ["v21.0", "v21.0"],
    ["v19.0", "v21.0"],
  ])("%s is taken, and answered as %s", async (asked, answered) => {
    const answer = await fetch(`${url}/${asked}/${NUMBER.phone_number_id}`, {
      headers: { authorization: "Bearer TOKEN" },
    });
    expect([answer.status, answer.headers.get("facebook-api-version")]).toEqual([200, answered]);
  });
});

describe("files", () => {
  it("of another number are not there (C)", async () => {
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("file", new Blob(["picture"], { type: "image/png" }), "a.png");
    const up = await fetch(`${url}/v27.0/${NUMBER.phone_number_id}/media`, {
      method: "POST",
      headers: { authorization: "Bearer TOKEN" },
      body: form,
    });
    const { id } = (await up.json()) as { id: string };
    const { id: received } = standIn.putMedia({ bytes: Buffer.from("a"), mime_type: "image/png" });
    for (const file of [id, received]) {
      const asked = (number: string) => call("GET", `v27.0/${file}?phone_number_id=${number}`);
      expect((await asked(NUMBER.phone_number_id)).status).toBe(200);
      expect(await refusal(asked("999"))).toMatchObject({ code: 100, error_subcode: 33 });
      expect(await refusal(call("DELETE", `v27.0/${file}?phone_number_id=999`))).toMatchObject({ code: 100 });
    }
  });
});

describe("templates are sent as they were approved", () => {
  const send = (name: string, components: object[], language = "en_US") =>
    post({ type: "template", template: { name, language: { code: language }, components } });
  const body = (...texts: (string | undefined)[]) => ({
    type: "body",
    parameters: texts.map((text) => ({ type: "text", text })),
  });
  const header = (parameter: object) => ({ type: "header", parameters: [parameter] });
  const image = { type: "image", image: { link: "https://a.example/b.png" } };
  const code = (text: string) => [
    body(text),
    { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text }] },
  ];
  const spaces = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";

  test.each<[string, string, object[], number, string?]>([
    ["a line break", "order_update", [body("Ada\nB", "1")], 132018, spaces],
    ["a tab", "order_update", [body("Ada\tB", "1")], 132018, spaces],
    ["five spaces", "order_update", [body("Ada     B", "1")], 132018, spaces],
    ["nothing", "order_update", [body("", "1")], 131008, "Parameter of type text is missing text value"],
    [
      "no text",
      "order_update",
      [body(undefined, "1")],
      131008,
      "Parameter of type text is missing text value",
    ],
    [
      "one too few",
      "order_update",
      [body("Ada")],
      132000,
      "body: number of localizable_params (1) does not match the expected number of params (2)",
    ],
    [
      "a text for an image",
      "new_arrivals",
      [header({ type: "text", text: "a" }), body("Ada")],
      132012,
      "header: Format mismatch, expected IMAGE, received TEXT",
    ],
    [
      "no image",
      "new_arrivals",
      [body("Ada")],
      132012,
      "header: Format mismatch, expected IMAGE, received UNKNOWN",
    ],
    [
      "an image for a text",
      "order_confirmation",
      [header(image), body("Ada", "Friday")],
      132012,
      "header: Format mismatch, expected TEXT, received IMAGE",
    ],
    ["a long code", "verification_code", code("1234567890123456"), 132008],
    ["a text that fills more than there is", "spring_sale", [body("x".repeat(1_024))], 132005],
  ])("with %s they are refused (C)", async (_, name, components, error_code, details) => {
    expect(await refusal(send(name, components))).toMatchObject({
      code: error_code,
      ...(details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } }),
    });
  });

  test.each<[string, string, object[]]>([
    ["four spaces", "order_update", [body("Ada    B", "1")]],
    ["an image", "new_arrivals", [header(image), body("Ada")]],
    ["a code of 15 characters", "verification_code", code("123456789012345")],
  ])("with %s they are taken", async (_, name, components) => {
    expect((await send(name, components)).status).toBe(200);
  });

  test.each([
    [SHEENA.wa_id, "failed", [131049]],
    [AMARA.wa_id, "read", []],
    // Canada has +1 as well.
    ["16045550123", "read", []],
  ])("marketing to %s: %s, told by a status (C)", async (wa_id, last, codes) => {
    const template = { name: "spring_sale", language: { code: "en_US" }, components: [body("Ada")] };
    expect((await post({ type: "template", template }, { to: `+${wa_id}` })).status).toBe(200);
    const { status, errors = [] } = (await statuses()).at(-1) as {
      status: string;
      errors?: { code: number }[];
    };
    expect([status, errors.map(({ code: number }) => number)]).toEqual([last, codes]);
  });
});

test.each([
  ["+5511987654321", "551187654321"],
  ["+525512345678", "5215512345678"],
  ["+5215512345678", "5215512345678"],
  ["+541123456789", "5491123456789"],
  ["+5491123456789", "5491123456789"],
  ["+447700900321", "447700900321"],
])("%s is known as %s (C)", async (to, wa_id) => {
  const { body } = await post({ type: "text", text: { body: "hi" } }, { to });
  expect(body["contacts"]).toEqual([{ input: to, wa_id }]);
});
