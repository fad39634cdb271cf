import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseSync } from "vite";
import { projectDir } from "../src/base/base.ts";

/** Words that are not used in anything people read: there is a plainer one for each. */
const BANNED =
  /\b(?:owed|owes|owe|mend|mended|whom|whoever|nobody|somebody|takeThrough|lane|as in life|what becomes of|wharf made a mistake|come further|once more than)\b/i;

interface Node {
  type: string;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Sentences in code: literals of more than one word. SQL and other tagged templates are not for people. */
function sentencesIn(node: Node): string[] {
  if (node.type === "TaggedTemplateExpression") return [];
  const own =
    node.type === "Literal" || node.type === "TemplateElement" || node.type === "JSXText"
      ? [node["value"] as string | { cooked: string }].map((value) =>
          typeof value === "object" && value !== null ? value.cooked : value,
        )
      : [];
  const inner = Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
  return [...own.filter((text) => typeof text === "string" && / /.test(text)), ...inner.flatMap(sentencesIn)];
}

const under = (dir: string, form: RegExp): string[] =>
  (readdirSync(join(projectDir, dir), { recursive: true }) as string[])
    .filter((path) => form.test(path) && !path.endsWith(".test.ts"))
    .map((path) => join(dir, path));

it("no text of the product has a word that is to be learnt first: pages, API, log and command line", () => {
  const files = [...under("src", /\.ts$/), ...under("web/src", /\.tsx?$/), ...under("scripts", /\.[jt]s$/)];
  expect(files.length).toBeGreaterThan(400);
  const found = files.flatMap((path) => {
    const source = readFileSync(join(projectDir, path), "utf8");
    // Most have none, not even in a comment.
    if (!BANNED.test(source)) return [];
    return sentencesIn(parseSync(path, source).program as unknown as Node)
      .filter((text) => BANNED.test(text))
      .map((text) => `${path}: ${text}`);
  });
  expect(found).toEqual([]);
});

/** Names of tests are quoted there; the user is called so. */
const ALLOWED = [/\]\([^)]*\.test\.ts\): ".*"/, /`nobody`/, /`[^`]*lane[^`]*`|\/lane\.ts/];

it("nor have the documents", () => {
  const pages = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...under("docs", /\.md$/),
  ];
  const found = pages.flatMap((path) =>
    readFileSync(join(projectDir, path), "utf8")
      .split("\n")
      .filter((line) => BANNED.test(line) && !ALLOWED.some((allowed) => allowed.test(line)))
      .map((line) => `${path}: ${line}`),
  );
  expect(found).toEqual([]);
});
