import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pino } from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import { newId, systemClock } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { addUpload, createFileStore, openFile, type BucketSettings, type Located } from "../media/media.ts";
import { createForeignWorkspace, createTestApi } from "../../test/support/api.ts";
import { createBucketServer } from "../../test/support/bucket.ts";
import { createMediaPlace } from "../../test/support/media.ts";

const bytes = Buffer.from("0123456789");
const sha256 = createHash("sha256").update(bytes).digest("hex");

/** What the API logs as a warning or worse. */
const logged: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(line) });

/** The API over a folder for files, or over a bucket. */
async function createSite(given: { bucket?: BucketSettings } = {}) {
  const place = await createMediaPlace(given);
  const { db, store } = place;
  const { app, workspace_id, key } = await createTestApi({ db, files: store, log });
  const owner = { authorization: `Bearer ${key}` };
  const site = {
    place,
    db,
    workspace_id,
    owner,
    url: "",
    /** A stored file with whatever name and type its sender gave. */
    file: async (mime_type: string, filename: string | null = null, content = bytes): Promise<string> => {
      const draft = await store.receive(Readable.from([content]), 10_000_000);
      const file = { mime_type, filename };
      return addUpload(
        { db, files: store, clock: systemClock },
        workspace_id,
        draft,
        file,
        async (_tx, id) => id,
      );
    },
    get: (id: string, headers: Record<string, string> = {}, method = "GET") =>
      fetch(`${site.url}/api/v1/media/${id}/content`, { method, headers: { ...owner, ...headers } }),
  };
  beforeAll(async () => {
    await app.listen({ host: "127.0.0.1", port: 0 });
    site.url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  });
  return site;
}

const bucket = await createBucketServer();
const folderSite = await createSite();
const bucketSite = await createSite({ bucket: bucket.settings() });
const { place, db, workspace_id, owner, file, get } = folderSite;
const foreign = await createForeignWorkspace(db);
const sites = [
  ["a folder", folderSite],
  ["a bucket", bucketSite],
] as const;
let url = "";
beforeAll(() => {
  ({ url } = folderSite);
});

describe.each(sites)("the bytes of a file in %s", (_, { file, get }) => {
  it("come whole, with their length, their hash as the tag, and nothing that a browser could run", async () => {
    const answer = await get(await file("image/png", "a.png"));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": "10",
      "content-disposition": `inline; filename="a.png"; filename*=UTF-8''a.png`,
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "private, no-cache",
      "accept-ranges": "bytes",
      etag: `"${sha256}"`,
    });
    expect(await answer.text()).toBe("0123456789");
  });

  it.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=4-", 206, "456789", "bytes 4-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=8-100", 206, "89", "bytes 8-9/10"],
    ["bytes=0-0,2-3", 200, "0123456789", null],
    ["nonsense", 200, "0123456789", null],
  ])("Range: %s is answered %i with %j", async (range, status, text, content_range) => {
    const answer = await get(await file("video/mp4"), { range });
    expect([answer.status, await answer.text(), answer.headers.get("content-range")]).toEqual([
      status,
      text,
      content_range,
    ]);
    expect(answer.headers.get("content-length")).toBe(String(text.length));
  });

  it("a range behind the end is a problem that says how long the file is", async () => {
    const answer = await get(await file("video/mp4"), { range: "bytes=10-" });
    expect(answer.status).toBe(416);
    expect(answer.headers.get("content-range")).toBe("bytes */10");
    expect(await answer.json()).toMatchObject({ code: "RANGE_OUTSIDE" });
  });

  it("If-Range: a range of what is another file now is answered by the whole", async () => {
    const id = await file("video/mp4");
    expect((await get(id, { range: "bytes=0-3", "if-range": `"${sha256}"` })).status).toBe(206);
    expect((await get(id, { range: "bytes=0-3", "if-range": '"another"' })).status).toBe(200);
  });

  it.each([`"${sha256}"`, `W/"${sha256}"`, `"x", "${sha256}"`, "*"])(
    "If-None-Match: %s is 304 without a body",
    async (tag) => {
      const answer = await get(await file("image/png"), { "if-none-match": tag });
      expect(answer.status).toBe(304);
      expect(await answer.text()).toBe("");
    },
  );

  it("HEAD says the same without the bytes", async () => {
    const id = await file("image/png");
    const answer = await get(id, {}, "HEAD");
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([
      200,
      "10",
      "",
    ]);
    expect((await get(id, { range: "bytes=0-3" }, "HEAD")).headers.get("content-range")).toBe("bytes 0-3/10");
  });

  it.each([
    ["image/jpeg", "image/jpeg", "inline"],
    ["audio/ogg; codecs=opus", "audio/ogg", "inline"],
    ["application/pdf", "application/pdf", "attachment"],
    ["application/vnd.ms-excel", "application/vnd.ms-excel", "attachment"],
    ["text/html", "application/octet-stream", "attachment"],
    ["image/svg+xml", "application/octet-stream", "attachment"],
    ["application/xhtml+xml", "application/octet-stream", "attachment"],
    ["text/plain", "application/octet-stream", "attachment"],
    ["image/png\r\nx-evil: 1", "application/octet-stream", "attachment"],
    ["", "application/octet-stream", "attachment"],
  ])("what calls itself %j is served as %s, %s", async (mime_type, told, shown) => {
    const answer = await get(await file(mime_type));
    expect([answer.headers.get("content-type"), answer.headers.get("content-disposition")]).toEqual([
      told,
      shown,
    ]);
    expect(answer.headers.get("x-evil")).toBeNull();
  });

  it.each([
    ["Übersicht 2026.pdf", `filename="_bersicht 2026.pdf"; filename*=UTF-8''%C3%9Cbersicht%202026.pdf`],
    ['a"; filename="b.exe', `filename="a__ filename=_b.exe"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe`],
    ["../../etc/passwd", `filename="passwd"; filename*=UTF-8''passwd`],
    ["a\r\nx-evil: 1", `filename="a__x-evil: 1"; filename*=UTF-8''a%0D%0Ax-evil%3A%201`],
    ["it's (1).pdf", `filename="it's (1).pdf"; filename*=UTF-8''it%27s%20%281%29.pdf`],
    ["😀.pdf", `filename="__.pdf"; filename*=UTF-8''%F0%9F%98%80.pdf`],
  ])("the name %j goes along as a header can carry it", async (name, header) => {
    const answer = await get(await file("application/pdf", name));
    expect(answer.headers.get("content-disposition")).toBe(`attachment; ${header}`);
  });
});

