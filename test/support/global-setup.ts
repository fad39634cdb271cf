import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { silentLog } from "../../src/base/base.ts";
import { createDatabase, migrate, sql, Sql, startEmbedded } from "../../src/db/db.ts";
import { buildTestPrograms } from "./test-programs.ts";

declare module "vitest" {
  export interface ProvidedContext {
    server_url: string;
    template: string;
  }
}

interface Shared {
  users: number;
  starting: Promise<TestServer>;
}

interface TestServer {
  url: string;
  template: string;
  stop(): Promise<void>;
}

/** The projects of one run have one server: each loads this file anew, so it is kept beside them. */
const kept = globalThis as { wharfTestServer?: Shared };

/**
 * Starts PostgreSQL (or takes the one of TEST_DATABASE_URL) and migrates one template database, which every test
 * file then clones in about 45 ms. The programs that tests start in processes of their own are built meanwhile.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (kept.wharfTestServer ??= { users: 0, starting: start() });
  shared.users++;
  const server = await shared.starting;
  project.provide("server_url", server.url);
  project.provide("template", server.template);
  return async () => {
    if (--shared.users === 0) await server.stop();
  };
}

async function start(): Promise<TestServer> {
  const [server] = await Promise.all([startServer(), buildTestPrograms()]);
  const template = `wharf_test_template_${randomBytes(4).toString("hex")}`;
  const admin = createDatabase({ url: server.url, max: 1 });
  await admin.run(new Sql([`create database ${template}`], []));
  const db = createDatabase({ url: withDatabase(server.url, template), max: 1 });
  await migrate(db);
  await db.stop();
  return {
    url: server.url,
    template,
    async stop() {
      const clones = await admin.rows<{ datname: string }>(
        sql`select datname from pg_database where datname like ${`${template}%`}`,
      );
      for (const { datname } of clones)
        await admin.run(new Sql([`drop database if exists ${datname} with (force)`], []));
      await admin.stop();
      await server.stop();
    },
  };
}

/** The tests' own server does without fsync: the crash tests, where it matters, start one with it. */
async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env["TEST_DATABASE_URL"];
  if (url) return { url, stop: async () => {} };
  const dir = await mkdtemp(join(tmpdir(), "wharf-test-"));
  const server = await startEmbedded({
    data_dir: dir,
    log: silentLog,
    settings: { fsync: "off", full_page_writes: "off", max_connections: "300" },
  });
  return {
    url: withDatabase(server.url, "postgres"),
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
