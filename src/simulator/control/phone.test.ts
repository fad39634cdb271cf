import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readWebhook } from "../../meta/meta.ts";
import { createGraphStandIn, createPhone, createSimulator, NUMBERS, PERSONAS } from "../simulator.ts";

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const SHEENA = PERSONAS[0]!;
const who = { from: SHEENA.wa_id, phone_number_id: NUMBERS[0]!.phone_number_id };

let webhooks: Buffer[] = [];
const receiver = createServer((req, res) => {
  const take = async () => {
    webhooks.push(await buffer(req));
    res.end();
  };
  void take();
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
let now_ms = Date.now();
const clock = { now: () => now_ms };
const target_url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
const simulator = createSimulator({ target_url, app_secret: "secret", clock });
const graph = createGraphStandIn({ simulator, token: "T", clock });
const url = await graph.listen(0);
const phone = createPhone({ simulator, graph });
afterAll(async () => {
  await graph.stop();
  await simulator.stop();
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(() => void (webhooks = []));

/** What the webhook says, as Wharf reads it. */
async function played(input: Omit<Parameters<typeof phone.play>[0], keyof typeof who>) {
  await phone.play({ ...who, ...input });
  const read = readWebhook(webhooks.at(-1)!);
  const data = read.ok ? read.events[0]?.data : undefined;
  if (data?.kind !== "message") throw new Error("no message came");
  return data.message;
}
const authorization = "Bearer T";
/** As a receiver fetches it: its URL first, then its bytes. */
async function fetched(id: unknown) {
  const about = await fetch(`${url}/v27.0/${String(id)}`, { headers: { authorization } });
  const known = (await about.json()) as { url: string; sha256: string; mime_type: string };
  const answer = await fetch(known.url, { headers: { authorization } });
  return { ...known, status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}
const put = (bytes: Buffer, mime_type: string) => phone.putMedia(Readable.from([bytes]), { mime_type });

describe("a sample", () => {
  const opus = (bytes: Buffer) => bytes.toString("latin1", 0, 4) === "OggS" && bytes.includes("OpusHead");
  const mp4 = (bytes: Buffer) =>
    bytes.toString("latin1", 4, 8) === "ftyp" && bytes.includes("avc1") && bytes.includes("mp4a");
  const webp = (bytes: Buffer) => bytes.toString("latin1", 8, 12) === "WEBP";
  const moves = (bytes: Buffer) => bytes.includes("ANIM");
  it.each([
    ["image", {}, "image/jpeg", (bytes: Buffer) => bytes.readUInt16BE() === 0xffd8],
    ["video", {}, "video/mp4", mp4],
    ["audio", { voice: true }, "audio/ogg; codecs=opus", opus],
    ["document", {}, "application/pdf", (bytes: Buffer) => bytes.includes("/Count 2")],
    ["document", { mime_type: "text/plain" }, "text/plain", (bytes: Buffer) => bytes.includes("socks")],
    ["sticker", {}, "image/webp", (bytes: Buffer) => webp(bytes) && !moves(bytes)],
    ["sticker", { animated: true }, "image/webp", (bytes: Buffer) => webp(bytes) && moves(bytes)],
  ] as const)(
    "of %s %j is a true file that can be fetched, with its hash",
    async (type, said, mime_type, isTrue) => {
      const { content } = await played({ [type]: { sample: true, ...said } });
      expect(content).toMatchObject({ ...said, mime_type });
      expect(content).not.toHaveProperty("sample");
      const file = await fetched(content["id"]);
      expect(file).toMatchObject({ mime_type, status: 200 });
      expect(isTrue(file.bytes)).toBe(true);
      const hash = createHash("sha256").update(file.bytes).digest();
      expect([content["sha256"], file.sha256]).toEqual([hash.toString("base64"), hash.toString("hex")]);
    },
  );

  it("of a document has a name; a caption goes along", async () => {
    const said = { document: { sample: true, caption: "Signed" } } as const;
    expect(await played(said)).toMatchObject({ text: "Signed", content: { filename: "order-4821.pdf" } });
    const named = { document: { sample: true, filename: "Ours.pdf" } } as const;
    expect((await played(named)).content).toMatchObject({ filename: "Ours.pdf" });
  });
});

describe("a file of one's own", () => {
  it("of whatever type goes as a document, and is fetched as it was", async () => {
    const bytes = Buffer.from("PK\x03\x04 anything");
    const { id, ...known } = await put(bytes, "application/zip");
    expect(known).toEqual({
      mime_type: "application/zip",
      size_bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    const { content } = await played({ document: { id, filename: "a.zip" } });
    expect(content).toMatchObject({ id, mime_type: "application/zip", filename: "a.zip" });
    expect((await fetched(id)).bytes).toEqual(bytes);
  });

  it("goes as what it is only: a type or a size that WhatsApp's phones would not send is told in words", async () => {
    const zip = await put(Buffer.from("PK"), "application/zip");
    await expect(phone.play({ ...who, image: { id: zip.id } })).rejects.toMatchObject({
      code: "MEDIA_INVALID",
      detail: expect.stringContaining("no application/zip as image") as string,
    });
    const large = await put(Buffer.alloc(6 * MB), "image/jpeg");
    await expect(phone.play({ ...who, image: { id: large.id } })).rejects.toMatchObject({
      code: "MEDIA_INVALID",
      detail: expect.stringContaining("5.0 MB") as string,
    });
    expect((await played({ document: { id: large.id } })).type).toBe("document");
    await expect(phone.play({ ...who, image: { id: "17" } })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    expect(webhooks).toHaveLength(1);
  });

  it("of more than 100 MB, or of nothing, is not taken", async () => {
    await expect(put(Buffer.alloc(100 * MB + 1), "video/mp4")).rejects.toMatchObject({
      code: "MEDIA_INVALID",
      detail: expect.stringContaining("100.0 MB") as string,
    });
    await expect(put(Buffer.alloc(0), "video/mp4")).rejects.toMatchObject({ code: "MEDIA_INVALID" });
  });

  it("is there for as long as Meta promises, and forgotten earlier only when there is too much", async () => {
    const { id } = await put(Buffer.from("x"), "text/plain");
    now_ms += 7 * DAY_MS;
    expect(graph.findMedia(id)).not.toBeNull();
    const ids: string[] = [];
    for (let file = 0; file < 5; file++) ids.push((await put(Buffer.alloc(90 * MB), "a/b")).id);
    expect([id, ...ids].map((one) => graph.findMedia(one) !== null)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
  });
});

it("while the host of the files is away it answers 503, and the API goes on", async () => {
  const { content } = await played({ image: { sample: true } });
  graph.outage("media", 60_000);
  expect(await fetched(content["id"])).toMatchObject({ mime_type: "image/jpeg", status: 503 });
  now_ms += 60_000;
  expect((await fetched(content["id"])).status).toBe(200);
  graph.outage("media", 60_000);
  graph.outage("media", 0);
  expect((await fetched(content["id"])).status).toBe(200);
});

it("who changes their number has it from then on", async () => {
  const said = { ...who, from: PERSONAS[3]!.wa_id, new_number: "33639980999" };
  await phone.play(said);
  const { personas } = await phone.describe();
  expect(personas.map(({ name, wa_id }) => [name, wa_id])).toContainEqual([PERSONAS[3]!.name, "33639980999"]);
  expect(personas).toHaveLength(PERSONAS.length);
});
