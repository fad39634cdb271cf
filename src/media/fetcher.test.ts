import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { findByWamid } from "../inbox/inbox.ts";
import { person, said } from "../../test/support/inbox.ts";
import { createMediaPlace, sha256, TOKEN } from "../../test/support/media.ts";
import { eventually } from "../../test/support/product.ts";
import type { OutgoingContent } from "../meta/meta.ts";
import { createFilesOfSends, metaMediaId, retryFile } from "./media.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const place = await createMediaPlace();
const { db, clock, meta, workspace_id } = place;
const jpeg = () => randomBytes(20_000);
const base64 = (bytes: Buffer) => Buffer.from(sha256(bytes), "hex").toString("base64");
const messageOf = async (wamid: string) => (await findByWamid(db, workspace_id, wamid)).data[0]!;

/** An image comes in; Meta's id of it and the message's wamid. */
async function image(bytes = jpeg()) {
  const id = meta.put(bytes, "image/jpeg");
  const wamid = await place.receive("image", { id, mime_type: "image/jpeg", sha256: base64(bytes) });
  return { id, wamid, bytes };
}

beforeEach(async () => {
  Object.assign(meta.faults, { down: null, says: {}, ended: 0, stalls_after_bytes: null });
  meta.asked.length = 0;
  clock.restart();
  await db.run(sql`delete from media`);
});

describe("a file that came in", () => {
  it("is due with its message, and shown as such; then stored, and who watches is told", async () => {
    const { id, wamid, bytes } = await image();
    expect((await messageOf(wamid)).media).toMatchObject({
      state: "pending",
      mime_type: "image/jpeg",
      url: null,
    });
    await db.run(sql`delete from live_events`);
    expect(await place.fetcher().step()).toBe(1);

    const message = await messageOf(wamid);
    const file = await place.file(id);
    expect(message.media).toEqual({
      id: file.id,
      state: "stored",
      mime_type: "image/jpeg",
      filename: null,
      size_bytes: bytes.length,
      sha256: sha256(bytes),
      error: null,
      url: `/api/v1/media/${file.id}/content`,
    });
    expect(await readFile(join(place.dir, workspace_id, file.id.slice(-2), file.id))).toEqual(bytes);
    expect(await db.rows(sql`select name, data from live_events`)).toEqual([
      {
        name: "MessageStatusUpdated",
        data: { conversation_id: message.conversation_id, message_id: message.id },
      },
    ]);
    expect(await place.fetcher().step()).toBe(0);
  });

  it("is fetched once, however often it is told, also by the history, an echo and an edit", async () => {
    const [sent, old, edited] = [jpeg(), jpeg(), jpeg()].map((bytes) => meta.put(bytes, "image/jpeg"));
    const them = person({ wa_id: "16505551234" });
    const content = (id: string | undefined) => said("c", { type: "image", content: { id } });
    const past = (text: string) =>
      place.make(
        {
          kind: "history_message",
          wamid: "h1",
          person: them,
          from_business: false,
          status: null,
          message: content(old),
        },
        1_700_000_000,
        { key: text },
      );
    await place.apply(
      place.make({ kind: "echo", wamid: "e1", to: them, message: content(sent) }, 1_700_000_001),
    );
    await place.apply(past("once"), past("twice"));
    await place.apply(
      place.make(
        { kind: "message_edit", wamid: "e2", from: them, target_wamid: "h1", message: content(edited) },
        1_700_000_002,
      ),
    );
    const fetcher = place.fetcher();
    let steps = 0;
    while ((await fetcher.step()) > 0) steps++;
    expect(steps).toBe(3);
    expect((await messageOf("h1")).media).toMatchObject({
      state: "stored",
      id: (await place.file(edited!)).id,
    });
    expect((await messageOf("e1")).media).toMatchObject({ state: "stored" });
    expect((await place.file(old!)).state).toBe("stored");
  });

  it("a body that names no file, and an id that is none, leave nothing to fetch", async () => {
    const wamid = await place.receive("image", { id: "../../etc/passwd" });
    await place.receive("image", {});
    await place.receive("location", { id: "17" });
    expect((await messageOf(wamid)).media).toBeNull();
    expect(await place.fetcher().step()).toBe(0);
  });

  it("of 90 MB passes through the process without being in it", async () => {
    // The first loads and compiles what every file needs.
    await image();
    const { id, bytes, due, rss_growth_bytes } = await place.fetchLarge();
    expect(due).toBe(1);
    // Node frees what lies outside of its heap when there are 64 MB of it.
    expect(rss_growth_bytes).toBeLessThan(80 * 1024 * 1024);
    expect(await place.file(id)).toMatchObject({
      state: "stored",
      size_bytes: bytes.length,
      sha256: sha256(bytes),
    });
  });
});

