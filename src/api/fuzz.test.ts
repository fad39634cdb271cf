import "@fastify/swagger";
import * as fc from "fast-check";
import { pino } from "pino";
import { beforeAll, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { newId } from "../base/base.ts";
import { contract } from "../contract/contract.ts";

/** Requests made from the API's own description, each with something odd in it: none is a fault of ours. */

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  format?: string;
  minimum?: number;
  maximum?: number;
  additionalProperties?: boolean | Schema;
}
interface Operation {
  parameters?: { name: string; in: "path" | "query" | "header"; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Asked {
  method: string;
  path: string;
  operation: Operation;
}

let api: TestApi;
let operations: Asked[];
const lines: string[] = [];

beforeAll(async () => {
  const log = pino({ level: "error" }, { write: (line: string) => void lines.push(line) });
  api = await createTestApi({ log });
  const { paths } = withShapesInPlace(api.app.swagger()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});

/** The description with each component in the place where it is named. */
function withShapesInPlace(document: object): unknown {
  const { components } = document as { components: { schemas: Record<string, object> } };
  const inPlace = (value: unknown): unknown => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(inPlace);
    const { $ref, ...own } = value as { $ref?: string };
    const shape = $ref === undefined ? {} : components.schemas[$ref.split("/").at(-1)!];
    return Object.fromEntries(
      Object.entries({ ...shape, ...own }).map(([key, part]) => [key, inPlace(part)]),
    );
  };
  return inPlace(document);
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    "\u0000",
    "\ud83d",
    "%",
    "\\",
    "a".repeat(5_000),
    "2026-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "+275760-09-13T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "9999-12-31T23:59:59-23:59",
    newId(),
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    1e308,
    true,
    [],
    {},
    [null],
    { __proto__x: 1, constructor: {} },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value of the schema, as far as that is understood. */
function valueOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices && choices.length > 0) return fc.oneof(...choices.map((choice) => valueOf(choice, depth + 1)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object": {
      const parts = Object.entries(schema.properties ?? {});
      if (depth > 6) return fc.constant({});
      return fc.record(Object.fromEntries(parts.map(([name, part]) => [name, valueOf(part, depth + 1)])), {
        requiredKeys: schema.required ?? [],
      });
    }
    case "array":
      return fc.array(valueOf(schema.items ?? {}, depth + 1), { maxLength: 3 });
    case "number":
      return fc.oneof(
        fc.double({ min: schema.minimum ?? 0, max: (schema.minimum ?? 0) + 100, noNaN: true }),
        fc.integer(),
      );
    case "integer":
      return fc.oneof(
        fc.integer({ min: schema.minimum ?? 0, max: (schema.minimum ?? 0) + 100 }),
        fc.integer(),
      );
    case "boolean":
      return fc.boolean();
    case "string":
      return schema.format === "uuid"
        ? fc.constant(newId())
        : schema.format === "date-time"
          ? fc.constantFrom("2026-11-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z")
          : fc.oneof(fc.string({ maxLength: 30 }), fc.constant("https://example.com/x"));
    default:
      return odd;
  }
}

/** The same with some part of it replaced. */
function spoilt(value: unknown, pick: number, replacement: unknown): unknown {
  if (typeof value !== "object" || value === null) return pick % 2 ? value : replacement;
  const keys = Object.keys(value);
  if (keys.length === 0 || pick % 5 === 0) return replacement;
  const key = keys[pick % keys.length]!;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = spoilt(copy[key], Math.floor(pick / 5), replacement);
  return copy;
}

const requestOf = ({ method, path, operation }: Asked) => {
  const parameters = operation.parameters ?? [];
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const given = fc.tuple(
    fc.tuple(...parameters.map(({ schema: part }) => fc.oneof({ weight: 3, arbitrary: valueOf(part) }, odd))),
    schema ? valueOf(schema) : fc.constant(undefined),
    fc.nat(),
    odd,
    fc.boolean(),
  );
  return given.map(([values, body, pick, replacement, sound]) => {
    let url = path;
    const query = new URLSearchParams();
    for (const [i, { name, in: place }] of parameters.entries()) {
      const value = values[i];
      const spelt = typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
      const text = spelt.replaceAll(/\p{Cs}/gu, "");
      if (place === "path") url = url.replace(`{${name}}`, encodeURIComponent(text).slice(0, 900) || "x");
      else if (place === "query" && pick % 3 > 0) query.set(name, text);
    }
    const payload = body === undefined || sound ? body : spoilt(body, pick, replacement);
    return { method, url: `${url}?${query.toString()}`, payload };
  });
};

/** How zod and JavaScript say what is wrong. */
const NOT_OUR_WORDS =
  /Invalid (?:input|option|UUID|URL|string|number|key|ISO|discriminator)|expected \w+, received|Too (?:big|small)|Unrecognized key|undefined|NaN/;

test("no request made from the API's description is a fault of ours, and each refusal is in our words (L8)", async () => {
  // What would leave this machine, or never end.
  const asked = operations.filter(({ path }) => !/\/live$|\/sandbox\/|\/test$/.test(path));
  expect(asked.length).toBeGreaterThan(Object.keys(contract).length - 12);
  for (const operation of asked) {
    for (const { method, url, payload } of fc.sample(requestOf(operation), { numRuns: 25, seed: 8 })) {
      const answer = await api.app.inject({
        method: method as "GET",
        url,
        headers: { authorization: `Bearer ${api.key}`, "content-type": "application/json" },
        payload: payload === undefined ? "" : JSON.stringify(payload),
      });
      const told = JSON.stringify(payload)?.slice(0, 300);
      expect([method, url.slice(0, 300), told, answer.statusCode < 500, lines]).toEqual([
        method,
        url.slice(0, 300),
        told,
        true,
        [],
      ]);
      const refusal = answer.statusCode === 400 ? (answer.json<{ detail?: string }>().detail ?? "") : "";
      expect(refusal).not.toMatch(NOT_OUR_WORDS);
    }
  }
}, 120_000);

/** Instants outside the years 1 to 9999, and an offset that PostgreSQL does not know. */
const TIMES = [
  "9999-12-31T23:59:59-23:59",
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+01:00",
  "2026-01-01T00:00:00-23:59",
];

test("what PostgreSQL can't hold is refused by every route that takes a time or a whole number, files too", async () => {
  const asked = operations.flatMap(({ path, operation: { parameters = [] } }) =>
    parameters.flatMap(({ name, in: place, schema }) => {
      if (place !== "query") return [];
      const values =
        schema.format === "date-time" ? TIMES : schema.type === "integer" ? [2 ** 31, -(2 ** 31) - 1] : [];
      return values.map((value) => ({ path, name, value }));
    }),
  );
  const answers = [];
  for (const { path, name, value } of asked) {
    const query = new URLSearchParams({ since: "2026-01-01T00:00:00Z", [name]: String(value) });
    const url = `${path.replaceAll(/\{\w+\}/g, newId())}?${query.toString()}`;
    const answer = await api.app.inject({
      method: "GET",
      url,
      headers: { authorization: `Bearer ${api.key}` },
    });
    if (answer.statusCode !== 400) answers.push([path, name, value, answer.statusCode]);
  }
  expect(answers).toEqual([]);
  expect(asked.length).toBeGreaterThan(40);
  expect(asked.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "/api/v1/campaigns/{id}/recipients.csv",
      "/api/v1/reports/campaigns.csv",
      "/api/v1/consent.csv",
    ]),
  );
  expect(lines).toEqual([]);
});

/** Every part of a schema. */
const partsOf = (schema: Schema): Schema[] => [
  schema,
  ...[
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []),
  ].flatMap(partsOf),
];

test("every whole number that is asked for has a bound that an integer of PostgreSQL holds", () => {
  // Kept as JSON, or in memory.
  const KEPT_OTHERWISE = /\/template_drafts|\/sandbox\/|\/messages$/;
  const asked = operations.filter(({ path }) => !KEPT_OTHERWISE.test(path));
  const unbounded = asked.flatMap(({ path, operation }) => {
    const given = [
      ...(operation.parameters ?? []).map(({ schema }) => schema),
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
    ];
    return given
      .flatMap(partsOf)
      .filter(({ type, maximum }) => type === "integer" && (maximum ?? Infinity) > 2 ** 31)
      .map((schema) => [path, schema]);
  });
  expect(unbounded).toEqual([]);
});
