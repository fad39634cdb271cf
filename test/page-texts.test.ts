import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { parseSync } from "vite";
import { projectDir } from "../src/base/base.ts";

/** What people read stands in files for texts: `texts.ts` of a feature or a folder, or `…-texts.ts` beside it. */
const HOLDS_TEXTS = /(?:^|[/-])texts\.ts$/;
/** Names that no language changes. */
const NAMES = /^(?:HTTP|Wharf|POST|#|·)?$/;
const SHOWN_PROPS = new Set([
  "alt",
  "aria-description",
  "aria-label",
  "aria-roledescription",
  "aria-valuetext",
  "description",
  "error",
  "hint",
  "label",
  "lead",
  "placeholder",
  "title",
]);

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";
const childrenOf = (node: Node): Node[] =>
  Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );

const isText = (text: string) => /\p{L}/u.test(text) && !NAMES.test(text.trim());
/** Literals that are the value itself, or one of its cases: not what they are compared with, or handed to. */
function literalsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case "Literal":
      return typeof node["value"] === "string" ? [node["value"]] : [];
    case "TemplateLiteral":
      return (node["quasis"] as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
    case "JSXExpressionContainer":
    case "ParenthesizedExpression":
      return literalsOf(node["expression"]);
    case "ConditionalExpression":
      return [...literalsOf(node["consequent"]), ...literalsOf(node["alternate"])];
    case "LogicalExpression":
      return [...literalsOf(node["left"]), ...literalsOf(node["right"])];
    case "BinaryExpression":
      return node["operator"] === "+" ? [...literalsOf(node["left"]), ...literalsOf(node["right"])] : [];
    default:
      return [];
  }
}

/** Code and keys are the same in every language. */
const isCode = (parent: Node | null): boolean =>
  parent?.type === "JSXElement" &&
  /^(?:code|kbd|Kbd)$/.test(((parent["openingElement"] as Node)["name"] as { name?: string }).name ?? "");

/** What a component shows, literally. */
function shownBy(node: Node, parent: Node | null): string[] {
  switch (node.type) {
    case "JSXText":
      return isCode(parent) ? [] : [node["value"] as string];
    case "JSXElement":
    case "JSXFragment":
      return (node["children"] as Node[])
        .filter(({ type }) => type === "JSXExpressionContainer")
        .flatMap(literalsOf);
    case "JSXAttribute":
      return SHOWN_PROPS.has((node["name"] as { name: string }).name) ? literalsOf(node["value"]) : [];
    case "Property": {
      const { name, value } = node["key"] as { name?: string; value?: string };
      const shown = SHOWN_PROPS.has(name ?? value ?? "") ? literalsOf(node["value"]) : [];
      // A small word alone is a value: the name of a field, a tone.
      return shown.filter((text) => /\p{Lu}| /u.test(text));
    }
    case "AssignmentPattern":
      return SHOWN_PROPS.has((node["left"] as { name?: string }).name ?? "") ? literalsOf(node["right"]) : [];
    case "CallExpression": {
      const { name } = node["callee"] as { name?: string };
      const handed = node["arguments"] as Node[];
      if (name === "toast") return handed.slice(1, 3).flatMap(literalsOf);
      return name === "useTitle" ? handed.flatMap(literalsOf) : [];
    }
    default:
      return [];
  }
}

/** A sentence or a phrase, wherever it stands: hardly anything else begins with a capital letter and goes on after a space. */
const PHRASE = /^(?:\p{Lu}[\p{Ll}’']+|A|I)(?:[,:]? [\p{L}\d“”]|[.…?!]$)/u;
/** Fonts, which have names like phrases. */
const NO_PHRASES = /web\/src\/app\/theme\.ts$/;
function phrasesIn(node: Node, parent: Node | null): string[] {
  if (node.type !== "Literal" && node.type !== "TemplateLiteral") return [];
  if (parent?.type === "NewExpression" || parent?.type === "ImportDeclaration") return [];
  return literalsOf(node).filter((text) => PHRASE.test(text));
}

const files = (readdirSync(join(projectDir, "web/src"), { recursive: true }) as string[])
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts") && !HOLDS_TEXTS.test(path))
  .map((path) => join(projectDir, "web/src", path));

function findIn(path: string, look: (node: Node, parent: Node | null) => string[]): string[] {
  const source = readFileSync(path, "utf8");
  const found: string[] = [];
  const walk = (node: Node, parent: Node | null) => {
    for (const text of look(node, parent).filter(isText))
      found.push(
        `${relative(projectDir, path)}:${source.slice(0, node.start).split("\n").length}: ${text.trim()}`,
      );
    for (const child of childrenOf(node)) walk(child, node);
  };
  walk(parseSync(path, source).program as unknown as Node, null);
  return found;
}

it("what a component shows comes from a file for texts", () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap((path) => findIn(path, shownBy))).toEqual([]);
});

it("no other file has a phrase for people either", () => {
  expect(files.filter((path) => !NO_PHRASES.test(path)).flatMap((path) => findIn(path, phrasesIn))).toEqual(
    [],
  );
});