describe("whose files", () => {
  it("another workspace's are not there, nor without a key, by whatever id and on every route", async () => {
    const id = await file("image/png");
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/content"],
      ["POST", "/retry"],
    ] as const) {
      const ask = (headers: Record<string, string>) =>
        fetch(`${url}/api/v1/media/${id}${path}`, { method, headers });
      expect((await ask({ authorization: `Bearer ${foreign.key}` })).status).toBe(404);
      expect((await ask({})).status).toBe(401);
      expect((await ask(owner)).status).toBe(method === "POST" ? 409 : 200);
    }
  });

  it("an id that is none, a path, or nothing of ours is 404 or 400", async () => {
    for (const id of [newId(), "123", "..%2f..%2fetc%2fpasswd", "%00", "a'b"])
      expect([400, 404]).toContain((await get(id)).status);
  });
});

describe("a file that came in", () => {
  it("is found by Meta's id; its bytes once they are there", async () => {
    const id = place.meta.put(randomBytes(5_000), "image/jpeg");
    await place.receive("image", { id });
    // The place's own workspace.
    await db.run(sql`update media set workspace_id = ${workspace_id} where ref = ${id}`);
    const about = async () => (await fetch(`${url}/api/v1/media/${id}`, { headers: owner })).json();
    expect(await about()).toMatchObject({ state: "pending", url: null, meta_media_id: id });
    const early = await get(id);
    expect([early.status, await early.json()]).toMatchObject([409, { code: "MEDIA_STATE" }]);

    await db.run(sql`update media set workspace_id = ${place.workspace_id} where ref = ${id}`);
    await place.fetcher().step();
    await db.run(sql`update media set workspace_id = ${workspace_id} where ref = ${id}`);
    const known = (await about()) as { id: string; url: string };
    expect(known).toMatchObject({ state: "stored", size_bytes: 5_000 });
    const [by_meta, by_us] = await Promise.all([get(id), fetch(url + known.url, { headers: owner })]);
    expect(Buffer.from(await by_meta.arrayBuffer())).toEqual(Buffer.from(await by_us.arrayBuffer()));
  });
});

