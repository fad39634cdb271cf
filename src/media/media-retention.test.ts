import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMediaPlace } from "../../test/support/media.ts";
import { sql } from "../db/db.ts";
import { createFileStore, createMediaRetention, retryFile, type FileStore } from "./media.ts";

const DAY_MS = 86_400_000;
const place = await createMediaPlace();
const { db, clock, meta, workspace_id } = place;
const store = createFileStore({ dir: place.dir });

test("a file goes after its time, its row says so, and one that could not be removed goes at the next step", async () => {
  const id = meta.put(randomBytes(1_000), "image/jpeg");
  await place.receive("image", { id, mime_type: "image/jpeg" });
  expect(await place.fetcher().step()).toBe(1);
  const file = await place.file(id);
  const path = join(place.dir, workspace_id, file.id.slice(-2), file.id);
  const after = (days: number, files: FileStore = store) =>
    createMediaRetention({ db, store: files, clock: { now: () => clock.now() + days * DAY_MS }, days: 30 });

  expect(await after(29).step()).toBe(0);
  expect((await stat(path)).size).toBe(1_000);

  const away: FileStore = { ...store, remove: () => Promise.reject(new Error("The store is away.")) };
  await expect(after(31, away).step()).rejects.toThrow("away");
  expect(await place.file(id)).toMatchObject({ state: "pruned", url: null });
  expect((await stat(path)).size).toBe(1_000);

  expect(await after(31).step()).toBe(1);
  await expect(stat(path)).rejects.toThrow("ENOENT");
  expect(await after(31).step()).toBe(0);
  expect(await db.rows(sql`select from media where storage_key is not null`)).toEqual([]);
  await expect(retryFile(db, clock, workspace_id, file.id)).rejects.toMatchObject({ code: "MEDIA_STATE" });
});
