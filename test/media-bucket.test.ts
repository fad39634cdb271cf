import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { createBucketServer } from "./support/bucket.ts";
import { createTestDatabase } from "./support/database.ts";
import { createProduct } from "./support/product.ts";

/** An operator's way from the folder to a bucket, and what Wharf says where they go astray: the whole product. */
const db = await createTestDatabase();
const server = await createBucketServer();
const key = server.addKey();
const data_dir = await mkdtemp(join(tmpdir(), "wharf-test-bucket-"));
afterAll(() => rm(data_dir, { recursive: true, force: true }));

const base = {
  DATABASE_URL: db.url,
  WHARF_MASTER_KEY: randomBytes(32).toString("base64"),
  WHARF_DATA_DIR: data_dir,
  WHARF_PROCESSES: "1",
};
// The keys as the SDK finds them by itself.
const bucket = {
  WHARF_MEDIA_BUCKET: "wharf-test",
  WHARF_MEDIA_ENDPOINT: server.endpoint,
  WHARF_MEDIA_REGION: "eu-test-1",
  AWS_ACCESS_KEY_ID: key.id,
  AWS_SECRET_ACCESS_KEY: key.secret,
};

type Call = (
  path: string,
  init?: { method: string; body: string; headers: Record<string, string> },
) => Promise<Response>;

async function withProduct<T>(
  env: Record<string, string>,
  work: (product: { call: Call; output: () => string }) => T,
): Promise<Awaited<T>> {
  const product = await createProduct({ env: { ...base, ...env } });
  try {
    await product.start();
    return await work({
      call: (path, init) =>
        fetch(product.url + path, {
          ...init,
          headers: { authorization: `Bearer ${product.api_key}`, ...init?.headers },
        }),
      output: () => product.output,
    });
  } finally {
    await product.remove();
  }
}

async function command(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [join(projectDir, "dist/server/main.js"), ...args], {
    env: { PATH: process.env["PATH"], AWS_EC2_METADATA_DISABLED: "true", ...base, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

const upload = (call: Call, text: string) =>
  call("/api/v1/media", { method: "POST", body: text, headers: { "content-type": "application/pdf" } });
const read = async (call: Call, id: string) => (await call(`/api/v1/media/${id}/content`)).text();
const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;

test("old files are served, new ones go to the bucket, a move carries all over, and without it one is told", async () => {
  const old = await withProduct({}, async ({ call }) => idOf(await upload(call, "from the folder")));
  const ids = await withProduct(bucket, async ({ call }) => {
    expect(await read(call, old)).toBe("from the folder");
    const answer = await upload(call, "to the bucket");
    expect(answer.status).toBe(201);
    const made = await idOf(answer);
    expect([...server.objects.values()].map(String)).toEqual(["to the bucket"]);
    expect(await read(call, made)).toBe("to the bucket");

    const before = await command(["doctor"], bucket);
    expect(before.output).toMatch(/ok +files +the bucket wharf-test at http/);
    expect(before.output).toMatch(/note +files +1 of them still in the data directory/);
    const moved = await command(["media", "move"], bucket);
    expect(moved).toMatchObject({
      code: 0,
      output: expect.stringContaining("1 file (0.0 MB) moved to the bucket."),
    });
    const left = (await readdir(join(data_dir, "media"), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    expect([server.objects.size, left]).toEqual([2, []]);
    // The same Wharf goes on, from the bucket.
    expect(await read(call, old)).toBe("from the folder");
    expect(await (await call("/metrics")).text()).toMatch(
      /wharf_media_bucket_requests_total\{operation="put",outcome="done"\} 1/,
    );
    return [old, made];
  });
  expect((await command(["doctor"], bucket)).output).not.toContain("still in the data directory");

  await withProduct({}, async ({ call, output }) => {
    for (const id of ids) {
      const answer = await call(`/api/v1/media/${id}/content`);
      expect([answer.status, await answer.json()]).toMatchObject([503, { code: "MEDIA_UNAVAILABLE" }]);
    }
    expect(output()).toContain("set WHARF_MEDIA_BUCKET");
  });
  const lost = await command(["doctor"], {});
  expect([lost.code, lost.output]).toEqual([
    1,
    expect.stringMatching(
      /PROBLEM +files +2 of them in a bucket, so they can't be served: set WHARF_MEDIA_BUCKET/,
    ),
  ]);

  const back = await command(["media", "move", "--to", "folder"], bucket);
  expect(back).toMatchObject({ code: 0, output: expect.stringContaining("2 files") });
  expect(server.objects.size).toBe(0);
  await withProduct({}, async ({ call }) => {
    expect(await Promise.all(ids.map((id) => read(call, id)))).toEqual(["from the folder", "to the bucket"]);
  });
}, 180_000);

test("a command without a bucket, a key or a store that answers ends with a sentence, not with a stack", async () => {
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...keyless } = bucket;
  const attempts = await Promise.all([
    command(["media", "move"], {}),
    command(["media", "move"], { ...bucket, WHARF_MEDIA_ENDPOINT: "http://127.0.0.1:9" }),
    command(["doctor"], { ...keyless, HOME: data_dir }),
    command(["media", "move"], { WHARF_MEDIA_REGION: "x" }),
  ]);
  const words = [
    "set WHARF_MEDIA_BUCKET",
    "WHARF_MEDIA_ENDPOINT",
    "there is no access key: set WHARF_MEDIA_ACCESS_KEY_ID",
    "WHARF_MEDIA_REGION: has no effect",
  ];
  expect(attempts.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
  attempts.forEach(({ output }, i) => {
    expect(output).toContain(words[i]);
    expect(output).not.toMatch(/^ +at /m);
    expect(output).not.toContain(key.secret);
  });
}, 60_000);
