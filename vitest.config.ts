import { defineConfig } from "vitest/config";
import { testFiles, type TestProject } from "./test/support/projects.ts";

const files = testFiles(import.meta.dirname);

/** Those with a database share one real PostgreSQL; each of their files clones a migrated template database from it. */
const project = (name: TestProject, globalSetup: string[] = ["test/support/global-setup.ts"]) => ({
  extends: true as const,
  test: {
    name,
    include: files[name],
    globalSetup,
    // What files import is loaded once a worker, and so is the browser; those that end processes begin anew.
    isolate: name === "crash",
    // A browser on a shared machine may stop for half a minute: a second attempt is printed as such.
    retry: name === "browser" ? 1 : 0,
  },
});

export default defineConfig({
  test: {
    projects: [project("unit", []), project("db"), project("crash"), project("browser")],
    testTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
