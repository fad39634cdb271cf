import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../base/base.ts";
import { type EventData, readWebhook } from "../meta/meta.ts";
import { createBox, NUMBERS } from "../simulator/simulator.ts";
import { createForeignWorkspace, createTestApi } from "../../test/support/api.ts";

const MB = 1024 * 1024;
let events: EventData[] = [];
const receiver = createServer((req, res) => {
  const take = async () => {
    const read = readWebhook(await buffer(req));
    if (read.ok) events.push(...read.events.map(({ data }) => data));
    res.end();
  };
  void take();
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
const target_url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
const box = createBox({ target_url, app_secret: "secret", token: "T" });
const sandbox = { ...box, workspace_id: "" };
const { app, db, key, workspace_id } = await createTestApi({ sandbox });
sandbox.workspace_id = workspace_id;
const foreign = await createForeignWorkspace(db);
await app.listen({ host: "127.0.0.1", port: 0 });
const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1/sandbox`;
afterAll(async () => {
  await box.stop();
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(() => void (events = []));

const owner = { authorization: `Bearer ${key}` };
const who = { from: "12025550147", phone_number_id: NUMBERS[0]!.phone_number_id };
const play = (said: object, headers: Record<string, string> = owner) =>
  fetch(`${url}/messages`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ ...who, ...said }),
  });
const put = (body: Buffer, headers: Record<string, string> = {}) =>
  fetch(`${url}/media`, { method: "POST", body, headers: { ...owner, ...headers } });

const ORDER = {
  catalog_id: "7",
  product_items: [{ product_retailer_id: "sku-1", quantity: 2, item_price: 12.5, currency: "EUR" }],
};
const REFERRAL = { source_url: "https://fb.me/1", source_id: "1", source_type: "ad", headline: "Autumn" };
const wamid = "wamid.HBgL";

describe("what a customer can do", () => {
  it.each([
    [{ text: "Hello" }, { kind: "message", message: { type: "text", text: "Hello" } }],
    [{ image: { sample: true, caption: "This" } }, { message: { type: "image", text: "This" } }],
    [{ video: { sample: true } }, { message: { type: "video" } }],
    [{ audio: { sample: true, voice: true } }, { message: { type: "audio", content: { voice: true } } }],
    [{ document: { sample: true } }, { message: { type: "document" } }],
    [{ sticker: { sample: true, animated: true } }, { message: { content: { animated: true } } }],
    [{ location: { latitude: 1, longitude: 2, address: "Quay 7" } }, { message: { content: { address: "Quay 7" } } }],
    [
      { contacts: [{ name: { formatted_name: "Ada Osei" }, phones: [{ phone: "+233 20 555 0147" }] }] },
      { message: { content: { contacts: [{ name: { formatted_name: "Ada Osei" } }] } } },
    ],
    [{ button: { payload: "YES", text: "Yes" }, context_wamid: wamid }, { message: { reply: { payload: "YES" }, context_wamid: wamid } }],
    [{ button_reply: { id: "1", title: "Yes" } }, { message: { reply: { kind: "button_reply", payload: "1" } } }],
    [{ list_reply: { id: "1", title: "Blue", description: "M" } }, { message: { reply: { kind: "list_reply", title: "Blue" } } }],
    [{ flow_reply: { size: "M" } }, { message: { reply: { kind: "nfm_reply", payload: '{"size":"M"}' } } }],
    [{ call_permission: "accept" }, { message: { reply: { kind: "call_permission_reply", payload: "accept" } } }],
    [{ order: ORDER }, { message: { type: "order", content: ORDER } }],
    [{ reaction: { message_id: wamid, emoji: "👍" } }, { kind: "reaction", target_wamid: wamid }],
    [{ edit: { message_id: wamid, text: "Better" } }, { kind: "message_edit" }],
    [{ revoke: wamid }, { kind: "message_revoke", target_wamid: wamid }],
    [{ unsupported: "poll_creation" }, { message: { type: "unsupported", content: { type: "poll_creation" } } }],
    [{ text: "Hi", referral: REFERRAL }, { message: { content: { referral: REFERRAL } } }],
    [{ image: { sample: true }, forwarded: true }, { message: { content: { forwarded: true } } }],
    [{ new_number: "12025550999" }, { kind: "system", system_type: "user_changed_number" }],
  ])("%j becomes the webhook that Meta would send", async (said, expected) => {
    const answer = await play(said);
    expect([answer.status, await answer.json()]).toMatchObject([201, { status: 200 }]);
    expect(events).toMatchObject([expected]);
  }); // prettier-ignore

  it.each([
    [{}, "Say exactly one thing: text, image"],
    [{ text: "a", revoke: wamid }, "Say exactly one thing"],
    [{ txt: "a" }, "txt"],
    [{ image: {} }, '`image`: name the file: {"sample": true}'],
    [{ image: { sample: true, id: "1" } }, "name the file"],
    [{ image: { sample: false } }, "`image.sample` "],
    [{ image: { sample: true, filename: "a.jpg" } }, "filename"],
    [{ image: { id: "1" } }, "`image.id`: no such file"],
    [{ button: { payload: "x" } }, "`button.text` "],
    [{ location: { latitude: 91, longitude: 0 } }, "`location.latitude` "],
    [{ contacts: [] }, "`contacts` "],
    [{ order: { ...ORDER, product_items: [] } }, "`order.product_items` "],
    [{ unsupported: "a poll" }, "poll_creation"],
    [{ new_number: "+1 202" }, "`new_number`: write a number"],
    [{ revoke: wamid, forwarded: true }, "Only these can be forwarded or come from an ad: text"],
    [{ unsupported: "gif", referral: REFERRAL }, "Only these"],
    [{ text: "a", forwarded: true, context_wamid: wamid }, "forwarded answers no message"],
    [{ text: "a", referral: { ...REFERRAL, source_url: "javascript:alert(1)" } }, "`referral.source_url` "],
    [{ text: "a", phone_number_id: "7" }, "phone_number_id"],
  ])("%j is refused in words, and nothing is sent", async (said, words) => {
    const answer = await play(said);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: "INVALID_REQUEST", detail: expect.stringContaining(words) as string },
    ]);
    expect(events).toEqual([]);
  });
});

describe("a file that a customer sends", () => {
  it("is put there as it is and named in a message", async () => {
    const bytes = Buffer.from("<script>alert(1)</script>");
    const answer = await put(bytes, { "content-type": "text/html", "x-filename": "a.html" });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const made = (await answer.json()) as { id: string };
    expect([answer.status, made]).toEqual([
      201,
      {
        id: expect.stringMatching(/^\d+$/) as string,
        sha256,
        mime_type: "text/html",
        size_bytes: bytes.length,
      },
    ]);
    await play({ document: { id: made.id, filename: "a.html" } });
    const base64 = Buffer.from(sha256, "hex").toString("base64");
    expect(events).toMatchObject([
      { message: { content: { id: made.id, sha256: base64, filename: "a.html" } } },
    ]);
  });

  it("that can't go as what it is said to be is refused in words", async () => {
    const { id } = (await (await put(Buffer.from("x"), { "content-type": "text/html" })).json()) as {
      id: string;
    };
    const answer = await play({ image: { id } });
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: "MEDIA_INVALID" }]);
  });

  it("may have 100 MB and no more", async () => {
    const most = await put(Buffer.alloc(100 * MB), { "content-type": "application/pdf" });
    expect([most.status, await most.json()]).toMatchObject([201, { size_bytes: 100 * MB }]);
    const more = await put(Buffer.alloc(100 * MB + 1), { "content-type": "application/pdf" });
    expect([more.status, await more.json()]).toMatchObject([422, { code: "MEDIA_INVALID" }]);
    const none = await put(Buffer.alloc(0), { "content-type": "application/pdf" });
    expect([none.status, await none.json()]).toMatchObject([422, { detail: "The file is empty." }]);
  });

  it("with an Idempotency-Key is put there once; with other bytes under the same key it is refused", async () => {
    const headers = { "content-type": "text/plain", "idempotency-key": newId() };
    const [first, again] = [await put(Buffer.from("a"), headers), await put(Buffer.from("a"), headers)];
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await again.json()).toEqual(await first.json());
    expect(await (await put(Buffer.from("b"), headers)).json()).toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });
});

it("tells what a foreign client needs to take the simulator for Meta, and such a client is answered (C)", async () => {
  const graph_url = await box.listen(0);
  const answer = await fetch(`${url}/simulator`, { headers: owner });
  const { access } = (await answer.json()) as { access: { graph_url: string; access_token: string } };
  expect(access).toEqual({
    graph_url,
    access_token: "T",
    app_id: "670843887433847",
    numbers: NUMBERS,
  });
  const number = await fetch(`${access.graph_url}/v27.0/${NUMBERS[0]!.phone_number_id}`, {
    headers: { authorization: `Bearer ${access.access_token}` },
  });
  expect(number.status).toBe(200);
});

it("is another workspace's on no route", async () => {
  const theirs = { authorization: `Bearer ${foreign.key}` };
  const outage = await fetch(`${url}/simulator/steps`, {
    method: "POST",
    headers: { ...theirs, "content-type": "application/json" },
    body: '{"outage":60}',
  });
  for (const answer of [await play({ text: "a" }, theirs), await put(Buffer.from("a"), theirs), outage])
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: "SANDBOX_OFF" }]);
  expect(events).toEqual([]);
});

it("lets the host of the files be away for as long as is asked, and come back", async () => {
  const { id } = (await (await put(Buffer.from("x"), { "content-type": "text/plain" })).json()) as {
    id: string;
  };
  const base = await box.listen(0);
  const headers = { authorization: "Bearer T" };
  const status = async () => {
    const about = (await (await fetch(`${base}/v27.0/${id}`, { headers })).json()) as { url: string };
    return (await fetch(about.url, { headers })).status;
  };
  const away = (outage: number) =>
    fetch(`${url}/simulator/steps`, {
      method: "POST",
      headers: { ...owner, "content-type": "application/json" },
      body: JSON.stringify({ outage, of: "media" }),
    });
  expect((await away(600)).status).toBe(202);
  expect(await status()).toBe(503);
  expect((await away(0)).status).toBe(202);
  expect(await status()).toBe(200);
});
