/** What the calls beside messages and templates change reads back, and what is wrong has Meta's own errors. */
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Box, createBox, NUMBERS } from "../simulator.ts";

/** Answers as they are: what they hold is what is tested. */
type Json = ReturnType<typeof JSON.parse>;
const NUMBER = NUMBERS[0]!.phone_number_id;
const WABA = NUMBERS[0]!.waba_id;
const SHEENA = "12025550147";
const AMARA = "447700900321";
const SDP = { sdp_type: "offer", sdp: "v=0" };

/** The values of the changes that came by webhook, with their fields. */
let came: Json[] = [];
const receiver = createServer((req, res) => {
  const take = async () => {
    const { entry } = JSON.parse((await buffer(req)).toString()) as { entry: { changes: Json[] }[] };
    came.push(...entry.flatMap(({ changes }) => changes));
    res.end();
  };
  void take();
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

let box: Box;
let url: string;
let app: string;
beforeEach(async () => {
  came = [];
  box = createBox({
    target_url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    app_secret: "secret",
    token: "T",
    speed: 1_000_000,
    graph: { odds: { failed: 0, delivered: 1, read: 1, read_at_once: 0 }, approved: 1 },
  });
  url = await box.listen(0);
  app = (await box.state()).access.app_id;
});
afterEach(() => box.stop());

async function ask(method: string, path: string, body?: unknown, headers: Json = {}): Promise<Json> {
  const isJson = body !== undefined && !(body instanceof FormData) && !Buffer.isBuffer(body);
  const answer = await fetch(`${url}/v27.0/${path}`, {
    method,
    headers: {
      authorization: "Bearer T",
      ...(isJson ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as never) }),
  });
  return { status: answer.status, ...((await answer.json()) as Json) };
}
const whatsapp = (body: Json) => ({ messaging_product: "whatsapp", ...body });
const fault = (code: number, more: Json = {}) => ({ error: { code, type: "OAuthException", ...more } });
const plays = (...updates: Json[]) => box.take({ send: updates });
const values = (field: string) =>
  came.filter((change) => change["field"] === field).map(({ value }) => value);

describe("resumable uploads", () => {
  it("go on where they stopped, and what is whole has a handle that a profile and a template can name", async () => {
    const png = Buffer.from("89504e47", "hex");
    const { id } = await ask("POST", `${app}/uploads?file_length=4&file_type=image/png&file_name=a.png`);
    expect(id).toMatch(/^upload:[\w-]+/);
    expect(
      await ask("POST", id, png.subarray(0, 3), { file_offset: "0", authorization: "OAuth T" }),
    ).toMatchObject({ file_offset: 3 });
    expect(await ask("GET", id)).toMatchObject({ file_offset: 3 });
    expect(await ask("POST", id, png, { file_offset: "9" })).toMatchObject(fault(100));
    const { h } = await ask("POST", id, png.subarray(3), { file_offset: "3" });
    const profile = `${NUMBER}/whatsapp_business_profile`;
    expect(await ask("POST", profile, whatsapp({ profile_picture_handle: "4:no" }))).toMatchObject(
      fault(100),
    );
    await ask("POST", profile, whatsapp({ profile_picture_handle: h }));
    const [{ profile_picture_url }] = (await ask("GET", `${profile}?fields=profile_picture_url`))["data"];
    expect(Buffer.from(await (await fetch(profile_picture_url)).arrayBuffer())).toEqual(png);
  });

  it("a template's header names the handle of an uploaded file of its kind; a URL or an unknown handle is as none (2388273)", async () => {
    const upload = async (mime_type: string) => {
      const { id } = await ask("POST", `${app}/uploads?file_length=4&file_type=${mime_type}`);
      return (await ask("POST", id, Buffer.from("file")))["h"] as string;
    };
    const make = (name: string, format: string, header_handle?: unknown) =>
      ask("POST", `${WABA}/message_templates`, {
        name,
        language: "en_US",
        category: "MARKETING",
        components: [
          { type: "HEADER", format, ...(header_handle === undefined ? {} : { example: { header_handle } }) },
          { type: "BODY", text: "Come by." },
        ],
      });
    const [picture, pdf] = [await upload("image/png"), await upload("application/pdf")];
    const none = fault(100, {
      error_user_msg: expect.stringContaining("Templates with IMAGE header type need an example/sample"),
      error_subcode: 2_388_273,
    });
    for (const wrong of [undefined, [], ["4:unknown"], ["https://example.org/a.png"], [pdf], [7]])
      expect(await make("pictured", "IMAGE", wrong)).toMatchObject(none);
    const made = await make("pictured", "IMAGE", [picture]);
    expect(made).toMatchObject({ status: "PENDING", category: "MARKETING" });
    expect(await make("printed", "DOCUMENT", [pdf])).toMatchObject({ status: "PENDING" });
    expect(await make("placed", "LOCATION")).toMatchObject({ status: "PENDING" });
    await box.drain();
    const changed = [{ type: "HEADER", format: "IMAGE", example: { header_handle: ["4:unknown"] } }];
    expect(await ask("POST", made["id"], { components: changed })).toMatchObject(none);
    const cards = [
      { components: [{ type: "header", format: "image", example: { header_handle: ["4:x"] } }] },
    ];
    expect(
      await ask("POST", made["id"], {
        components: [
          { type: "BODY", text: "Look." },
          { type: "CAROUSEL", cards },
        ],
      }),
    ).toMatchObject(none);
  });

  it("are for those who hold the signature; bytes that came before a cut count, and a whole file takes no more (C)", async () => {
    const file = Buffer.alloc(600_000, "x");
    const { id } = await ask("POST", `${app}/uploads?file_length=${file.length}&file_type=image/png`);
    const bare = (id as string).split("?")[0]!;
    for (const wrong of [bare, `${bare}?sig=guess`]) {
      expect(await ask("GET", wrong)).toMatchObject(fault(100));
      expect(await ask("POST", wrong, file)).toMatchObject(fault(100));
    }
    const { port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(
          `POST /v27.0/${id as string} HTTP/1.1\r\nhost: x\r\nauthorization: OAuth T\r\nfile_offset: 0\r\ncontent-length: ${file.length}\r\n\r\n`,
        );
        socket.write(file.subarray(0, 200_000), () => socket.end());
      });
      socket
        .on("error", () => {})
        .on("close", () => resolve())
        .resume();
    });
    await vi.waitFor(async () => expect(await ask("GET", id)).toMatchObject({ file_offset: 200_000 }));
    const rest = await ask("POST", id, file.subarray(200_000), { file_offset: "200000" });
    expect(rest["h"]).toMatch(/^4:/);
    for (const offset of ["0", String(file.length)])
      expect(await ask("POST", id, Buffer.from("y"), { file_offset: offset })).toMatchObject(fault(100));
    expect(await ask("GET", id)).toMatchObject({ file_offset: file.length });
  });

  it("of types that Meta doesn't take, or longer than they said, are refused", async () => {
    expect(await ask("POST", `${app}/uploads?file_length=4&file_type=text/html`)).toMatchObject(fault(100));
    expect(await ask("POST", `${app}/uploads?file_type=image/png`)).toMatchObject(
      fault(100, { message: "(#100) The parameter file_length is required." }),
    );
    const { id } = await ask("POST", `${app}/uploads?file_length=1&file_type=image/png`);
    expect(await ask("POST", id, Buffer.from("ab"))).toMatchObject(fault(100));
    expect(await ask("GET", "upload:unknown")).toMatchObject({ error: { code: 100, error_subcode: 33 } });
  });
});