describe("what goes wrong", () => {
  it.each(["files", "graph"] as const)(
    "Meta's host of %s is away for a while: it is tried later, and comes",
    async (host) => {
      const { id, wamid } = await image();
      meta.faults.down = host;
      const fetcher = place.fetcher();
      await fetcher.step();
      expect((await messageOf(wamid)).media).toMatchObject({ state: "pending", error: expect.any(String) });
      expect(await fetcher.step()).toBe(0);
      for (let tries = 0; tries < 5; tries++) {
        clock.advance(10 * MINUTE_MS);
        await fetcher.step();
      }
      expect((await place.file(id)).attempts).toBeGreaterThan(3);
      meta.faults.down = null;
      clock.advance(60 * MINUTE_MS);
      await fetcher.step();
      expect((await messageOf(wamid)).media).toMatchObject({ state: "stored", error: null });
    },
  );

  it("a link that has ended is replaced by a new one at once", async () => {
    const { id } = await image();
    meta.faults.ended = 1;
    await place.fetcher().step();
    expect((await place.file(id)).state).toBe("stored");
    expect(meta.asked.filter((call) => call.endsWith(id))).toHaveLength(2);
  });

  it("bytes with another hash than Meta's are not kept: tried again, then failed; by hand it is asked for anew", async () => {
    const { id, wamid } = await image();
    meta.faults.says = { sha256: "0".repeat(64) };
    const fetcher = place.fetcher();
    const before = await place.files();
    await fetcher.step();
    expect(await place.file(id)).toMatchObject({
      state: "pending",
      error: expect.stringContaining("SHA-256"),
    });
    for (let tries = 1; tries < 5; tries++) {
      clock.advance(60 * MINUTE_MS);
      await fetcher.step();
    }
    expect((await messageOf(wamid)).media).toMatchObject({ state: "failed", url: null });
    clock.advance(DAY_MS);
    expect(await fetcher.step()).toBe(0);
    expect(await place.files()).toEqual(before);

    meta.faults.says = {};
    await retryFile(db, clock, workspace_id, id);
    await fetcher.step();
    expect((await place.file(id)).state).toBe("stored");
    await expect(retryFile(db, clock, workspace_id, id)).rejects.toMatchObject({ code: "MEDIA_STATE" });
  });

  it("what Meta says is larger than people can send is not fetched", async () => {
    const { id } = await image();
    meta.faults.says = { file_size: 200 * 1024 * 1024 };
    await place.fetcher().step();
    expect(await place.file(id)).toMatchObject({ state: "failed", error: expect.stringContaining("200 MB") });
    expect(meta.asked.filter((call) => call.includes("whatsapp_business"))).toEqual([]);
  });

  it("a link to another host than Meta's is not followed: the token stays", async () => {
    const { id } = await image();
    meta.faults.says = { url: "http://127.0.0.1:9/whatsapp_business/x" };
    await place.fetcher().step();
    const { state, error } = await place.file(id);
    expect({ state, error }).toEqual({ state: "pending", error: "The file's URL is none of Meta's." });
    expect(error).not.toContain(TOKEN);
  });

  it("an id that ran out ends as expired, at its time and with its last reason; by hand it is tried once more", async () => {
    const { id, wamid } = await image();
    meta.faults.down = "files";
    const fetcher = place.fetcher();
    await fetcher.step();
    clock.advance(6.9 * DAY_MS);
    await fetcher.step();
    expect((await place.file(id)).state).toBe("pending");
    clock.advance(0.2 * DAY_MS);
    await fetcher.step();
    expect((await messageOf(wamid)).media).toMatchObject({ state: "expired", error: expect.any(String) });
    await retryFile(db, clock, workspace_id, id);
    await fetcher.step();
    expect((await place.file(id)).state).toBe("expired");
    meta.faults.down = null;
    await retryFile(db, clock, workspace_id, id);
    await fetcher.step();
    expect((await place.file(id)).state).toBe("stored");
  });

  it("without an access token it says so, and goes on when there is one", async () => {
    const { id } = await image();
    const row = await db.first<{ access_token: Buffer }>(
      sql`select access_token from connections where id = ${place.connection_id}`,
    );
    await db.run(sql`update connections set access_token = null where id = ${place.connection_id}`);
    await place.fetcher().step();
    expect((await place.file(id)).error).toContain("META_ACCESS_TOKEN");
    await db.run(
      sql`update connections set access_token = ${row!.access_token} where id = ${place.connection_id}`,
    );
    clock.advance(MINUTE_MS);
    // A process looks at its connections every few seconds; this one looks for the first time.
    await place.fetcher().step();
    expect((await place.file(id)).state).toBe("stored");
  });
});

