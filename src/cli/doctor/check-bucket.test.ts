import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../base/base.ts";
import { readConfig } from "../../config.ts";
import { sql } from "../../db/db.ts";
import type { BucketSettings } from "../../media/media.ts";
import { createBucketServer, type Permission } from "../../../test/support/bucket.ts";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { checkFiles, checkPlaces } from "./check-bucket.ts";

const server = await createBucketServer();
beforeEach(() => server.restore());

const check = (changed: Partial<BucketSettings> = {}) =>
  checkFiles({ ...readConfig({}), media_bucket: server.settings(changed) });

describe("wharf doctor, asking the bucket", () => {
  it("puts, reads a part of, and removes a small object", async () => {
    const settings = server.settings({ prefix: "files/" });
    expect(await checkFiles({ ...readConfig({}), media_bucket: settings })).toEqual([
      {
        state: "ok",
        subject: "files",
        text: `the bucket wharf-test at ${settings.endpoint} takes them, and gives them out by ranges`,
      },
    ]);
    expect(server.asked.map((line) => line.replaceAll(/[0-9a-f-]{36}/g, "ID"))).toEqual([
      "PUT /wharf-test/files/doctor/ID 200",
      "GET /wharf-test/files/doctor/ID bytes=6-8 206",
      "GET /wharf-test/files/doctor/ID 404",
      "DELETE /wharf-test/files/doctor/ID 204",
    ]);
    expect(server.objects.size).toBe(0);
  });

  it.each<[string, Partial<BucketSettings>, string]>([
    ["no such bucket", { bucket: "nobodys" }, "there is no bucket nobodys"],
    ["an unknown key", { access_key: { id: "AKIANOBODY", secret: "s" } }, "WHARF_MEDIA_ACCESS_KEY_ID"],
    [
      "a wrong secret",
      { access_key: { ...server.addKey(), secret: "not it" } },
      "WHARF_MEDIA_SECRET_ACCESS_KEY",
    ],
    ["a wrong region", { region: "us-east-1" }, "set WHARF_MEDIA_REGION to eu-test-1"],
    ["no one there", { endpoint: "http://127.0.0.1:9" }, "does not answer (ECONNREFUSED)"],
    ["TLS where there is none", { endpoint: server.endpoint.replace("http:", "https:") }, "no TLS"],
    ["no permission to write", { access_key: server.addKey(["get", "list"]) }, "s3:PutObject"],
  ])("finds %s", async (_, changed, words) => {
    const findings = await check(changed);
    expect(findings).toEqual([{ state: "problem", subject: "files", text: expect.stringContaining(words) }]);
    expect(findings[0]!.text).not.toContain(changed.access_key?.id ?? "AK");
  });

  it.each<[Permission, string, string]>([
    ["get", "problem", "s3:GetObject"],
    ["list", "note", "s3:ListBucket"],
    ["delete", "note", "s3:DeleteObject"],
  ])("finds the permission to %s missing: a %s", async (missing, state, words) => {
    const may = (["put", "get", "list", "delete"] as const).filter((permission) => permission !== missing);
    const findings = await check({ access_key: server.addKey(may) });
    expect(findings.filter((finding) => finding.state !== "ok")).toEqual([
      { state, subject: "files", text: expect.stringContaining(words) },
    ]);
    server.objects.clear();
  });
});

it("roles apart from each other without a bucket are told to need one, or a common folder", async () => {
  expect(await checkFiles(readConfig({}))).toEqual([]);
  expect(await checkFiles(readConfig({ WHARF_ROLES: "delivery" }))).toEqual([]);
  expect(await checkFiles(readConfig({ WHARF_ROLES: "intake,api" }))).toMatchObject([
    { state: "note", text: expect.stringContaining("WHARF_MEDIA_BUCKET") },
  ]);
});

it("files that lie elsewhere than Wharf stores them are counted", async () => {
  const db = await createTestDatabase();
  const { workspace_id } = await createTestWorkspace(db);
  const config = { ...readConfig({}), media_bucket: server.settings() };
  for (const place of ["folder", "bucket", "bucket"])
    await db.run(sql`
      insert into media (workspace_id, id, ref, origin, state, stored_in, storage_key)
      values (${workspace_id}, ${newId()}, ${newId()}, 'uploaded', 'stored', ${place}, 'k')`);
  expect(await checkPlaces(db, config)).toMatchObject([
    {
      state: "note",
      text: expect.stringMatching(/^1 of them still in the data directory.*wharf media move/),
    },
  ]);
  expect(await checkPlaces(db, readConfig({}))).toMatchObject([
    { state: "problem", text: expect.stringMatching(/^2 of them in a bucket.*WHARF_MEDIA_BUCKET/) },
  ]);
  await db.run(sql`update media set stored_in = 'bucket'`);
  expect(await checkPlaces(db, config)).toEqual([]);
  await db.run(sql`alter table media drop column stored_in`);
  expect(await checkPlaces(db, config)).toEqual([]);
});
