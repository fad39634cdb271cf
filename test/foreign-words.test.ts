import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseSync } from "vite";
import { expect, test } from "vitest";
import { projectDir, tableOf } from "../src/base/base.ts";

/**
 * A word from outside may be `constructor` or `__proto__`, which every plain object has. A table that is looked up by
 * any text is made by `tableOf`; where its keys are known words, what is asked for is tested with Object.hasOwn first.
 */

interface Node {
  type: string;
  start: number;
  end: number;
  [name: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const one of value) yield* nodesOf(one);
  if (!isNode(value)) return;
  yield value;
  for (const part of Object.values(value)) if (typeof part === "object") yield* nodesOf(part);
}

/** Any text may be asked for. */
const OPEN = /^:?\s*(?:Readonly<|Partial<)*(?:Record<string,|\{\s*(?:readonly )?\[\w+: string\])/;
/** Only such files need to be parsed. */
const SUSPECT = /Record<string,|: string\]: | in [A-Z][A-Z0-9_]+|as keyof typeof/;
const TABLE_NAME = /^[A-Z][A-Z0-9_]+$/;

/** What is wrong with a file, as the source that is. */
function* faultsOf(text: string, name = "file.tsx"): Generator<string> {
  const source = ({ start, end }: Node) => text.slice(start, end);
  for (const node of nodesOf(parseSync(name, text).program)) {
    const { type } = node;
    if (type === "VariableDeclarator" || type === "TSAsExpression") {
      const made = (type === "VariableDeclarator" ? node["init"] : node["expression"]) as Node | null;
      const id = node["id"] as Node | undefined;
      const said = (
        type === "VariableDeclarator" ? id?.["typeAnnotation"] : node["typeAnnotation"]
      ) as Node | null;
      const rows = made?.type === "ObjectExpression" ? (made["properties"] as Node[]) : [];
      const isTable = rows.some((row) => row.type === "Property" && row["computed"] === false);
      if (said && isTable && rows.length > 1 && OPEN.test(source(said)))
        yield `${source(said)} over a plain object`;
    }
    if (type === "BinaryExpression" && node["operator"] === "in") {
      const table = source(node["right"] as Node);
      if (TABLE_NAME.test(table)) yield source(node);
    }
    if (type === "MemberExpression" && node["computed"] === true) {
      const key = source(node["property"] as Node);
      if (/ as keyof typeof /.test(key)) yield source(node);
    }
  }
}

/** Words that are checked, or are names of our own: by file. */
const KNOWN: Readonly<Record<string, string>> = {
  "src/simulator/scenario/scenario-file.ts": "a unit that a pattern has matched; keys of the schema's own",
  "web/src/features/simulator/model/odds.ts": "names of our own settings",
  "src/db/connection.ts": "the names of settings are our own",
  "web/src/app/first-page.ts": "names of our own tabs",
  "web/src/features/webhooks/form/draft.ts": "names of our own form's fields",
  "web/src/lib/server/api.ts": "headers of a request",
};

test("tables that are looked up by any text hold nothing but their own words", () => {
  const faults: string[] = [];
  for (const dir of ["src", "web/src"])
    for (const entry of readdirSync(join(projectDir, dir), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(projectDir, path);
      if (Object.hasOwn(KNOWN, name)) continue;
      const text = readFileSync(path, "utf8");
      if (!SUSPECT.test(text)) continue;
      for (const fault of faultsOf(text, path)) faults.push(`${name}: ${fault}`);
    }
  expect(faults).toEqual([]);
});

test("the scan sees each form of such a look-up", () => {
  for (const text of [
    "const WORDS: Record<string, string> = { a: 'b', c: 'd' };",
    "export const WORDS: Readonly<Record<string, string>> = { a: 'b', c: 'd' };",
    "const words = { of: { a: 'b', c: 'd' } as Record<string, string> };",
    "const is = word in WORDS;",
    "const found = WORDS[word as keyof typeof WORDS];",
  ])
    expect([...faultsOf(text)]).toHaveLength(1);
  for (const text of [
    "const WORDS = tableOf<string>({ a: 'b', c: 'd' });",
    "const rows: Record<string, string> = {};",
    "const WORDS: Record<Kind, string> = { a: 'b', c: 'd' }; const word = WORDS[kind];",
  ])
    expect([...faultsOf(text)]).toEqual([]);
});

test("a table has no words but those given", () => {
  const table = tableOf({ a: 1 });
  expect(table["a"]).toBe(1);
  for (const word of ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"])
    expect(table[word]).toBeUndefined();
  // The pages import nothing of the server's that runs: they have the same.
  const [server, pages] = ["src/base/table-of.ts", "web/src/lib/table-of.ts"].map((name) =>
    readFileSync(join(projectDir, name), "utf8"),
  );
  expect(pages).toBe(server);
});