describe("a process that ends in the middle", () => {
  it("kill -9: nothing of the file is to be seen, and another process fetches it when the claim has run out", async () => {
    const { id, bytes } = await image();
    meta.faults.stalls_after_bytes = 1_000_000;
    const child = await place.spawnFetcher();
    child.send("step");
    const half = await eventually("the first half is on the disk", async () => {
      const [path] = (await place.files()).filter((name) => name.includes("incoming"));
      return path !== undefined && (await stat(path)).size > 0 && path;
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await place.file(id)).state).toBe("pending");
    expect(await place.store.sweep()).toBe(0);

    meta.faults.stalls_after_bytes = null;
    const fetcher = place.fetcher();
    expect(await fetcher.step()).toBe(0);
    clock.advance(2 * MINUTE_MS);
    expect(await fetcher.step()).toBe(1);
    expect(await place.file(id)).toMatchObject({ state: "stored", sha256: sha256(bytes) });
    // Once no one can be writing it any more it is removed.
    await utimes(half, new Date(0), new Date(0));
    expect(await place.store.sweep()).toBe(1);
    expect((await place.files()).filter((name) => name.includes("incoming"))).toEqual([]);
  });

  it("a stop gives it back at once, as if it had not been tried", async () => {
    const { id } = await image();
    meta.faults.stalls_after_bytes = 1_000_000;
    const fetcher = place.fetcher();
    const step = fetcher.step();
    await eventually("it is under way", async () =>
      meta.asked.some((call) => call.includes("whatsapp_business")),
    );
    await fetcher.stop();
    await step;
    expect(await place.file(id)).toMatchObject({ state: "pending", attempts: 0 });
    meta.faults.stalls_after_bytes = null;
    expect(await place.fetcher().step()).toBe(1);
    expect((await place.file(id)).state).toBe("stored");
    expect((await place.files()).filter((name) => name.includes("incoming"))).toEqual([]);
  });
});

describe("a file that goes out", () => {
  const number = place.number;
  const idFor = async (id: string) => {
    const graph = (await place.graphs.of(place.connection_id))!;
    return metaMediaId({ db, store: place.store, clock, graph }, workspace_id, number, id);
  };
  const uploads = () => meta.asked.filter((call) => call === `POST /v27.0/${number.phone_number_id}/media`);

  it("is uploaded to Meta at its first use, remembered for its 30 days, and then uploaded anew", async () => {
    const { id } = await image();
    await place.fetcher().step();
    const first = await idFor(id);
    expect(first).toMatchObject({ outcome: "done", id: expect.stringMatching(/^\d+$/) });
    expect(await idFor((await place.file(id)).id)).toEqual(first);
    expect(uploads()).toHaveLength(1);
    clock.advance(30 * DAY_MS);
    const second = await idFor(id);
    expect(second.outcome).toBe("done");
    expect(second).not.toEqual(first);
    expect(uploads()).toHaveLength(2);
  });

  it("an id of Meta's that Wharf knows nothing of stays as it is; one of ours that is not there is said to be missing", async () => {
    expect(await idFor("1037543291543636")).toEqual({ outcome: "done", id: "1037543291543636" });
    expect(await idFor(newId())).toMatchObject({ outcome: "missing" });
    const { id } = await image();
    expect(await idFor(id)).toMatchObject({ outcome: "missing" });
    expect(uploads()).toEqual([]);
  });

  it("wherever a message names it, Meta gets its own id, and takes the message", async () => {
    const { id } = await image();
    await place.fetcher().step();
    const ours = { id: (await place.file(id)).id };
    const graph = (await place.graphs.of(place.connection_id))!;
    const { phone_number_id } = number;
    const resolve = (content: OutgoingContent) =>
      createFilesOfSends({ db, store: place.store, clock }).resolve(
        { workspace_id, phone_number: number.id, graph, phone_number_id },
        content,
      );
    const buttons = [{ id: "1", title: "Yes" }];
    const contents: OutgoingContent[] = [
      { type: "image", media: { ...ours }, caption: "c" },
      { type: "buttons", header: { type: "image", media: { ...ours } }, body: "b", buttons },
      { type: "image", media: { link: "https://example.com/a.jpg" } },
    ];
    for (const content of contents) {
      const resolved = await resolve(content);
      if (resolved.outcome !== "done") throw new Error("it was not resolved");
      const sent = await graph.send(phone_number_id, {
        to: { phone: "+16505551234" },
        content: resolved.value,
      });
      expect(sent).toMatchObject({ outcome: "sent" });
    }
    const template: OutgoingContent = {
      type: "template",
      name: "t",
      language: "en",
      header: [{ type: "image", media: { ...ours } }],
    };
    expect(await resolve(template)).toMatchObject({
      value: { header: [{ media: { id: expect.stringMatching(/^\d+$/) } }] },
    });
    expect(uploads()).toHaveLength(1);
    expect(await resolve({ type: "image", media: { id: newId() } })).toMatchObject({
      outcome: "refused",
      error: { behaviour: "give_up", code: null, says: expect.stringContaining("not there") },
    });
  });

  it("an upload that Meta refuses is told in Meta's words and not remembered", async () => {
    const { id } = await image();
    await place.fetcher().step();
    await db.run(sql`update media set mime_type = 'image/bmp' where ref = ${id}`);
    expect(await idFor(id)).toMatchObject({ outcome: "refused", error: { code: 100 } });
    expect(
      await db.rows(sql`select from media_uploads where media_id = ${(await place.file(id)).id}`),
    ).toEqual([]);
  });
});

it("a file beside the store's folders is never named: keys are made of ids", async () => {
  await writeFile(join(place.dir, "secret"), "x");
  await expect(place.file("../secret")).rejects.toMatchObject({ code: "NOT_FOUND" });
});
