import type { SwaggerTransformObject } from "@fastify/swagger";
import { z } from "zod";
import { components } from "../../contract/components.ts";

type Described = ReturnType<SwaggerTransformObject>;
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Schemas = Record<string, Json>;

const PREFIX = "#/components/schemas/";

/** The contract's shapes stand in the description once, under their names. */
export function nameShapes(): void {
  for (const [name, shape] of components()) z.globalRegistry.add(shape, { ...shape.meta(), id: name });
}

/**
 * Each shape arrives here in two forms, `NameInput` for requests and `Name` for answers. They become one component where
 * they say the same, or where only one is referred to; components that nothing refers to are left out.
 */
export function asOneComponentEach(document: Described): Described {
  if (!("components" in document) || !document.components?.schemas) return document;
  const { schemas, ...others } = document.components as { schemas: Schemas };
  for (const [name, schema] of Object.entries(schemas))
    if (!name.endsWith("Input")) asAnswer(schema, schemas[`${name}Input`]);
  for (const operations of Object.values((document.paths ?? {}) as Schemas))
    for (const operation of Object.values(operations as Schemas))
      asAnswer((operation as Schemas)["responses"]!);

  const alike = namesAlike(schemas);
  const known = joined(schemas, (name) => alike.has(name));
  const paths = withNames(document.paths as Json, (name) => alike.has(name));
  const used = referredTo(paths, known);
  const isAlone = (name: string) => !used.has(name) || alike.has(name);
  return {
    ...document,
    paths: withNames(paths, isAlone),
    components: {
      ...others,
      schemas: joined(Object.fromEntries([...used].toSorted().map((name) => [name, known[name]!])), isAlone),
    },
  } as Described;
}

/**
 * Answers may get new fields (docs/api.md), so they are closed only where requests of the same shape are; the bounds of
 * JavaScript's integers say nothing about a number of ours.
 */
function asAnswer(answer: Json, request?: Json): void {
  if (answer === null || typeof answer !== "object") return;
  const given = (request !== null && typeof request === "object" ? request : {}) as Schemas;
  if (!Array.isArray(answer)) {
    if (answer["additionalProperties"] === false && given["additionalProperties"] === undefined)
      delete answer["additionalProperties"];
    if (answer["minimum"] === Number.MIN_SAFE_INTEGER) delete answer["minimum"];
    if (answer["maximum"] === Number.MAX_SAFE_INTEGER) delete answer["maximum"];
  }
  for (const [name, part] of Object.entries(answer)) asAnswer(part, given[name]);
}

/** Names of shapes whose two forms say the same, where their parts do. */
function namesAlike(schemas: Schemas): Set<string> {
  const alike = new Set(Object.keys(schemas).filter((name) => `${name}Input` in schemas));
  const text = (name: string) => JSON.stringify(withNames(schemas[name]!, (part) => alike.has(part)));
  for (let before = -1; before !== alike.size;) {
    before = alike.size;
    for (const name of alike) if (text(name) !== text(`${name}Input`)) alike.delete(name);
  }
  return alike;
}

/** The names of all components that are referred to, directly or by another. */
function referredTo(paths: Json, schemas: Schemas): Set<string> {
  const used = new Set<string>();
  const follow = (value: Json): void => {
    if (value === null || typeof value !== "object") return;
    for (const [key, part] of Object.entries(value)) {
      if (key !== "$ref" || typeof part !== "string") follow(part);
      else if (!used.has(part.slice(PREFIX.length))) {
        used.add(part.slice(PREFIX.length));
        follow(schemas[part.slice(PREFIX.length)]!);
      }
    }
  };
  follow(paths);
  return used;
}

/** `NameInput` is `Name` where that is the only form. */
const nameOf = (name: string, isOne: (name: string) => boolean) => {
  const own = name.replace(/Input$/, "");
  return isOne(own) ? own : name;
};

const joined = (schemas: Schemas, isOne: (name: string) => boolean): Schemas =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [nameOf(name, isOne), withNames(schema, isOne)]),
  );

function withNames(value: Json, isOne: (name: string) => boolean): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((part) => withNames(part, isOne));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === "$ref" && typeof part === "string"
        ? `${PREFIX}${nameOf(part.slice(PREFIX.length), isOne)}`
        : withNames(part, isOne),
    ]),
  );
}