describe("the account and the app", () => {
  it("are told with their fields, and what is changed reads back", async () => {
    expect(await ask("GET", WABA)).toEqual({
      status: 200,
      id: WABA,
      name: "Fjord & Fell",
      timezone_id: "1",
      message_template_namespace: expect.any(String),
    });
    await ask("POST", `${WABA}/subscribed_apps`, {
      override_callback_uri: "https://example.org/w",
      verify_token: "v",
    });
    const told = await ask("GET", `${WABA}?fields=currency,owner_business_info,subscribed_apps`);
    expect(told).toMatchObject({
      currency: "USD",
      subscribed_apps: { data: [{ override_callback_uri: "https://example.org/w" }] },
    });
    expect(
      (await ask("GET", `${told["owner_business_info"].id}/owned_whatsapp_business_accounts`))["data"],
    ).toMatchObject([{ id: WABA }]);
    await ask("POST", WABA, { name: "Fell & Fjord" });
    expect(await ask("GET", `${WABA}?fields=name`)).toMatchObject({ name: "Fell & Fjord" });
    expect(await ask("GET", `${WABA}?fields=nothing`)).toMatchObject(
      fault(100, {
        message: "(#100) Tried accessing nonexisting field (nothing) on node type (WhatsAppBusinessAccount)",
      }),
    );
  });

  it("the app has a token of its own, and its subscription reads back", async () => {
    const grant = "grant_type=client_credentials";
    const { access_token } = await ask(
      "GET",
      `oauth/access_token?client_id=${app}&client_secret=secret&${grant}`,
    );
    expect(access_token).toBe(`${app}|secret`);
    expect(
      (await ask("GET", `oauth/access_token?client_id=${app}&client_secret=no&${grant}`))["error"],
    ).toMatchObject({ code: 1 });
    const subscription = {
      object: "whatsapp_business_account",
      callback_url: "https://example.org/a",
      verify_token: "v",
      fields: "messages,calls",
    };
    const ours = { authorization: `Bearer ${access_token}` };
    expect(await ask("POST", `${app}/subscriptions`, subscription, ours)).toMatchObject({ success: true });
    expect((await ask("GET", `${app}/subscriptions`, undefined, ours))["data"]).toMatchObject([
      { active: true, fields: [{ name: "messages" }, { name: "calls" }] },
    ]);
  });
});