describe.each(sites)("an upload to %s", (_, site) => {
  const { owner, place } = site;
  const put = (body: Buffer | string, headers: Record<string, string>) =>
    fetch(`${site.url}/api/v1/media`, { method: "POST", body, headers: { ...owner, ...headers } });
  const left = async () => (await place.files()).filter((name) => name.includes("incoming"));

  it("is answered 201 with the file, which is served as it came", async () => {
    const answer = await put(bytes, { "content-type": "application/pdf", "x-filename": "%C3%9Cber.pdf" });
    expect(answer.status).toBe(201);
    const made = (await answer.json()) as { id: string; url: string };
    expect(made).toMatchObject({
      state: "stored",
      mime_type: "application/pdf",
      filename: "Über.pdf",
      size_bytes: 10,
      sha256,
      meta_media_id: null,
    });
    expect(answer.headers.get("location")).toBe(`/api/v1/media/${made.id}`);
    expect(await (await fetch(site.url + made.url, { headers: owner })).text()).toBe("0123456789");
    expect(await left()).toEqual([]);
  });

  it.each([
    ["a path", "../../a.pdf", "a.pdf"],
    ["Windows' path", "C:%5Cb%5Cc.pdf", "c.pdf"],
    ["no percent-encoding", "100%.pdf", "100%.pdf"],
    ["control characters", "a%00%0D%0Ab.pdf", "ab.pdf"],
    ["nothing", "%20", null],
    ["a very long name", "a".repeat(400), "a".repeat(255)],
  ])("a name that is %s is made one that can be shown", async (_, header, filename) => {
    const answer = await put(bytes, { "content-type": "application/pdf", "x-filename": header });
    expect(await answer.json()).toMatchObject({ filename });
  });

  it.each([
    ["a type that Meta does not take", bytes, { "content-type": "image/gif" }, "takes no image/gif"],
    ["no type", bytes, {}, "takes no application/octet-stream"],
    ["an empty file", Buffer.alloc(0), { "content-type": "application/pdf" }, "empty"],
  ])("of %s is refused in words", async (_, body, headers, words) => {
    const answer = await put(body, headers);
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { code: "MEDIA_INVALID", detail: expect.stringContaining(words) },
    ]);
    expect(await left()).toEqual([]);
  });

  it("too large by its length is refused before it is read; without a length, when the limit is reached", async () => {
    const ask = (headers: Record<string, string | number>, write: (send: (chunk: Buffer) => void) => void) =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        const going = httpRequest(`${site.url}/api/v1/media`, {
          method: "POST",
          headers: { ...owner, "content-type": "image/jpeg", ...headers },
        });
        going.on("response", (answer) => {
          let body = "";
          answer.on("data", (chunk) => (body += String(chunk)));
          answer.on("end", () => {
            going.destroy();
            resolve({ status: answer.statusCode!, body });
          });
        });
        going.on("error", reject);
        write((chunk) => going.write(chunk));
      });
    const announced = await ask({ "content-length": 6 * 1024 * 1024 }, (send) => send(bytes));
    expect(announced.status).toBe(422);
    expect(JSON.parse(announced.body)).toMatchObject({
      code: "MEDIA_INVALID",
      detail: expect.stringContaining("5.0 MB"),
    });
    const chunked = await ask({ "transfer-encoding": "chunked" }, (send) =>
      send(Buffer.alloc(6 * 1024 * 1024)),
    );
    expect(chunked.status).toBe(422);
    expect(await left()).toEqual([]);
  });

  it("broken off by its sender leaves nothing", async () => {
    const going = httpRequest(`${site.url}/api/v1/media`, {
      method: "POST",
      headers: { ...owner, "content-type": "image/jpeg", "content-length": 1_000_000 },
    });
    going.on("error", () => {});
    going.write(Buffer.alloc(10_000));
    await expect.poll(left).toHaveLength(1);
    logged.length = 0;
    going.destroy();
    await expect.poll(left).toEqual([]);
    // Nor is the database said to be away (L12).
    expect(logged).toEqual([]);
  });

  it("with an Idempotency-Key is made once; with other bytes under the same key it is refused", async () => {
    const headers = { "content-type": "application/pdf", "idempotency-key": newId() };
    const [first, again] = [await put(bytes, headers), await put(bytes, headers)];
    expect([first.status, again.status, again.headers.get("idempotency-replayed")]).toEqual([
      201,
      201,
      "true",
    ]);
    const { id } = (await first.json()) as { id: string };
    expect(await again.json()).toMatchObject({ id });
    const together = sql`select from media m join idempotency_keys k on k.xmin = m.xmin where m.id = ${id}`;
    expect(await site.db.rows(together)).toHaveLength(1);
    expect(await (await put("other", headers)).json()).toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
    expect(await left()).toEqual([]);
  });
});

