import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { projectDir } from "../base/base.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});

test("/llms.txt lists the docs with a line each, and each is there as it was written, for everyone", async () => {
  const list = await api.app.inject({ url: "/llms.txt" });
  expect(list.headers["content-type"]).toMatch(/^text\/plain/);
  expect(list.body).toMatch(/^# Wharf\n\n> /);
  const lines = [...list.body.matchAll(/^- \[([^\]]+)\]\((\S+)\): (.+)$/gm)];
  const pages = lines.flatMap(([, , path]) => (path!.startsWith("/docs/") ? [path!] : []));
  expect(pages).toContain("/docs/webhooks.md");
  expect(pages.length).toBeGreaterThan(8);
  for (const path of pages) {
    const answer = await api.app.inject({ url: path });
    expect([path, answer.statusCode]).toEqual([path, 200]);
    expect(answer.headers["content-type"]).toMatch(/^text\/markdown/);
    expect(answer.body).toBe(readFileSync(join(projectDir, path), "utf8"));
  }
  for (const path of [
    "/docs/nothing.md",
    "/docs/pages.json",
    "/docs/..%2fpackage.json",
    "/docs/%2e%2e/README.md",
  ])
    expect([path, (await api.app.inject({ url: path })).statusCode]).toEqual([path, 404]);
});