describe("a number", () => {
  it("that isn't registered sends nothing; the PIN is the one that was set", async () => {
    expect(await ask("POST", `${NUMBER}/register`, whatsapp({}))).toMatchObject(
      fault(100, { message: "(#100) The parameter pin is required." }),
    );
    await ask("POST", NUMBER, { pin: "212834" });
    expect(await ask("GET", `${NUMBER}?fields=is_pin_enabled`)).toMatchObject({ is_pin_enabled: true });
    expect(await ask("POST", `${NUMBER}/register`, whatsapp({ pin: "111111" }))).toMatchObject(fault(133005));
    await ask("POST", `${NUMBER}/deregister`);
    expect(await ask("GET", `${NUMBER}?fields=status`)).toMatchObject({ status: "DISCONNECTED" });
    const text = whatsapp({ to: SHEENA, type: "text", text: { body: "x" } });
    expect(await ask("POST", `${NUMBER}/messages`, text)).toMatchObject(fault(133010));
    await ask("POST", `${NUMBER}/register`, whatsapp({ pin: "212834" }));
    expect(await ask("POST", `${NUMBER}/messages`, text)).toMatchObject({ messages: [{}] });
  });

  it("is registered and deregistered ten times in 72 hours, not more", async () => {
    for (let turn = 0; turn < 10; turn++)
      await ask("POST", `${NUMBER}/register`, whatsapp({ pin: "212834" }));
    expect(await ask("POST", `${NUMBER}/register`, whatsapp({ pin: "212834" }))).toMatchObject(fault(133016));
    expect(await ask("POST", `${NUMBER}/deregister`)).toMatchObject(fault(133016));
  });

  it.each(["cc", "country_code"])(
    "is added by Meta's name of its country code, and the older one: %s",
    async (name) => {
      const { id } = await ask("POST", `${WABA}/phone_numbers`, {
        [name]: "+44",
        phone_number: "7700900123",
        verified_name: "British",
      });
      expect(await ask("GET", `${id}?fields=display_phone_number`)).toMatchObject({
        display_phone_number: expect.stringMatching(/^\+44/),
      });
      expect(
        await ask("POST", `${WABA}/phone_numbers`, { phone_number: "2025550191", verified_name: "None" }),
      ).toMatchObject({ error: { message: "(#100) The parameter cc is required." } });
    },
  );

  it("that is new is verified by its code first", async () => {
    const { id } = await ask("POST", `${WABA}/phone_numbers`, {
      country_code: "1",
      phone_number: "2025550191",
      verified_name: "Second",
    });
    expect((await ask("GET", `${WABA}/phone_numbers?fields=code_verification_status`))["data"]).toMatchObject(
      [{}, { id, code_verification_status: "NOT_VERIFIED" }],
    );
    expect(await ask("POST", `${id}/register`, whatsapp({ pin: "212834" }))).toMatchObject(fault(133006));
    expect(await ask("POST", `${id}/request_code?code_method=SMS&language=en_US`)).toMatchObject({
      success: true,
    });
    expect(await ask("POST", `${id}/verify_code?code=111111`)).toMatchObject({
      error: { code: 100, error_user_title: "Code couldn't be verified" },
    });
    expect(await ask("POST", `${id}/verify_code?code=123456`)).toMatchObject({ success: true });
    expect(await ask("POST", `${id}/register`, whatsapp({ pin: "212834" }))).toMatchObject({ success: true });
    await plays({ do: "say", from: SHEENA, to: id, text: "Hello, second" });
    await box.drain();
    expect(values("messages")).toMatchObject([{ metadata: { phone_number_id: id } }]);
  });

  it("has an address of its own for webhooks, a name, settings, a shop, greetings and a username that read back", async () => {
    await ask("POST", NUMBER, {
      webhook_configuration: { override_callback_uri: "https://example.org/p", verify_token: "v" },
    });
    expect(await ask("GET", `${NUMBER}?fields=webhook_configuration`)).toMatchObject({
      webhook_configuration: { phone_number: "https://example.org/p" },
    });
    await ask("POST", NUMBER, { new_display_name: "Fell & Fjord" });
    await box.drain();
    expect(values("phone_number_name_update")).toMatchObject([
      { decision: "APPROVED", requested_verified_name: "Fell & Fjord" },
    ]);
    expect(await ask("GET", `${NUMBER}?fields=verified_name`)).toMatchObject({
      verified_name: "Fell & Fjord",
    });
    await ask("POST", `${NUMBER}/settings`, { calling: { callback_permission_status: "ENABLED" } });
    expect(await ask("GET", `${NUMBER}/settings?fields=calling`)).toMatchObject({
      calling: { status: "ENABLED", callback_permission_status: "ENABLED" },
    });
    expect(await ask("POST", `${NUMBER}/settings`, { calling: { status: "MAYBE" } })).toMatchObject(
      fault(100),
    );
    await ask("POST", `${NUMBER}/whatsapp_commerce_settings?is_catalog_visible=true&is_cart_enabled=false`);
    expect((await ask("GET", `${NUMBER}/whatsapp_commerce_settings`))["data"]).toMatchObject([
      { is_catalog_visible: true, is_cart_enabled: false },
    ]);
    await ask("POST", `${NUMBER}/conversational_automation`, {
      prompts: ["Open?"],
      commands: '[{"command_name":"order","command_description":"Where is it?"}]',
    });
    expect(await ask("GET", `${NUMBER}?fields=conversational_automation`)).toMatchObject({
      conversational_automation: { prompts: ["Open?"], commands: [{ command_name: "order" }] },
    });
    expect(await ask("POST", `${NUMBER}/username`, { username: "amara.okafor" })).toMatchObject(
      fault(147001),
    );
    expect(await ask("POST", `${NUMBER}/username`, { username: "fell.fjord" })).toMatchObject({
      status: "approved",
    });
    expect(await ask("DELETE", `${NUMBER}/username`)).toMatchObject({ success: true });
    expect(await ask("GET", `${NUMBER}/username`)).toMatchObject(fault(100));
  });

  it("keeps QR codes, with pictures, page by page", async () => {
    const codes = `${NUMBER}/message_qrdls`;
    const made = await ask("POST", codes, { prefilled_message: "Hello", generate_qr_image: "png" });
    expect(made).toMatchObject({
      code: expect.stringMatching(/^[A-Z\d]{14}$/),
      deep_link_url: `https://wa.me/message/${made["code"]}`,
    });
    const png = Buffer.from(await (await fetch(made["qr_image_url"])).arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    await ask("POST", codes, { code: made["code"], prefilled_message: "Good day" });
    expect((await ask("GET", `${codes}/${made["code"]}`))["data"]).toMatchObject([
      { prefilled_message: "Good day" },
    ]);
    const [{ qr_image_url }] = (
      await ask("GET", `${codes}/${made["code"]}?fields=code,qr_image_url.format(SVG)`)
    )["data"];
    expect(await (await fetch(qr_image_url)).text()).toContain("<svg");
    await ask("POST", codes, { prefilled_message: "Another" });
    const first = await ask("GET", `${codes}?limit=1`);
    expect(first["data"]).toMatchObject([{ prefilled_message: "Another" }]);
    expect(((await (await fetch(first["paging"].next)).json()) as Json)["data"]).toMatchObject([
      { prefilled_message: "Good day" },
    ]);
    expect(await ask("POST", codes, { prefilled_message: "x".repeat(141) })).toMatchObject(fault(100));
    await ask("DELETE", `${codes}/${made["code"]}`);
    expect(await ask("GET", `${codes}/${made["code"]}`)).toMatchObject({
      error: { code: 100, error_subcode: 33 },
    });
  });
});

describe("people who are blocked", () => {
  const block = (method: string, ...users: string[]) =>
    ask(method, `${NUMBER}/block_users`, whatsapp({ block_users: users.map((user) => ({ user })) }));

  it("write and nothing comes, until they are unblocked; the phone says why", async () => {
    const says = (text: string) => plays({ do: "say", from: SHEENA, text });
    await says("rude");
    await box.drain();
    expect(await block("POST", SHEENA)).toMatchObject({
      status: 200,
      block_users: { added_users: [{ input: SHEENA, wa_id: SHEENA }] },
    });
    expect((await ask("GET", `${NUMBER}/block_users`))["data"]).toMatchObject([{ wa_id: SHEENA }]);
    await says("ruder");
    await expect(box.play({ from: SHEENA, phone_number_id: NUMBER, text: "rudest" })).rejects.toThrow(
      "blocked Sheena Nelson",
    );
    await block("DELETE", SHEENA);
    await says("sorry");
    await box.drain();
    expect(values("messages").map(({ messages }) => messages[0].text.body)).toEqual(["rude", "sorry"]);
    expect(await ask("GET", `${NUMBER}/block_users`)).toMatchObject({ data: [] });
  });

  it("can't be written to either, by their number or their user id, until they are unblocked (131026)", async () => {
    const write = (to: Json) =>
      ask("POST", `${NUMBER}/messages`, whatsapp({ ...to, type: "text", text: { body: "Hello" } }));
    await plays({ do: "say", from: SHEENA, text: "rude" });
    await box.drain();
    const { from_user_id: recipient } = values("messages")[0]["messages"][0];
    await block("POST", SHEENA);
    const refused = fault(131026, {
      error_data: expect.objectContaining({ details: expect.stringContaining("blocked") }),
    });
    expect(await write({ to: SHEENA })).toMatchObject(refused);
    expect(await write({ recipient })).toMatchObject(refused);
    expect(await write({ to: AMARA })).toMatchObject({ status: 200 });
    await block("DELETE", SHEENA);
    expect(await write({ to: SHEENA })).toMatchObject({ status: 200 });
  });

  it("must have written within a day, or the others alone are blocked", async () => {
    await plays({ do: "say", from: SHEENA, text: "rude" });
    expect(await block("POST", SHEENA, AMARA)).toMatchObject({
      status: 400,
      block_users: {
        added_users: [{ wa_id: SHEENA }],
        failed_users: [{ wa_id: AMARA, errors: [{ code: 131047 }] }],
      },
      error: { code: 139100 },
    });
    expect(await block("POST", NUMBERS[0]!.display_phone_number)).toMatchObject({
      block_users: { failed_users: [{ errors: [{ code: 131021 }] }] },
    });
  });
});

describe("who has another user id", () => {
  const NEW = "US.20837465019283746501";
  const write = (recipient: string) =>
    ask("POST", `${NUMBER}/messages`, whatsapp({ recipient, type: "text", text: { body: "Hello" } }));

  it("is known by it in all that follows: messages, statuses, answers, blocks, groups", async () => {
    const invited = async () => {
      await ask("POST", `${NUMBER}/groups`, whatsapp({ subject: "Trip" }));
      await plays({ do: "join", from: SHEENA, group: "Trip" });
    };
    await invited();
    await plays({ do: "say", from: SHEENA, text: "before" });
    await box.drain();
    const before = values("messages").at(-1)["messages"][0]["from_user_id"];
    expect((await write(before))["contacts"]).toEqual([{ input: before, user_id: before }]);
    // In one webhook, too.
    await box.take({
      send: [
        { do: "say", from: SHEENA, new_user_id: NEW },
        { do: "say", from: SHEENA, text: "after" },
        { do: "preference", from: SHEENA, value: "stop" },
      ],
      batch: 10,
    });
    await box.drain();
    const said = values("messages").flatMap(({ messages = [] }) => messages);
    expect(said.find(({ text }) => text?.body === "after")).toMatchObject({
      from: SHEENA,
      from_user_id: NEW,
    });
    expect(values("user_preferences")[0]["user_preferences"][0]).toMatchObject({ user_id: NEW });

    came = [];
    expect((await write(NEW))["contacts"]).toEqual([{ input: NEW, user_id: NEW }]);
    expect(await write(before)).toMatchObject(fault(131009));
    await ask("POST", `${NUMBER}/messages`, whatsapp({ to: SHEENA, type: "text", text: { body: "Hi" } }));
    await box.drain();
    const told = values("messages").flatMap(({ statuses = [] }) => statuses);
    expect(told.length).toBeGreaterThan(3);
    expect(new Set(told.map(({ recipient_user_id }) => recipient_user_id))).toEqual(new Set([NEW]));

    const users = { block_users: [{ user: SHEENA }] };
    expect(
      (await ask("POST", `${NUMBER}/block_users`, whatsapp(users)))["block_users"]["added_users"],
    ).toEqual([{ input: SHEENA, wa_id: SHEENA, user_id: NEW }]);
    await ask("DELETE", `${NUMBER}/block_users`, whatsapp(users));
    came = [];
    await plays({ do: "leave", from: SHEENA, group: "Trip" });
    await box.drain();
    expect(values("group_participants_update")[0]["groups"][0]["removed_participants"]).toMatchObject([
      { user_id: NEW },
    ]);
  });

  it("has the window, the consent and the block that they had", async () => {
    await box.change({ graph: { windows: true } });
    await plays({ do: "say", from: SHEENA, text: "rude" });
    const users = whatsapp({ block_users: [{ user: SHEENA }] });
    await ask("POST", `${NUMBER}/block_users`, users);
    await plays({ do: "say", from: SHEENA, new_user_id: NEW });
    expect((await ask("GET", `${NUMBER}/block_users`))["data"]).toMatchObject([
      { wa_id: SHEENA, user_id: NEW },
    ]);
    await ask("DELETE", `${NUMBER}/block_users`, users);
    expect((await ask("GET", `${NUMBER}/block_users`))["data"]).toEqual([]);
    came = [];
    await write(NEW);
    await box.drain();
    expect(values("messages").flatMap(({ statuses = [] }) => statuses)[0]).toMatchObject({ status: "sent" });
  });

  it("has the old one when the webhook that said so was forged", async () => {
    await box.take({ signature: "wrong", send: [{ do: "say", from: SHEENA, new_user_id: NEW }] });
    await box.drain();
    expect(await write(NEW)).toMatchObject(fault(131009));
  });
});

describe("groups", () => {
  const create = async (about: Json) => {
    const { request_id } = await ask("POST", `${NUMBER}/groups`, whatsapp(about));
    await box.drain();
    return values("group_lifecycle_update")
      .flatMap(({ groups }) => groups as Json[])
      .find((told) => told["request_id"] === request_id)!["group_id"] as string;
  };
  const send = (group: string) =>
    ask(
      "POST",
      `${NUMBER}/messages`,
      whatsapp({ recipient_type: "group", to: group, type: "text", text: { body: "Six?" } }),
    );

  it("take messages when people are in, and tell of all of them in one webhook", async () => {
    const id = await create({ subject: "Hikers", description: "Early birds" });
    expect(await send("unknown")).toMatchObject(fault(131041));
    expect(await send(id)).toMatchObject(fault(131020));
    await plays({ do: "join", from: SHEENA, group: "Hikers" }, { do: "join", from: AMARA, group: id });
    expect(await send(id)).toMatchObject({
      contacts: [{ input: id, wa_id: id }],
      messages: [{ group_id: id }],
    });
    await box.drain();
    const read = values("messages").find(({ statuses }) => statuses?.[0].status === "read")!;
    expect(read["statuses"]).toMatchObject(
      [SHEENA, AMARA].map((wa_id) => ({
        recipient_id: id,
        recipient_type: "group",
        recipient_participant_id: wa_id,
      })),
    );
    expect(read["contacts"]).toHaveLength(2);
    await plays({ do: "say", from: AMARA, group: "Hikers", text: "Seven" });
    await box.drain();
    expect(values("messages").at(-1)).toMatchObject({ messages: [{ group_id: id, from: AMARA }] });
    expect((await box.state()).count.messages).toBe(1);
  });

  it("are changed and emptied; removed people don't come back by the link", async () => {
    const id = await create({ subject: "Hikers" });
    const { invite_link } = await ask("GET", `${id}/invite_link`);
    await plays({ do: "join", from: SHEENA, group: invite_link });
    expect(await ask("GET", `${id}?fields=subject,participants,total_participant_count`)).toMatchObject({
      subject: "Hikers",
      participants: [{ wa_id: SHEENA }],
      total_participant_count: 1,
    });
    expect(await ask("GET", id)).toEqual({ status: 200, id, messaging_product: "whatsapp" });
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("subject", "Night owls");
    form.set("file", new Blob(["x"], { type: "image/jpeg" }), "a.jpg");
    await ask("POST", id, form);
    await ask("DELETE", `${id}/participants`, whatsapp({ participants: [{ user: SHEENA }] }));
    await box.drain();
    expect(values("group_settings_update")).toMatchObject([
      {
        groups: [
          {
            group_subject: { text: "Night owls", update_successful: true },
            profile_picture: { update_successful: true },
          },
        ],
      },
    ]);
    await expect(plays({ do: "join", from: SHEENA, group: id })).rejects.toThrow("was removed");
    expect((await ask("POST", `${id}/invite_link`, whatsapp({})))["invite_link"]).not.toBe(invite_link);
    await ask("DELETE", id);
    expect(await ask("GET", `${NUMBER}/groups`)).toMatchObject({ data: [] });
  });

  it("let in by approval those that the business approves, and tell of requests that there aren't with 206", async () => {
    const id = await create({ subject: "Climbers", join_approval_mode: "approval_required" });
    await plays(
      { do: "join", from: SHEENA, group: id },
      { do: "join", from: AMARA, group: id },
      { do: "leave", from: AMARA, group: id },
    );
    const { data } = await ask("GET", `${id}/join_requests`);
    expect(data).toMatchObject([{ wa_id: SHEENA }]);
    const [{ join_request_id }] = data;
    const approve = (...join_requests: string[]) =>
      ask("POST", `${id}/join_requests`, whatsapp({ join_requests }));
    expect(await approve("unknown")).toMatchObject(fault(131213));
    expect(await approve(join_request_id, "unknown")).toMatchObject({
      status: 206,
      approved_join_requests: [join_request_id],
      failed_join_requests: [{ errors: [{ code: 131213 }] }],
    });
    await box.drain();
    expect(values("group_participants_update").map(({ groups }) => groups[0].type)).toEqual([
      "group_join_request_created",
      "group_join_request_created",
      "group_join_request_revoked",
      "group_participants_add",
    ]);
    expect(await ask("GET", `${id}?fields=total_participant_count`)).toMatchObject({
      total_participant_count: 1,
    });
  });
});

describe("calls", () => {
  const call = (body: Json) => ask("POST", `${NUMBER}/calls`, whatsapp(body));
  const events = () =>
    values("calls").flatMap(({ calls = [], statuses = [] }) => [...calls, ...statuses] as Json[]);

  it("need the person's permission, ring, are answered and end", async () => {
    expect(await call({ action: "connect", to: AMARA, session: SDP })).toMatchObject(fault(138006));
    await plays({ do: "say", from: AMARA, call_permission: "accept" });
    expect(await ask("GET", `${NUMBER}/call_permissions?user_wa_id=${AMARA}`)).toMatchObject({
      permission: { status: "temporary", expiration_time: expect.any(Number) },
    });
    const { calls } = await call({
      action: "connect",
      to: AMARA,
      session: SDP,
      biz_opaque_callback_data: "ours",
    });
    await box.drain();
    await call({ action: "terminate", call_id: calls[0].id });
    await box.drain();
    expect(events().map(({ event, status }) => event ?? status)).toEqual([
      "connect",
      "RINGING",
      "ACCEPTED",
      "terminate",
    ]);
    expect(events().at(-1)).toMatchObject({
      status: "COMPLETED",
      biz_opaque_callback_data: "ours",
      duration: expect.any(Number),
    });
    expect(await call({ action: "terminate", call_id: calls[0].id })).toMatchObject(fault(100));
  });

  it("of people are accepted or rejected, once", async () => {
    await plays({ do: "call", from: SHEENA, as: "first" }, { do: "call", from: SHEENA, as: "second" });
    await box.drain();
    const [first, second] = events().map(({ id }) => id as string);
    expect(await call({ action: "accept", call_id: first })).toMatchObject(fault(131008));
    expect(await call({ action: "accept", call_id: first, session: SDP })).toMatchObject({ success: true });
    expect(await call({ action: "accept", call_id: first, session: SDP })).toMatchObject(fault(100));
    expect(await call({ action: "reject", call_id: second })).toMatchObject({ success: true });
    await plays({ do: "call", from: SHEENA, hang_up: "first" });
    await box.drain();
    expect(
      events()
        .slice(2)
        .map(({ id, status }) => ({ id, status })),
    ).toEqual([
      { id: second, status: "FAILED" },
      { id: first, status: "COMPLETED" },
    ]);
  });
});

describe("flows", () => {
  const json = {
    version: "7.0",
    screens: [{ id: "FIRST", terminal: true, layout: { type: "SingleColumnLayout", children: [] } }],
  };

  it("are drafts until what is wrong is right, published for good, deprecated at last; webhooks tell it", async () => {
    const { id, validation_errors } = await ask("POST", `${WABA}/flows`, {
      name: "Feedback",
      categories: '["SURVEY"]',
      flow_json: "{",
    });
    expect(validation_errors).toMatchObject([{ error: "INVALID_JSON" }]);
    expect(await ask("POST", `${id}/publish`)).toMatchObject(fault(139002));
    const form = new FormData();
    form.set("name", "flow.json");
    form.set("asset_type", "FLOW_JSON");
    form.set("file", new Blob([JSON.stringify(json)], { type: "application/json" }), "flow.json");
    expect(await ask("POST", `${id}/assets`, form)).toEqual({
      status: 200,
      success: true,
      validation_errors: [],
    });
    const [{ download_url }] = (await ask("GET", `${id}/assets`))["data"];
    expect(await (await fetch(download_url)).json()).toEqual(json);
    expect(await ask("POST", `${id}/publish`)).toMatchObject({ success: true });
    expect(await ask("POST", id, { name: "Late" })).toMatchObject(fault(139001));
    expect(await ask("DELETE", id)).toMatchObject(fault(139004));
    await ask("POST", `${id}/deprecate`);
    expect(await ask("GET", `${id}?fields=name,status`)).toMatchObject({ name: "Feedback", id });
    await box.drain();
    expect(values("flows").map(({ new_status }) => new_status)).toEqual(["PUBLISHED", "DEPRECATED"]);
    expect(await ask("POST", `${WABA}/flows`, { name: "Feedback", categories: ["OTHER"] })).toMatchObject({
      error: { code: 100, error_user_title: "Flow name is not unique" },
    });
  });
});

describe("several calls in one", () => {
  it("are answered in their order, and one that fails harms no other", async () => {
    const batch = [
      { method: "GET", relative_url: `v27.0/${NUMBER}?fields=verified_name` },
      {
        method: "POST",
        relative_url: `${NUMBER}/messages`,
        body: `messaging_product=whatsapp&to=${SHEENA}&type=text&text={"body":"Hello"}`,
      },
      { method: "GET", relative_url: "1" },
      { method: "GET", relative_url: "//[" },
      { method: "PATCH", relative_url: "1" },
      { method: "GET" },
      "no call",
      { method: "GET", relative_url: `${NUMBER}/message_templates?limit=${"[".repeat(300)}` },
    ];
    const form = new URLSearchParams({ batch: JSON.stringify(batch) });
    const answer = await fetch(url, { method: "POST", headers: { authorization: "Bearer T" }, body: form });
    const all: unknown = await answer.json();
    expect(all).toHaveLength(batch.length);
    const [number, sent, wrong, ...malformed] = all as { code: number; body: string }[];
    for (const each of malformed) expect(each.code).toBe(400);
    expect([number!.code, sent!.code, wrong!.code]).toEqual([200, 200, 400]);
    expect(JSON.parse(number!.body)).toMatchObject({ verified_name: "Wharf's simulator" });
    expect(JSON.parse(sent!.body)).toMatchObject({ messages: [{}] });
    expect(JSON.parse(wrong!.body)).toMatchObject({ error: { code: 100, error_subcode: 33 } });
  });
});

describe("templates, cared for", () => {
  const list = async (name: string) =>
    (await ask("GET", `${WABA}/message_templates?name=${name}`))["data"] as Json[];

  it("are made in several languages, taken from the library, put away and unpaused", async () => {
    const codes = {
      name: "codes",
      languages: ["en_US", "fr"],
      category: "AUTHENTICATION",
      components: [
        { type: "BODY", add_security_recommendation: true },
        { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] },
      ],
    };
    const { data } = await ask("POST", `${WABA}/upsert_message_templates`, codes);
    expect(data).toMatchObject([{ language: "en_US" }, { language: "fr" }]);
    expect((await ask("POST", `${WABA}/upsert_message_templates`, codes))["data"][0].id).toBe(data[0].id);
    const found = (await ask("GET", "message_template_library?topic=payments"))["data"];
    expect(found).toMatchObject([{ name: "payment_reminder_1" }]);
    await ask("POST", `${WABA}/message_templates`, {
      name: "due",
      category: "UTILITY",
      language: "en_US",
      library_template_name: found[0].name,
    });
    await box.drain();
    const [due] = await list("due");
    expect(JSON.stringify(due!["components"])).toContain("is due on");
    expect(
      await ask("POST", `${WABA}/message_templates/archive`, { hsm_ids: `${due!["id"]},1` }),
    ).toMatchObject({ archived_templates: [due!["id"]], failed_templates: { 1: "Template not found" } });
    expect(await list("due")).toMatchObject([{ status: "ARCHIVED" }]);
    await ask("POST", `${WABA}/message_templates/unarchive`, { hsm_ids: [due!["id"]] });
    await plays({ do: "template", event: "PAUSED", template_id: Number(due!["id"]), name: "due" });
    expect(await ask("POST", `${due!["id"]}/unpause`)).toMatchObject({ success: true });
    expect(await ask("POST", `${due!["id"]}/unpause`)).toMatchObject({
      success: false,
      reason: expect.any(String),
    });
  });

  it("of other categories aren't sent as marketing messages", async () => {
    const send = (name: string, components: Json[] = []) =>
      ask(
        "POST",
        `${NUMBER}/marketing_messages`,
        whatsapp({
          to: AMARA,
          type: "template",
          message_activity_sharing: true,
          template: { name, language: { code: "en_US" }, components },
        }),
      );
    expect(
      await send("spring_sale", [{ type: "body", parameters: [{ type: "text", text: "Ada" }] }]),
    ).toMatchObject({ messages: [{ message_status: "accepted" }] });
    expect(await send("hello_world")).toMatchObject(fault(134100));
    expect(
      await ask(
        "POST",
        `${NUMBER}/marketing_messages`,
        whatsapp({ to: AMARA, type: "text", text: { body: "x" } }),
      ),
    ).toMatchObject(fault(134100));
  });
});