describe("a store that says no", () => {
  /** Status and code, and what is told of the file all the same, which should be nothing. */
  const problemOf = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { code: string }).code,
    ...["etag", "last-modified", "content-disposition", "content-range", "accept-ranges"].filter((name) =>
      answer.headers.has(name),
    ),
  ];
  const video = () => bucketSite.file("video/mp4", "v.mp4", randomBytes(2_000_000));

  it.each(sites)("a file whose bytes are gone from %s is a problem, by a range, too", async (_, site) => {
    const id = await site.file("video/mp4", "v.mp4", randomBytes(5_000));
    await site.db.run(sql`update media set storage_key = storage_key || 'x' where id = ${id}`);
    expect(await problemOf(await site.get(id))).toEqual([410, "MEDIA_MISSING"]);
    expect(await problemOf(await site.get(id, { range: "bytes=0-3" }))).toEqual([410, "MEDIA_MISSING"]);
  });

  it("a bucket that is away, or refuses its key, is a problem that passes; then the file comes", async () => {
    const id = await video();
    bucket.faults.down = true;
    const away = await bucketSite.get(id, { range: "bytes=0-3" });
    expect(away.headers.get("retry-after")).toBe("5");
    expect(await problemOf(away)).toEqual([503, "MEDIA_UNAVAILABLE"]);
    const upload = await fetch(`${bucketSite.url}/api/v1/media`, {
      method: "POST",
      body: bytes,
      headers: { ...bucketSite.owner, "content-type": "application/pdf" },
    });
    expect(await problemOf(upload)).toEqual([503, "MEDIA_UNAVAILABLE"]);
    expect(await bucketSite.place.files()).toEqual([]);
    bucket.faults.down = false;
    expect((await bucketSite.get(id, { range: "bytes=0-3" })).status).toBe(206);
  });

  it("a bucket that breaks off in the middle breaks off the answer: it is never taken for whole", async () => {
    const id = await video();
    bucket.faults.get_cut_after_bytes = 1_000_000;
    const answer = await bucketSite.get(id);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow("terminated");
    bucket.faults.get_cut_after_bytes = null;
  });

  it("a file that is moved between the look at its row and the look at its bytes is found", async () => {
    const { place, db, workspace_id } = bucketSite;
    const id = await bucketSite.file("image/png");
    const row = (await db.first<{ storage_key: string }>(
      sql`select storage_key from media where id = ${id}`,
    ))!;
    const stale = { id, stored_in: "folder" as const, storage_key: row.storage_key, size_bytes: 10 };
    const body = await openFile({ db, store: place.store }, workspace_id, stale);
    expect((await buffer(body)).toString()).toBe("0123456789");
  });
});

describe("a browser and the bucket", () => {
  it("asks for a range, and only the range is asked of the bucket", async () => {
    const id = await bucketSite.file("video/mp4", null, randomBytes(2_000_000));
    bucket.asked.length = 0;
    const answer = await bucketSite.get(id, { range: "bytes=1000000-1000009" });
    expect((await answer.arrayBuffer()).byteLength).toBe(10);
    await expect
      .poll(() => bucket.asked)
      .toEqual([expect.stringMatching(/^GET .* bytes=1000000-1000009 206$/)]);
    bucket.asked.length = 0;
    await bucketSite.get(id, {}, "HEAD");
    await bucketSite.get(id, { "if-none-match": "*" });
    expect(bucket.asked).toEqual([]);
  });

  it("uploads what takes the bucket its time, and no transaction is open meanwhile", async () => {
    bucket.faults.put_stalls_after_bytes = 1;
    const going = httpRequest(`${bucketSite.url}/api/v1/media`, {
      method: "POST",
      headers: { ...bucketSite.owner, "content-type": "application/pdf", "idempotency-key": newId() },
    });
    going.on("error", () => {}).end(bytes);
    await expect.poll(bucket.under_way).toBe(1);
    expect(
      await bucketSite.db.rows(sql`
        select query from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`),
    ).toEqual([]);
    bucket.faults.down = true;
    bucket.cut();
    const [answer] = (await once(going, "response")) as [IncomingMessage];
    expect(answer.statusCode).toBe(503);
    answer.resume();
    bucket.restore();
  });

  it("goes away, and the request to the bucket ends with it", async () => {
    const id = await bucketSite.file("video/mp4", null, randomBytes(2_000_000));
    bucket.faults.get_stalls_after_bytes = 500_000;
    const going = httpRequest(`${bucketSite.url}/api/v1/media/${id}/content`, { headers: bucketSite.owner });
    const [answer] = (await once(going.end(), "response")) as [IncomingMessage];
    await once(answer, "data");
    expect(bucket.under_way()).toBe(1);
    going.destroy();
    await expect.poll(bucket.under_way).toBe(0);
    bucket.faults.get_stalls_after_bytes = null;
  });
});

it("files of a store that is only a folder survive a new process", async () => {
  const id = await file("image/png");
  const row = await db.first<Located & { size_bytes: number }>(
    sql`select stored_in, storage_key, size_bytes::float8 as size_bytes from media where id = ${id}`,
  );
  const again = createFileStore({ dir: place.dir });
  expect(await buffer(await again.open(row!))).toEqual(bytes);
});
