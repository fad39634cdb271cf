import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

const dir = join(projectDir, "dist/web");

/** What a browser has to fetch before these modules run: their chunks, and all that these import statically. */
function neededBy(names: string[]): { scripts: Set<string>; styles: Set<string> } {
  const path = join(dir, ".vite/manifest.json");
  if (!existsSync(path)) throw new Error("dist/web is missing; run `npm run build` first");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Record<string, Chunk>;
  const scripts = new Set<string>();
  const styles = new Set<string>();
  const add = (name: string) => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`the build has no ${name}`);
    if (scripts.has(chunk.file)) return;
    scripts.add(chunk.file);
    for (const style of chunk.css ?? []) styles.add(style);
    for (const imported of chunk.imports ?? []) add(imported);
  };
  names.forEach(add);
  return { scripts, styles };
}

const kilobytes = (files: Set<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dir, file))).length, 0) / 1_000;

it("from the sign-in page to the Inbox a browser loads at most 180 kB of code and 30 kB of styles", () => {
  const { scripts, styles } = neededBy([
    "index.html",
    "src/features/sign-in/sign-in-page.tsx",
    "src/features/inbox/inbox-page.tsx",
  ]);
  expect(scripts.size).toBeGreaterThan(3);
  expect(kilobytes(scripts)).toBeLessThan(180);
  expect(kilobytes(styles)).toBeLessThan(30);
});

it("what an open conversation adds, fetched beside the list, is at most 60 kB of code", () => {
  const list = neededBy(["index.html", "src/features/inbox/inbox-page.tsx"]).scripts;
  const thread = neededBy(["src/features/inbox/chosen.tsx", "src/features/inbox/contact-panel.tsx"]).scripts;
  const added = new Set([...thread].filter((file) => !list.has(file)));
  expect(added.size).toBeGreaterThan(0);
  expect(kilobytes(added)).toBeLessThan(60);
});
