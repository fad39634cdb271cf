import { readFileSync, readdirSync, existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { variables } from "../src/config.ts";
import { ATTEMPT_ERROR_CODES } from "../src/delivery/delivery.ts";
import { SUBSCRIPTIONS } from "../src/meta/meta.ts";

const read = (path: string) => readFileSync(join(projectDir, path), "utf8");

function markdown(dir: string): string[] {
  return readdirSync(join(projectDir, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return dir === "." && entry.name !== "docs" ? [] : markdown(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

it("docs/configuration.md has a line for each variable as the code has it", () => {
  const lines = read("docs/configuration.md").replaceAll(/ {2,}/g, " ").split("\n");
  for (const [name, { default: value, meaning }] of Object.entries(variables)) {
    expect(lines).toContain(`| \`${name}\` | ${value} | ${meaning} |`);
  }
});

it("docs/webhooks.md names each subscription", () => {
  for (const name of SUBSCRIPTIONS) expect(read("docs/webhooks.md")).toContain(`\`${name}\``);
});

it("docs/webhooks.md tells each code by which an attempt can fail, and no other", () => {
  const [, section = ""] = /## Why an attempt fails\n(.*?)\n## /s.exec(read("docs/webhooks.md")) ?? [];
  const told = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
  expect(new Set(told)).toEqual(new Set(ATTEMPT_ERROR_CODES));
});

describe("links lead somewhere", () => {
  it.each(markdown("."))("%s", (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:|\/api\/)([^)#]+)/g)].map(([, target]) => target!);
    const broken = links.filter((target) => !existsSync(join(projectDir, dirname(path), target)));
    expect(broken.map((target) => `${relative(".", path)}: ${target}`)).toEqual([]);
  });
});
