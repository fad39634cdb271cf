/**
 * Two more public clients of Meta's API that know nothing of Wharf take the simulator for Meta, beside those of
 * clients.test.ts: each makes all of its calls.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { GraphApiError, WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { WhatsAppBusinessSDK, type WhatsAppBusinessSDKError } from "@microfox/whatsapp-business";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Box, createBox, NUMBERS, PERSONAS } from "../simulator.ts";

const SECRET = "the app's secret";
const { phone_number_id: phoneNumberId, waba_id: businessAccountId } = NUMBERS[0]!;
const SHEENA = PERSONAS[0]!.wa_id;
const link = "https://files.example/a";
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);
const WELCOME = {
  version: "7.0",
  screens: [
    {
      id: "WELCOME",
      title: "Welcome",
      terminal: true,
      layout: { type: "SingleColumnLayout", children: [{ type: "TextHeading", text: "Hello" }] },
    },
  ],
};

let box: Box;
let url: string;
/** What came by webhook, with its signature. */
let came: { body: Buffer; signature: string }[];
const stops: (() => Promise<unknown> | void)[] = [];

beforeEach(async () => {
  came = [];
  const server = createServer((req, res) => {
    const take = async () => {
      came.push({ body: await buffer(req), signature: String(req.headers["x-hub-signature-256"]) });
      res.end();
    };
    void take();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  box = createBox({
    target_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    app_secret: SECRET,
    token: "TOKEN",
    speed: 1_000_000,
    graph: { odds: { failed: 0, delivered: 1, read: 1, read_at_once: 0, played: 1 }, approved: 1 },
  });
  url = await box.listen(0);
  stops.push(
    () => server.closeAllConnections(),
    () => void server.close(),
    () => box.stop(),
  );
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const says = (said: object) => box.take({ send: [{ do: "say", from: SHEENA, ...said }] });

describe("@kapso/whatsapp-cloud-api", () => {
  const client = (accessToken = "TOKEN") =>
    new WhatsAppClient({ accessToken, baseUrl: url, graphVersion: "v25.0" });
  const to = { phoneNumberId, to: SHEENA };

  test("each type of message that it knows is taken", async () => {
    const { messages } = client();
    const bodyText = "Body";
    const all: Record<string, () => Promise<{ messages: { id: string }[] }>> = {
      text: () => messages.sendText({ ...to, body: "Grüße 👋", previewUrl: true, bizOpaqueCallbackData: "ours" }),
      image: () => messages.sendImage({ ...to, image: { link, caption: "c" } }),
      audio: () => messages.sendAudio({ ...to, audio: { link, voice: true } }),
      document: () => messages.sendDocument({ ...to, document: { link, filename: "a.pdf" } }),
      video: () => messages.sendVideo({ ...to, video: { link } }),
      sticker: () => messages.sendSticker({ ...to, sticker: { link } }),
      location: () => messages.sendLocation({ ...to, location: { latitude: 48.85, longitude: 2.35, name: "Paris" } }),
      contacts: () =>
        messages.sendContacts({ ...to, contacts: [{ name: { formattedName: "Ada L", firstName: "Ada" }, phones: [{ phone: "+12025550147", type: "WORK" }] }] }),
      reaction: () => messages.sendReaction({ ...to, reaction: { messageId: "wamid.A", emoji: "👍" } }),
      "reaction taken back": () => messages.sendReaction({ ...to, reaction: { messageId: "wamid.A" } }),
      template: () => messages.sendTemplate({ ...to, template: { name: "order_update", language: { code: "en_US" }, components: [{ type: "body", parameters: [{ type: "text", text: "Ada" }, { type: "text", text: "4821" }] }] } }),
      buttons: () => messages.sendInteractiveButtons({ ...to, bodyText, footerText: "F", header: { type: "text", text: "H" }, buttons: [{ id: "1", title: "Yes" }] }),
      list: () => messages.sendInteractiveList({ ...to, bodyText, buttonText: "Open", sections: [{ title: "S", rows: [{ id: "1", title: "R", description: "d" }] }] }),
      product: () => messages.sendInteractiveProduct({ ...to, bodyText, catalogId: "7", productRetailerId: "sku" }),
      products: () => messages.sendInteractiveProductList({ ...to, bodyText, header: { type: "text", text: "H" }, catalogId: "7", sections: [{ title: "S", productItems: [{ productRetailerId: "sku" }] }] }),
      flow: () => messages.sendInteractiveFlow({ ...to, bodyText, parameters: { flowId: "1", flowCta: "Open", flowMessageVersion: "3", flowToken: "x", flowAction: "navigate", flowActionPayload: { screen: "FIRST" } } }),
      address: () => messages.sendInteractiveAddress({ ...to, bodyText, parameters: { country: "IN", values: { name: "Ada", phone_number: "+919876543210" } } }),
      "a request for the location": () => messages.sendInteractiveRaw({ ...to, interactive: { type: "location_request_message", body: { text: "Where?" }, action: { name: "send_location" } } }),
      "a link": () => messages.sendInteractiveCtaUrl({ ...to, bodyText, parameters: { displayText: "Open", url: "https://example.org" } }),
      carousel: () => messages.sendInteractiveCarousel({ ...to, bodyText, cards: [0, 1].map((cardIndex) => ({ cardIndex, header: { type: "image" as const, image: { link } }, bodyText: "One", action: { displayText: "Open", url: "https://example.org" } })) }),
      catalog: () => messages.sendInteractiveCatalogMessage({ ...to, bodyText, parameters: { thumbnailProductRetailerId: "sku" } }),
      raw: () => messages.sendRaw({ phoneNumberId, payload: { messaging_product: "whatsapp", to: SHEENA, type: "text", text: { body: "raw" } } }),
    }; // prettier-ignore
    for (const [name, send] of Object.entries(all)) {
      const answer = await send();
      expect({ name, ...answer }).toMatchObject({
        name,
        contacts: [{ waId: SHEENA }],
        messages: [{ id: expect.stringMatching(/^wamid\./) as string }],
      });
    }
  });

  test("shows that an agent writes, and what is refused has Meta's code", async () => {
    await says({ text: "Hello" });
    await box.drain();
    const [hello] = came.map(({ body }) => normalizeWebhook(JSON.parse(body.toString())));
    const messageId = hello!.messages[0]!.id;
    expect(
      await client().messages.markRead({ phoneNumberId, messageId, typingIndicator: { type: "text" } }),
    ).toEqual({ success: true });
    await box.take({ next: [{ refuse: 131056 }] });
    const refusal = await client()
      .messages.sendText({ ...to, body: "fast" })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(GraphApiError);
    expect(refusal).toMatchObject({
      code: 131056,
      httpStatus: 400,
      type: "OAuthException",
      category: "throttling",
    });
    const stranger = await client("another")
      .messages.sendText({ ...to, body: "x" })
      .catch((error: unknown) => error);
    expect(stranger).toMatchObject({ code: 190, httpStatus: 401 });
    expect((stranger as GraphApiError).isAuthError()).toBe(true);
  });

  test("a file goes up, is found, read and deleted", async () => {
    const { media, messages } = client();
    const { id } = await media.upload({
      phoneNumberId,
      type: "image/png",
      file: new Blob([PIXEL], { type: "image/png" }),
      fileName: "pixel.png",
    });
    await messages.sendImage({ ...to, image: { id } });
    expect(await media.get({ mediaId: id, phoneNumberId })).toMatchObject({ mimeType: "image/png" });
    const bytes = (await media.download({ mediaId: id, auth: "always" })) as ArrayBuffer;
    expect(Buffer.from(bytes)).toEqual(PIXEL);
    expect(await media.delete({ mediaId: id })).toEqual({ success: true });
    await expect(media.get({ mediaId: id })).rejects.toMatchObject({ code: 100, errorSubcode: 33 });
  });

  test("templates are made, reviewed, found page by page, and deleted", async () => {
    const { templates } = client();
    const components = [{ type: "BODY", text: "Come by, {{1}}, please!", example: { body_text: [["Ada"]] } }];
    for (let at = 0; at < 3; at++)
      expect(
        await templates.create({
          businessAccountId,
          name: `spring_${at}`,
          language: "en_US",
          category: "MARKETING",
          components,
        }),
      ).toMatchObject({ status: "PENDING", category: "MARKETING" });
    await box.drain();
    const seen: string[] = [];
    for (let after: string | undefined = ""; after !== undefined;) {
      const page = await templates.list({
        businessAccountId,
        limit: 4,
        status: "APPROVED",
        ...(after === "" ? {} : { after }),
      });
      seen.push(...page.data.map(({ name }) => name));
      after = page.paging.next ? (page.paging.cursors.after ?? undefined) : undefined;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(["spring_0", "spring_1", "spring_2", "hello_world"]));
    expect(await templates.delete({ businessAccountId, name: "spring_0" })).toEqual({ success: true });
  });

  test("a number leaves and comes back, has its settings and its profile", async () => {
    const { phoneNumbers } = client();
    await phoneNumbers.requestCode({ phoneNumberId, codeMethod: "SMS", language: "en_US" });
    await expect(phoneNumbers.verifyCode({ phoneNumberId, code: "000000" })).rejects.toMatchObject({
      code: 100,
    });
    await phoneNumbers.verifyCode({ phoneNumberId, code: "123456" });
    await phoneNumbers.register({ phoneNumberId, pin: "212834", dataLocalizationRegion: "CH" });
    await expect(phoneNumbers.register({ phoneNumberId, pin: "000000" })).rejects.toMatchObject({
      code: 133005,
    });
    await phoneNumbers.deregister({ phoneNumberId });
    await expect(client().messages.sendText({ ...to, body: "x" })).rejects.toMatchObject({ code: 133010 });
    await phoneNumbers.register({ phoneNumberId, pin: "212834" });
    await phoneNumbers.settings.update({ phoneNumberId, calling: { status: "DISABLED" } });
    expect(await phoneNumbers.settings.get({ phoneNumberId, includeSipCredentials: true })).toMatchObject({
      calling: { status: "DISABLED" },
    });
    await phoneNumbers.businessProfile.update({
      phoneNumberId,
      about: "Outdoor goods",
      websites: ["https://example.org"],
    });
    const fields = "about,websites,vertical";
    expect((await phoneNumbers.businessProfile.get({ phoneNumberId, fields })).data[0]).toMatchObject({
      about: "Outdoor goods",
      websites: ["https://example.org"],
    });
  });

  test("flows are deployed, shown, listed and deprecated", async () => {
    const { flows } = client();
    const wrong = await flows.create({
      wabaId: businessAccountId,
      name: "Wrong",
      flowJson: { version: "7.0", screens: [] },
    });
    expect(wrong.validationErrors).toHaveLength(1);
    await expect(flows.publish({ flowId: wrong.id })).rejects.toMatchObject({ code: 139002 });
    expect(await flows.updateAsset({ flowId: wrong.id, json: WELCOME })).toMatchObject({ success: true });
    const made = await flows.deploy(WELCOME, {
      name: "Feedback",
      wabaId: businessAccountId,
      publish: true,
      preview: true,
    });
    expect(made.previewUrl).toMatch(/^https:\/\/business\.facebook\.com\//);
    expect(await flows.get({ flowId: made.flowId, fields: "id,status" })).toEqual({
      id: made.flowId,
      status: "PUBLISHED",
    });
    const list = await flows.list<{ data: { id: string }[] }>({ wabaId: businessAccountId, limit: 1 });
    expect(list.data.map(({ id }) => id)).toEqual([made.flowId]);
    expect(await flows.deprecate({ flowId: made.flowId })).toEqual({ success: true });
  });

  test("calls those that it may call", async () => {
    const { calls } = client();
    const session = { sdpType: "offer", sdp: "v=0" };
    expect((await calls.permissions.get({ phoneNumberId, userWaId: SHEENA })).permission).toMatchObject({
      status: "no_permission",
    });
    await expect(calls.connect({ ...to, session })).rejects.toMatchObject({ code: 138006 });
    await says({ call_permission: "accept" });
    await box.drain();
    const { calls: made } = await calls.connect({ ...to, session, bizOpaqueCallbackData: "ours" });
    const callId = made![0]!.id;
    await box.drain();
    expect(await calls.terminate({ phoneNumberId, callId })).toMatchObject({ success: true });
    await box.take({ send: [{ do: "call", from: SHEENA }] });
    await box.drain();
    const events = came.flatMap(({ body }) => normalizeWebhook(JSON.parse(body.toString())).calls);
    expect(events.map(({ event, direction }) => `${direction} ${event}`)).toEqual(
      expect.arrayContaining([
        "BUSINESS_INITIATED connect",
        "BUSINESS_INITIATED terminate",
        "USER_INITIATED connect",
      ]),
    );
    const theirs = events.find(({ direction }) => direction === "USER_INITIATED")!["id"] as string;
    const answer = { phoneNumberId, callId: theirs, session: { sdpType: "answer", sdp: "v=0" } };
    await calls.preAccept(answer);
    await calls.accept(answer);
    await expect(calls.reject({ phoneNumberId, callId: theirs })).rejects.toMatchObject({ code: 100 });
  });

  test("verifies every webhook, and reads messages and statuses out of it", async () => {
    await says({ text: "Grüße 👋 100% </b>" });
    await client().messages.sendText({ ...to, body: "Hello" });
    await box.drain();
    const read = came.map(({ body, signature }) => {
      expect(verifySignature({ appSecret: SECRET, rawBody: body, signatureHeader: signature })).toBe(true);
      return normalizeWebhook(JSON.parse(body.toString()));
    });
    expect(read.flatMap(({ messages }) => messages)).toMatchObject([
      { type: "text", text: { body: "Grüße 👋 100% </b>" } },
    ]);
    expect(read.flatMap(({ statuses }) => statuses.map(({ status }) => status))).toEqual([
      "sent",
      "delivered",
      "read",
    ]);
    expect(
      verifySignature({ appSecret: "another", rawBody: came[0]!.body, signatureHeader: came[0]!.signature }),
    ).toBe(false);
  });
});

describe("@microfox/whatsapp-business", () => {
  const client = (accessToken = "TOKEN") =>
    new WhatsAppBusinessSDK({
      phoneNumberId,
      businessAccountId,
      version: "v23.0",
      baseUrl: `${url}/v23.0`,
      accessToken,
    });

  test("each type of message that it knows is taken", async () => {
    const whatsapp = client();
    const all: Record<string, () => Promise<{ data?: { messages?: unknown } }>> = {
      text: () => whatsapp.sendTextMessage(SHEENA, "Hello", { recipientType: "individual", previewUrl: true }),
      image: () => whatsapp.sendImageMessage(SHEENA, { link, caption: "c" }),
      video: () => whatsapp.sendVideoMessage(SHEENA, { link }),
      document: () => whatsapp.sendDocumentMessage(SHEENA, { link, filename: "a.pdf" }),
      audio: () => whatsapp.sendAudioMessage(SHEENA, { link }),
      sticker: () => whatsapp.sendStickerMessage(SHEENA, { link }),
      location: () => whatsapp.sendLocationMessage(SHEENA, { latitude: 48.85, longitude: 2.35 }),
      contacts: () => whatsapp.sendContactMessage(SHEENA, [{ name: { formatted_name: "Ada L", first_name: "Ada" }, phones: [{ phone: "+12025550147" }] }]),
      interactive: () => whatsapp.sendInteractiveMessage(SHEENA, { type: "button", body: { text: "Which?" }, action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] } }),
      template: () => whatsapp.sendTemplateMessage(SHEENA, "hello_world", "en_US"),
      "request for the location": () => whatsapp.sendLocationRequestMessage(SHEENA, "Where?"),
      reaction: () => whatsapp.sendReaction(SHEENA, "wamid.A", "👍"),
    }; // prettier-ignore
    for (const [name, send] of Object.entries(all))
      expect({ name, ...(await send()) }).toMatchObject({
        name,
        success: true,
        data: { messages: [{ id: expect.stringMatching(/^wamid\./) as string }] },
      });
  });

  test("answers, marks as read and shows that an agent writes", async () => {
    await says({ text: "Hello" });
    await box.drain();
    const value = JSON.parse(came[0]!.body.toString()).entry[0].changes[0].value;
    const id: string = value.messages[0].id;
    expect(await client().sendReply(SHEENA, "text", "Hello!", id)).toMatchObject({ success: true });
    expect(await client().markMessageAsRead(id)).toMatchObject({ data: { success: true } });
    expect(await client().sendTypingIndicator({ messageId: id, type: "text" })).toMatchObject({
      data: { success: true },
    });
  });

  test("what Meta has not is refused in its words", async () => {
    const refusal = (work: () => Promise<unknown>) =>
      work().then(
        () => null,
        ({ code, originalError }: WhatsAppBusinessSDKError) => ({
          code,
          message: originalError.error?.message as string,
        }),
      );
    // These calls it has, and the Cloud API hasn't.
    expect(await refusal(() => client().getQRCode())).toMatchObject({ code: 100 });
    expect(await refusal(() => client().getAnalytics())).toMatchObject({ code: 100 });
    expect(
      await refusal(() => client().sendInteractiveCtaMessage(SHEENA, "Look", "https://example.org")),
    ).not.toBeNull();
    expect(await refusal(() => client().markMessagesAsRead(["wamid.A"]))).not.toBeNull();
    expect(await refusal(() => client("another").getPhoneNumbers())).toMatchObject({ code: 190 });
    expect(await refusal(() => client().sendTemplateMessage(SHEENA, "nowhere", "en_US"))).toMatchObject({
      code: 132001,
    });
  });

  test("a file goes up, is found and read", async () => {
    const { data } = (await client().uploadMedia(new Blob([PIXEL], { type: "image/png" }), "image")) as {
      data: { id: string };
    };
    expect(await client().getMediaUrl(data.id)).toMatchObject({
      data: { mime_type: "image/png", file_size: String(PIXEL.length) },
    });
    const file = await client().downloadMedia(data.id);
    expect(Buffer.from(file.data as ArrayBuffer)).toEqual(PIXEL);
  });

  test("manages the number and the account", async () => {
    const whatsapp = client();
    await whatsapp.registerPhone(phoneNumberId, "212834");
    await whatsapp.deregisterPhone(phoneNumberId);
    await whatsapp.registerPhone(phoneNumberId, "212834");
    await whatsapp.updateBusinessProfile({ about: "Outdoor goods", email: "hello@example.org" });
    expect(await whatsapp.getBusinessProfile()).toMatchObject({ data: [{ messaging_product: "whatsapp" }] });
    expect(await whatsapp.getPhoneNumbers()).toMatchObject({ data: { data: [{ id: phoneNumberId }] } });
    const listed = (await whatsapp.getTemplates({ limit: 50, offset: 0 })) as {
      data: { data: { name: string }[] };
    };
    expect(listed.data.data.map(({ name }) => name)).toContain("hello_world");
    // It leaves the texts of a new template out.
    const made = {
      name: "spring",
      language: "en_US",
      category: "MARKETING",
      components: [{ type: "body", parameters: [] }],
    };
    await expect(whatsapp.createTemplate(made as never)).rejects.toMatchObject({ code: 100 });
    expect(await whatsapp.deleteTemplate("hello_world")).toMatchObject({ data: { success: true } });
  });
});
