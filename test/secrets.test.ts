import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { request } from "undici";
import { sql, Sql, type Database } from "../src/db/db.ts";
import { createBucketServer, type BucketServer } from "./support/bucket.ts";
import { createTestDatabase } from "./support/database.ts";
import { createReceiver, type Receiver } from "./support/delivery.ts";
import { createProduct, eventually, type Product } from "./support/product.ts";

/**
 * Everything that Wharf says and keeps is searched for everything that must not be in it: all tables as text, the log at
 * its most talkative, the metrics, and every answer of the API but the lines that show a secret on purpose, once.
 */
const text = (name: string) => `${name}-${randomBytes(12).toString("hex")}`;
const master_key = randomBytes(32);
const kept = {
  verify_token: text("verify-token"),
  access_token: text("access-token"),
  header: text("header-value"),
  changed_header: text("changed-header-value"),
  refused_header: text("refused-header-value"),
  misplaced: text("misplaced"),
  bucket_key: text("AKIA"),
  bucket_secret: text("bucket-secret"),
};

/** A text in every spelling in which a table, a log or an answer could hold it. */
function spellings(name: string, value: string | Buffer): [string, string][] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) =>
    // As a part of something longer, whose beginning shifts it; without the ends, which depend on what stands beside.
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [
    ...(typeof value === "string"
      ? [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]
      : []),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...base64,
    ...base64.map((part) => part.replaceAll("+", "-").replaceAll("/", "_")),
  ].map((spelling) => [name, spelling]);
}

/** The whole database as text: rows as PostgreSQL prints them (bytea in hex), and bytea as escape and base64 too. */
async function dump(db: Database): Promise<string> {
  const tables = await db.rows<{ name: string; bytea: string[] }>(sql`
    select format('%I.%I', table_schema, table_name) as name,
           array_agg(column_name::text) filter (where data_type = 'bytea') as bytea
      from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
     group by table_schema, table_name`);
  const parts: string[] = [];
  for (const { name, bytea } of tables) {
    const columns = [
      "t::text",
      ...(bytea ?? []).flatMap((c) => [`encode(${c}, 'escape')`, `encode(${c}, 'base64')`]),
    ];
    const query = `select concat_ws(' ', ${columns.join(", ")}) as row from ${name} t`;
    const rows = await db.rows<{ row: string }>(new Sql([query], []));
    parts.push(`${name}\n${rows.map(({ row }) => row.replaceAll("\n", "")).join("\n")}`);
  }
  return parts.join("\n");
}

