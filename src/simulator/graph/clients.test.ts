/**
 * Two public clients of Meta's API that know nothing of Wharf take the simulator for Meta. What one of them can't do
 * here it could do there: the fault is the simulator's.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Client, MessageType } from "@great-detail/whatsapp";
import { WhatsAppAPI } from "whatsapp-api-js";
import type { OnMessageArgs, OnStatusArgs } from "whatsapp-api-js/emitters";
import * as messages from "whatsapp-api-js/messages";
import type { ClientMessage, PostData } from "whatsapp-api-js/types";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createGraphStandIn,
  createSimulator,
  type GraphStandIn,
  NUMBERS,
  PERSONAS,
  type Simulator,
  text,
} from "../simulator.ts";

const SECRET = "the app's secret";
const NUMBER = NUMBERS[0]!;
const SHEENA = PERSONAS[0]!;
const LINK = "https://files.example/a";
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);

/** Where the simulator's webhooks arrive. Each is handed to `receive`, which answers the status. */
let receive: (body: Buffer, headers: IncomingMessage["headers"]) => Promise<number> | number;
let simulator: Simulator;
let standIn: GraphStandIn;
let url: string;
const stops: (() => Promise<unknown> | void)[] = [];

beforeEach(async () => {
  receive = () => 200;
  const server = createServer((req, res) => {
    const take = async () => {
      const body = await buffer(req);
      res.writeHead(await receive(body, req.headers)).end();
    };
    void take();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  simulator = createSimulator({
    target_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    app_secret: SECRET,
    pause: () => Promise.resolve(),
    retry: { tries: 1, base_ms: 1, cap_ms: 1 },
    seed: 7,
  });
  standIn = createGraphStandIn({
    simulator,
    token: "TOKEN",
    app: { id: "670843887433847", secret: SECRET },
    odds: { failed: 0, delivered: 1, read: 1, read_at_once: 0, played: 1 },
    approved: 1,
    pause: () => Promise.resolve(),
    seed: 7,
  });
  url = await standIn.listen(0);
  stops.push(
    () => server.closeAllConnections(),
    () => void server.close(),
    () => simulator.stop(),
    () => standIn.stop(),
  );
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** The handle of a picture, by the Resumable Upload API. */
async function uploaded(): Promise<string> {
  const post = async (path: string, body?: string) => {
    const headers = { authorization: "Bearer TOKEN", file_offset: "0" };
    const answer = await fetch(`${url}/v27.0/${path}`, { method: "POST", headers, ...(body && { body }) });
    return (await answer.json()) as { id: string; h: string };
  };
  const { id } = await post("670843887433847/uploads?file_length=3&file_type=image/png");
  return (await post(id, "png")).h;
}

/** Named parameters, a file in the header, buttons, cards: what its review has approved can be sent. */
async function approve(template: Record<string, unknown>) {
  const answer = await fetch(`${url}/v27.0/${NUMBER.waba_id}/message_templates`, {
    method: "POST",
    headers: { authorization: "Bearer TOKEN", "content-type": "application/json" },
    body: JSON.stringify({ language: "en_US", category: "MARKETING", ...template }),
  });
  expect(answer.status).toBe(200);
  await standIn.drain();
}

describe("whatsapp-api-js", () => {
  const client = () =>
    new WhatsAppAPI({
      token: "TOKEN",
      appSecret: SECRET,
      webhookVerifyToken: "verify",
      v: "v27.0",
      // It knows Meta's address by heart.
      ponyfill: {
        fetch: (address: string | URL | Request, options?: RequestInit) =>
          fetch(
            (address instanceof Request ? address.url : address.toString()).replace(
              "https://graph.facebook.com",
              url,
            ),
            options,
          ),
      },
    });

  const {
    Text, Image, Video, Audio, Document, Sticker, Location, Contacts, Name, Phone, Email, Address, Birthday,
    Organization, Url, Reaction, Interactive, Body, Footer, Header, ActionButtons, Button, ActionList, ListSection,
    Row, ActionCTA, ActionLocation, ActionCatalog, ActionProduct, ActionProductList, ActionNavigateFlow,
    ActionDataExchangeFlow, ActionCallPermission, ActionContactRequest, Product, CatalogProduct, ProductSection,
    Template, BodyComponent, BodyParameter, HeaderComponent, HeaderParameter, URLComponent, PayloadComponent,
    CopyComponent, CarouselComponent, CarouselCard, Currency, DateTime, FlowComponent, CatalogComponent,
    MPMComponent, LTOComponent,
  } = messages; // prettier-ignore
  const body = new Body("Body");
  const footer = new Footer("Foot");
  const all: Record<string, () => ClientMessage> = {
    "a text": () => new Text("Grüße 👋", true),
    "an image": () => new Image(LINK, false, "c"),
    "a video": () => new Video(LINK, false, "c"),
    "an audio": () => new Audio(LINK),
    "a voice message": () => new Audio(LINK, false, true),
    "a document": () => new Document(LINK, false, "c", "a.pdf"),
    "a sticker": () => new Sticker(LINK),
    "a location": () => new Location(2.35, 48.85, "Paris", "France"),
    contacts: () =>
      new Contacts([
        new Name("Ada Lovelace", "Ada"),
        new Phone("+1 202 555 0147", "CELL"),
        new Email("ada@example.org", "WORK"),
        new Address("Britain", "GB"),
        new Birthday("1815", "12", "10"),
        new Organization("Analytical Engines"),
        new Url("https://example.org"),
      ]),
    "a reaction": () => new Reaction("wamid.A", "👍"),
    "a reaction taken back": () => new Reaction("wamid.A"),
    "reply buttons": () =>
      new Interactive(
        new ActionButtons(new Button("1", "Yes"), new Button("2", "No")),
        body,
        new Header("Head"),
        footer,
      ),
    "reply buttons below an image": () =>
      new Interactive(new ActionButtons(new Button("1", "Yes")), body, new Header(new Image(LINK))),
    "a list": () =>
      new Interactive(
        new ActionList(
          "Open",
          new ListSection("S", new Row("1", "R", "d")),
          new ListSection("T", new Row("2", "R")),
        ),
        body,
      ),
    "a button with a link": () => new Interactive(new ActionCTA("Open", "https://example.org"), body),
    "a request for the location": () => new Interactive(new ActionLocation(), body),
    "a catalog": () => new Interactive(new ActionCatalog(new Product("sku")), body, undefined, footer),
    "a product": () => new Interactive(new ActionProduct(new CatalogProduct("sku", "catalog"))),
    "a list of products": () =>
      new Interactive(
        new ActionProductList("catalog", new ProductSection("S", new Product("sku"))),
        body,
        new Header("Head"),
      ),
    "a flow that navigates": () =>
      new Interactive(new ActionNavigateFlow("token", "1", "Start", "FIRST", { name: "Ada" }), body),
    "a flow that exchanges data": () =>
      new Interactive(new ActionDataExchangeFlow("token", "1", "Start"), body),
    "a request for permission to call": () => new Interactive(new ActionCallPermission(), body),
    "a request for contact information": () => new Interactive(new ActionContactRequest(), body),
    "a template": () => new Template("hello_world", "en_US"),
    "a template with parameters": () =>
      new Template(
        "order_update",
        "en_US",
        new BodyComponent(
          new BodyParameter(new Currency(100_990, "USD", "$100.99")),
          new BodyParameter(new DateTime("May 1")),
        ),
      ),
    "a template with a file, named parameters and buttons": () =>
      new Template(
        "rich",
        "en_US",
        new HeaderComponent(new HeaderParameter(new Image(LINK), "photo")),
        new BodyComponent(new BodyParameter("Ada", "name")),
        new URLComponent("path"),
        new PayloadComponent("STOP"),
        new CopyComponent("SPRING"),
        new FlowComponent("token", {}),
        new CatalogComponent(new Product("sku")),
        new MPMComponent(new Product("sku"), new ProductSection("S", new Product("sku"))),
      ),
    "a template of cards, with an end": () =>
      new Template(
        "cards",
        "en_US",
        new LTOComponent(1_790_000_000_000),
        new CarouselComponent(
          new CarouselCard(new Image(LINK), new PayloadComponent("first")),
          new CarouselCard(new Image(LINK), new PayloadComponent("second")),
        ),
      ),
  };

  test("each type of message that it knows is taken", async () => {
    await approve({
      name: "rich",
      parameter_format: "NAMED",
      components: [
        { type: "HEADER", format: "IMAGE", example: { header_handle: [await uploaded()] } },
        {
          type: "BODY",
          text: "Hi {{name}}, come!",
          example: { body_text_named_params: [{ param_name: "name", example: "Ada" }] },
        },
      ],
    });
    const card = {
      components: [
        { type: "HEADER", format: "IMAGE", example: { header_handle: [await uploaded()] } },
        { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "This one" }] },
      ],
    };
    await approve({
      name: "cards",
      components: [
        { type: "BODY", text: "Look!" },
        { type: "CAROUSEL", cards: [card, card] },
      ],
    });
    const whatsapp = client();
    for (const [name, make] of Object.entries(all)) {
      const answer = await whatsapp.sendMessage(
        NUMBER.phone_number_id,
        SHEENA.wa_id,
        make(),
        "wamid.before",
        name,
      );
      expect({ name, ...answer }).toMatchObject({
        name,
        messaging_product: "whatsapp",
        contacts: [{ input: SHEENA.wa_id, wa_id: SHEENA.wa_id }],
        messages: [{ id: expect.stringMatching(/^wamid\./) as string }],
      });
    }
    expect(standIn.taken()).toBe(Object.keys(all).length);
  });

  test("what Meta refuses comes as Meta's error", async () => {
    const whatsapp = client();
    standIn.next({ refuse: 131047 });
    expect(await whatsapp.sendMessage(NUMBER.phone_number_id, SHEENA.wa_id, new Text("late"))).toMatchObject({
      error: { code: 131047, type: "OAuthException", fbtrace_id: expect.any(String) as string },
    });
    expect(
      await whatsapp.sendMessage(NUMBER.phone_number_id, SHEENA.wa_id, new Template("nowhere", "en_US")),
    ).toMatchObject({ error: { code: 132001 } });
  });

  test("marks as read and shows that an agent writes", async () => {
    expect(await client().markAsRead(NUMBER.phone_number_id, "wamid.A", "text")).toEqual({ success: true });
  });

  test("a file goes up, is sent by its id, is found, read, and deleted", async () => {
    const whatsapp = client();
    const form = new FormData();
    form.set("file", new Blob([PIXEL], { type: "image/png" }), "pixel.png");
    const { id } = (await whatsapp.uploadMedia(NUMBER.phone_number_id, form)) as { id: string };
    expect(
      await whatsapp.sendMessage(NUMBER.phone_number_id, SHEENA.wa_id, new Image(id, true)),
    ).toHaveProperty("messages");
    const found = (await whatsapp.retrieveMedia(id, NUMBER.phone_number_id)) as unknown as Record<
      string,
      string
    >;
    expect(found).toMatchObject({
      mime_type: "image/png",
      sha256: createHash("sha256").update(PIXEL).digest("hex"),
    });
    const file = await whatsapp.fetchMedia(found["url"]!);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PIXEL);
    expect(await whatsapp.deleteMedia(id)).toEqual({ success: true });
    expect(await whatsapp.retrieveMedia(id)).toMatchObject({ error: { code: 100 } });
  });

  test("verifies the webhooks, and reads messages and statuses", async () => {
    const whatsapp = client();
    const said: OnMessageArgs[] = [];
    const seen: OnStatusArgs[] = [];
    whatsapp.on.message = (args) => void said.push(args);
    whatsapp.on.status = (args) => void seen.push(args);
    receive = async (bytes, headers) => {
      const raw = bytes.toString();
      const signature = headers["x-hub-signature-256"] as string;
      try {
        await whatsapp.post(JSON.parse(raw) as PostData, raw, signature);
        return 200;
      } catch {
        return 401;
      }
    };
    const played = await simulator.play({
      from: SHEENA.wa_id,
      phone_number_id: NUMBER.phone_number_id,
      text: "Grüße 👋 @home 100% </b>",
    });
    expect(played.status).toBe(200);
    expect(said).toMatchObject([
      {
        phoneID: NUMBER.phone_number_id,
        from: SHEENA.wa_id,
        name: SHEENA.name,
        message: { id: played.wamid, type: "text", text: { body: "Grüße 👋 @home 100% </b>" } },
      },
    ]);

    const answer = await said[0]!.reply(new Audio(LINK, false, true), true, "ours");
    const [{ id }] = (answer as { messages: [{ id: string }] }).messages;
    await standIn.drain();
    expect(seen.map(({ status }) => status)).toEqual(["sent", "delivered", "read", "played"]);
    for (const args of seen)
      expect(args).toMatchObject({ id, phone: SHEENA.wa_id, biz_opaque_callback_data: "ours" });
    expect(seen[0]!.pricing).toMatchObject({ pricing_model: "PMP", category: "service" });

    standIn.next({ fail: 131026 });
    await said[0]!.reply(new Text("again"));
    await standIn.drain();
    expect(seen.at(-1)).toMatchObject({ status: "failed", error: { code: 131026 } });

    const forged = await simulator.deliver(
      [text({ number: NUMBER, from: SHEENA, wamid: "wamid.F", time: 1 }, "forged")],
      { signature: "wrong" },
    );
    expect(forged).toMatchObject([{ status: 401 }]);
    expect(said).toHaveLength(1);
  });

  test("answers the handshake's challenge", () => {
    expect(
      client().get({ "hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "17" }),
    ).toBe("17");
  });
});

describe("@great-detail/whatsapp", () => {
  const client = () =>
    new Client({
      prefixUrl: url,
      graphVersion: "v23.0",
      request: { headers: { Authorization: "Bearer TOKEN" }, retry: 0 },
    });
  const to = { phoneNumberID: NUMBER.phone_number_id, to: SHEENA.wa_id };

  test("each type of message that it knows is taken", async () => {
    const { message } = client();
    const media = { link: LINK };
    const body = { text: "Body" };
    const bodies: Record<string, unknown>[] = [
      { type: MessageType.Text, text: { body: "Hello", preview_url: true } },
      { type: MessageType.Image, image: { ...media, caption: "c" } },
      { type: MessageType.Video, video: media },
      { type: MessageType.Audio, audio: media },
      { type: MessageType.Document, document: { ...media, filename: "a.pdf" } },
      { type: "sticker", sticker: media },
      {
        type: MessageType.Location,
        location: { latitude: 48.85, longitude: 2.35, name: "Paris", address: "France" },
      },
      { type: MessageType.Contacts, contacts: [{ name: { formatted_name: "Ada", first_name: "Ada" } }] },
      { type: "reaction", reaction: { message_id: "wamid.A", emoji: "👍" } },
      {
        type: MessageType.Interactive,
        interactive: {
          type: "button",
          body,
          action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] },
        },
      },
      {
        type: MessageType.Interactive,
        interactive: {
          type: "list",
          body,
          action: { button: "Open", sections: [{ title: "S", rows: [{ id: "1", title: "R" }] }] },
        },
      },
      {
        type: MessageType.Template,
        template: {
          name: "order_update",
          language: { code: "en_US" },
          components: [
            {
              type: "body",
              parameters: [
                { type: "text", text: "Ada" },
                { type: "text", text: "17" },
              ],
            },
          ],
        },
      },
    ];
    for (const content of bodies) {
      const answer = await message.createMessage({ ...to, ...content } as never).json();
      expect({ ...content, ...(answer as object) }).toMatchObject({
        messages: [{ id: expect.any(String) as string }],
      });
    }
    expect(standIn.taken()).toBe(bodies.length);
  });

  test("marks as read, and keeps files", async () => {
    const whatsapp = client();
    const { phoneNumberID } = to;
    expect(
      await whatsapp.message
        .createStatus({
          phoneNumberID,
          message_id: "wamid.A",
          status: "read",
          typing_indicator: { type: "text" },
        })
        .json(),
    ).toEqual({ success: true });
    const { id } = await whatsapp.media
      .upload({
        phoneNumberID,
        file: new Blob([PIXEL], { type: "image/png" }),
        filename: "pixel.png",
        mimeType: "image/png",
      })
      .json<{ id: string }>();
    const found = await whatsapp.media.getURL({ mediaID: id, phoneNumberID }).json<{ url: string }>();
    const file = await whatsapp.media.download({
      mediaURL: found.url,
      request: { headers: { Authorization: "Bearer TOKEN" } },
    });
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PIXEL);
    expect(await whatsapp.media.delete({ mediaID: id, phoneNumberID }).json()).toEqual({ success: true });
  });

  test("keeps templates, numbers and subscriptions", async () => {
    const { template, phoneNumbers, subscribedApps } = client();
    const made = await template
      .create(NUMBER.waba_id, {
        name: "invitation",
        language: "en_US",
        category: "MARKETING",
        components: [{ type: "BODY", text: "Come to us!" }],
      } as never)
      .json<{ id: string }>();
    expect(made).toMatchObject({ status: "PENDING" });
    await standIn.drain();
    expect(await template.get(made.id, { fields: ["name", "status"] } as never).json()).toEqual({
      id: made.id,
      name: "invitation",
      status: "APPROVED",
    });
    const listed = await template
      .list(NUMBER.waba_id, { name_or_content: "come to", status: ["APPROVED"] } as never)
      .json<{ data: { name: string }[] }>();
    expect(listed.data.map(({ name }) => name)).toEqual(["invitation"]);
    await template.update(made.id, { components: [{ type: "BODY", text: "Come!" }] } as never);
    await template.delete(NUMBER.waba_id, { name: "invitation" });
    expect(await phoneNumbers.listPhoneNumbers({ businessAccountID: NUMBER.waba_id }).json()).toMatchObject({
      data: [{ id: NUMBER.phone_number_id }],
    });
    expect(
      await phoneNumbers
        .getPhoneNumber({ phoneNumberID: NUMBER.phone_number_id, fields: ["quality_rating"] })
        .json(),
    ).toEqual({ id: NUMBER.phone_number_id, quality_rating: "GREEN" });
    await subscribedApps.createSubscription({ businessAccountID: NUMBER.waba_id });
    expect(
      await subscribedApps.listSubscriptions({ businessAccountID: NUMBER.waba_id }).json(),
    ).toMatchObject({
      data: [{ whatsapp_business_api_data: { id: "670843887433847" } }],
    });
  });

  test("verifies the webhooks", async () => {
    const { webhook } = client();
    const checks: boolean[] = [];
    receive = async (body, headers) => {
      const event = await webhook.eventNotification({
        method: "POST",
        query: {},
        headers: headers as Record<string, string>,
        body: body.toString(),
      });
      checks.push(await event.checkSignature(SECRET), await event.checkSignature("another"));
      return 200;
    };
    await simulator.play({ from: SHEENA.wa_id, phone_number_id: NUMBER.phone_number_id, text: "Grüße 👋" });
    expect(checks).toEqual([true, false]);
  });
});