describe("a template that is deleted", () => {
  const DELETED = "message_template_status_update";

  it("is told of by webhook in each of its languages, or in the one that was named", async () => {
    const body = { category: "UTILITY", components: [{ type: "BODY", text: "Your table is ready." }] };
    const ids: string[] = [];
    for (const language of ["en_US", "de", "pt_BR"])
      ids.push((await ask("POST", `${WABA}/message_templates`, { name: "table", language, ...body }))["id"]);
    await box.drain();
    came = [];
    await ask("DELETE", `${WABA}/message_templates?name=table&hsm_id=${ids[1]}`);
    await box.drain();
    const told = (i: number, message_template_language: string) => ({
      event: "DELETED",
      message_template_id: Number(ids[i]),
      message_template_name: "table",
      message_template_language,
      reason: "NONE",
    });
    expect(values(DELETED)).toMatchObject([told(1, "de")]);
    await ask("DELETE", `${WABA}/message_templates?name=table`);
    await box.drain();
    expect(values(DELETED)).toHaveLength(3);
    expect(values(DELETED)).toMatchObject([{}, { event: "DELETED" }, { event: "DELETED" }]);
    expect(await ask("DELETE", `${WABA}/message_templates?name=table`)).toMatchObject(fault(100));
    await box.drain();
    expect(values(DELETED)).toHaveLength(3);
  });
});

describe("without a token", () => {
  it.each(["GET", "POST"])("%s is refused in Graph's words (104)", async (method) => {
    const answer = await fetch(`${url}/v27.0/${NUMBER}`, { method });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: {
        message: "An access token is required to request this resource.",
        type: "OAuthException",
        code: 104,
        fbtrace_id: expect.any(String),
      },
    });
  });
});
