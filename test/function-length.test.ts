import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseSync } from "vite";
import { expect, test } from "vitest";
import { projectDir } from "../src/base/base.ts";

/**
 * No function has more than 80 lines: a longer one is several things. One that is a table, or would only read worse in
 * pieces, says so in the comment directly above it: `Long:` and the reason.
 */
const MOST_LINES = 80;
const REASON = /(?:^|[\s*])Long: \S/;

interface Node {
  type: string;
  start: number;
  end: number;
  [name: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** The functions of a file that are too long without a reason, by their lines. */
function tooLong(file: string, text: string): string[] {
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} can't be read: ${errors[0]!.message}`);
  const isExplained = (start: number) => {
    const line_start = text.lastIndexOf("\n", start) + 1;
    return comments.some(
      ({ value, end }) =>
        end <= line_start && text.slice(end, line_start).trim() === "" && REASON.test(value),
    );
  };
  const found: string[] = [];
  const walk = (value: unknown) => {
    if (Array.isArray(value)) for (const one of value) walk(one);
    if (!isNode(value)) return;
    const { type, start, end } = value;
    if (FUNCTIONS.has(type)) {
      const lines = text.slice(start, end).split("\n").length;
      if (lines > MOST_LINES && !isExplained(start))
        found.push(`${file}:${text.slice(0, start).split("\n").length} has ${lines} lines`);
    }
    for (const part of Object.values(value)) if (typeof part === "object") walk(part);
  };
  walk(program);
  return found;
}

test("no function has over 80 lines without a reason in the comment above it", () => {
  const files = ["src", "web/src"].flatMap((folder) =>
    readdirSync(join(projectDir, folder), { withFileTypes: true, recursive: true })
      .filter(({ name }) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
      .map((entry) => relative(projectDir, join(entry.parentPath, entry.name)))
      .filter((file) => !file.includes("node_modules")),
  );
  expect(files.length).toBeGreaterThan(700);
  const found = files.flatMap((file) => {
    const text = readFileSync(join(projectDir, file), "utf8");
    return text.split("\n").length > MOST_LINES ? tooLong(file, text) : [];
  });
  expect(found).toEqual([]);
});

test("the scan sees each form of a function, and each form of a reason", () => {
  const lines = (count: number) => "  work();\n".repeat(count - 2);
  const forms = (count: number) => [
    `function f() {\n${lines(count)}}`,
    `export function f() {\n${lines(count)}}`,
    `export default function f() {\n${lines(count)}}`,
    `export const f = async () => {\n${lines(count)}};`,
    `const F = memo(function F() {\n${lines(count)}});`,
    `class A {\n  f() {\n${lines(count)}}\n}`,
    `const deps = {\n  f() {\n${lines(count)}},\n};`,
    `useEffect(() => {\n${lines(count)}}, []);`,
  ];
  for (const form of forms(80)) expect(tooLong("file.tsx", form)).toEqual([]);
  for (const form of forms(81)) {
    expect(tooLong("file.tsx", form)).toHaveLength(1);
    const above = (comment: string) =>
      form.replace(/^(?:class A|const deps).*\n|^/, (head) => head + comment);
    expect(tooLong("file.tsx", above("// Long: a table.\n"))).toEqual([]);
    expect(tooLong("file.tsx", above("/**\n * What it does.\n * Long: a table.\n */\n"))).toEqual([]);
    expect(tooLong("file.tsx", above("// Long:\n"))).toHaveLength(1);
  }
  // Of another function.
  expect(tooLong("file.tsx", `// Long: a table.\nother();\n${forms(81)[0]}`)).toHaveLength(1);
});