describe("secrets", () => {
  let db: Database;
  let product: Product;
  let good: Receiver;
  let bad: Receiver;
  let bucket: BucketServer;
  /** What was shown once, where it must be shown. */
  const shown: string[] = [];
  const answers: string[] = [];
  const needles: [string, string][] = [];

  const call = async (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ) => {
    const answer = await request(product.url + path, {
      method,
      headers: {
        authorization: `Bearer ${product.api_key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const said = await answer.body.text();
    const json = (said.startsWith("{") ? JSON.parse(said) : {}) as Record<string, unknown>;
    if (typeof json["secret"] === "string") {
      expect(answer.statusCode).toBeLessThan(300);
      shown.push(json["secret"]);
      answers.push(said.replace(json["secret"], ""));
    } else answers.push(said);
    answers.push(JSON.stringify(answer.headers));
    return { status: answer.statusCode, json };
  };
  const once = (key: string) => ({ "idempotency-key": key });

  beforeAll(async () => {
    db = await createTestDatabase();
    good = await createReceiver();
    // It echoes what it gets, as receivers do while one sets them up.
    bad = await createReceiver(
      (received, res) => void res.writeHead(500).end(JSON.stringify(received.headers)),
    );
    bucket = await createBucketServer();
    bucket.addKey(undefined, { id: kept.bucket_key, secret: kept.bucket_secret });
    product = await createProduct({
      env: {
        WHARF_MEDIA_BUCKET: "wharf-test",
        WHARF_MEDIA_ENDPOINT: bucket.endpoint,
        WHARF_MEDIA_REGION: "eu-test-1",
        WHARF_MEDIA_ACCESS_KEY_ID: kept.bucket_key,
        WHARF_MEDIA_SECRET_ACCESS_KEY: kept.bucket_secret,
        DATABASE_URL: db.url,
        WHARF_MASTER_KEY: master_key.toString("base64"),
        META_VERIFY_TOKEN: kept.verify_token,
        META_ACCESS_TOKEN: kept.access_token,
        LOG_LEVEL: "trace",
      },
    });
    await product.start();
  });
  afterAll(() => product.remove());

  test("are shown where they must be, and are in no other answer, log line, metric or table", async () => {
    const settings = { url: good.url, enabled: true, events: ["messages"] };
    const headers = { Authorization: kept.header, "X-Team": kept.header };
    const made = await call("POST", "/api/v1/endpoints", { ...settings, headers }, once("create"));
    const again = await call("POST", "/api/v1/endpoints", { ...settings, headers }, once("create"));
    expect(again.json).toEqual(made.json);
    const failing = await call("POST", "/api/v1/endpoints", { ...settings, url: bad.url, headers });
    const at = (endpoint: typeof made) => `/api/v1/endpoints/${String(endpoint.json["id"])}`;

    // A real webhook, delivered here and refused there.
    const webhook = JSON.stringify({
      object: "whatsapp_business_account",
      entry: [
        {
          id: "1",
          changes: [
            {
              field: "messages",
              value: {
                messaging_product: "whatsapp",
                metadata: { display_phone_number: "15550001111", phone_number_id: "11" },
                messages: [
                  {
                    from: "16505551001",
                    id: "wamid.1",
                    timestamp: "1790000000",
                    type: "text",
                    text: { body: "hi" },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    expect(await product.post(webhook)).toBe(200);
    await Promise.all([good.atLeast(1), bad.atLeast(1)]);

    await call("PATCH", at(made), { headers: { "x-team": kept.changed_header } });
    await call("POST", `${at(made)}/rotate-secret`, undefined, once("rotate"));
    await call("POST", `${at(made)}/rotate-secret`, undefined, once("rotate"));
    await call("POST", `${at(made)}/prepare-secret`, undefined, once("prepare"));
    await call("POST", `${at(made)}/prepare-secret`, undefined, once("prepare"));
    for (const secret of ["current", "prepared"])
      expect((await call("POST", `${at(made)}/test`, { secret }, once(`test ${secret}`))).json).toMatchObject(
        {
          ok: true,
        },
      );
    await call("POST", `${at(made)}/activate-secret`);
    await call("POST", `${at(made)}/prepare-secret`);
    await call("DELETE", `${at(made)}/prepared-secret`);
    expect((await call("POST", `${at(failing)}/test`)).json).toMatchObject({ ok: false, status: 500 });
    await eventually("the failure in the log", async () => {
      const { json } = await call("GET", at(failing));
      return Number(json["failures"]) > 0;
    });

    // What goes wrong, with secrets in the wrong places.
    const refused = [
      await call("PATCH", at(made), { headers: { Host: kept.refused_header } }),
      await call("PATCH", at(made), { headers: { "X-Team": `${kept.refused_header}\r\nX: 1` } }),
      await call("PATCH", at(made), { url: 7, headers: { "X-Team": kept.misplaced } }),
      await call("PATCH", at(made), { headers: { "X-Team": [kept.misplaced] } }),
      await call("PATCH", at(made), `{"headers": {"X-Team": "${kept.misplaced}" oops}}`),
      await call("PATCH", at(made), { headers: { "X-Team": `${kept.misplaced}\0` } }),
      await call(
        "POST",
        "/api/v1/endpoints",
        { ...settings, headers: { "X-Team": kept.misplaced } },
        once("create"),
      ),
      await call("POST", `${at(made)}/activate-secret`),
      await call("GET", at(made), undefined, { authorization: `Bearer ${kept.misplaced}` }),
      await call("POST", `${at(made)}/test`, { secret: kept.misplaced }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([422, 422, 400, 400, 400, 422, 422, 409, 401, 400]);
    expect(await product.post(webhook.replace("hi", "ho"))).toBe(200);

    // A file into the bucket and out of it; then the bucket says no in each of its ways, which quote the request.
    const upload = (name: string) =>
      call("POST", "/api/v1/media", `the file ${name}`, { "content-type": "application/pdf" });
    const file = await upload("that is kept");
    expect(file.status).toBe(201);
    const content = () => call("GET", `/api/v1/media/${String(file.json["id"])}/content`);
    expect((await content()).status).toBe(200);
    bucket.keys.get(kept.bucket_key)!.secret = "another";
    expect([(await content()).status, (await upload("with a wrong secret")).status]).toEqual([503, 503]);
    bucket.keys.delete(kept.bucket_key);
    expect([(await content()).status, (await upload("with an unknown key")).status]).toEqual([503, 503]);
    bucket.faults.down = true;
    expect([(await content()).status, (await upload("to no one")).status]).toEqual([503, 503]);

    for (const endpoint of [made, failing]) {
      await call("GET", at(endpoint));
      await call("GET", `${at(endpoint)}/history`);
      const { json } = await call("GET", `${at(endpoint)}/deliveries`);
      for (const delivery of json["data"] as { id: string }[]) {
        await call("GET", `/api/v1/deliveries/${delivery.id}`);
        await call("GET", `/api/v1/deliveries/${delivery.id}/payload`);
      }
    }
    for (const path of [
      "/api/v1/endpoints",
      "/api/v1/journal",
      "/metrics",
      "/readyz",
      "/api/openapi.json",
      "/api/v1/me",
    ])
      await call("GET", path);

    expect(new Set(shown).size).toBe(5);
    for (const secret of new Set(shown))
      needles.push(
        ...spellings("a signing secret", secret),
        ...spellings("the base64 of a signing secret", secret.slice("whsec_".length)),
        ...spellings("the bytes of a signing secret", Buffer.from(secret.slice("whsec_".length), "base64")),
      );
    needles.push(
      ...Object.entries(kept).flatMap(([name, value]) => spellings(name, value)),
      ...spellings("the app secret", product.app_secret),
      ...spellings("the API key", product.api_key),
      ...spellings("the master key", master_key),
      ["the master key", master_key.toString("base64")],
    );
    const tables = await dump(db);
    const said = { tables, log: product.output, answers: answers.join("\n") };
    const found = Object.entries(said).flatMap(([where, all]) =>
      needles.filter(([, needle]) => all.includes(needle)).map(([name]) => `${name} is in the ${where}`),
    );
    expect([...new Set(found)]).toEqual([]);

    // And the search was one: what may be known is there.
    expect(tables).toContain(String(made.json["id"]));
    expect(tables).toContain("X-Team");
    expect(product.output).toContain('"level"');
    expect(product.output).toContain("WHARF_MEDIA_SECRET_ACCESS_KEY");
    expect(said.answers).toContain("wharf_delivery_attempts_total");
    expect(good.received[0]!.headers["x-team"]).toBe(kept.header);
  });

  test("a planted one is found in every spelling", () => {
    const secret = `whsec_${randomBytes(32).toString("base64")}`;
    const bytes = Buffer.from(secret);
    for (const hidden of [
      `row (${secret})`,
      `\\x00${bytes.toString("hex")}00`,
      Buffer.concat([Buffer.from("x"), bytes, Buffer.from("yz")]).toString("base64"),
      Buffer.concat([Buffer.from("xy"), bytes, Buffer.from("z")]).toString("base64"),
    ])
      expect(spellings("it", secret).some(([, needle]) => hidden.includes(needle))).toBe(true);
  });

  test("with another master key Wharf refuses to start, says which is missing, and sends nothing", async () => {
    await product.remove();
    // Something is due, so any worker would send it.
    expect(
      await db.run(
        sql`update delivery_queue set next_attempt_at = now(), lease = null where state = 'pending'`,
      ),
    ).toBeGreaterThan(0);
    const before = good.received.length + bad.received.length;
    const failed = bad.received.length;
    const other = randomBytes(32).toString("base64");
    const stranger = await createProduct({ env: { DATABASE_URL: db.url, WHARF_MASTER_KEY: other } });
    try {
      await expect(stranger.start()).rejects.toThrow(
        /ended with 1:[^]*master key [0-9a-f]{8}, which is not among those given \([0-9a-f]{8}\)[^]*WHARF_MASTER_KEY/,
      );
      expect(stranger.output).not.toContain(other);
    } finally {
      await stranger.remove();
    }
    expect(good.received.length + bad.received.length).toBe(before);
    // Beside the old one the new one is welcome, and what was due is sent.
    const rotated = await createProduct({
      env: { DATABASE_URL: db.url, WHARF_MASTER_KEY: `${other},${master_key.toString("base64")}` },
    });
    try {
      await rotated.start();
      await bad.atLeast(failed + 1);
    } finally {
      await rotated.remove();
    }
  });
});
