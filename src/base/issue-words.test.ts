import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sentence } from "./issue-words.ts";

const wrong = (schema: z.ZodType, value: unknown): string =>
  schema
    .safeParse(value)
    .error!.issues.map(({ path, message }) => sentence(path, message, "The body"))
    .join("; ");

const Limit = z.coerce.number().int().min(1).max(200);
const Kind = z.enum(["open", "closed"]);

describe("each kind of issue is told in our words", () => {
  test.each<[string, z.ZodType, unknown, string]>([
    ["invalid_type, missing", z.object({ to: z.string() }), {}, "`to` is required"],
    ["invalid_type, text", z.object({ to: z.string() }), { to: 7 }, "`to` must be text"],
    ["invalid_type, null", z.object({ to: z.string() }), { to: null }, "`to` must be text"],
    ["invalid_type, number", z.object({ n: z.number() }), { n: "7" }, "`n` must be a number"],
    ["invalid_type, whole", z.object({ n: z.int() }), { n: 1.5 }, "`n` must be a whole number"],
    [
      "invalid_type, with bounds",
      z.object({ limit: Limit }),
      { limit: "all" },
      "`limit` must be a whole number from 1 to 200",
    ],
    ["invalid_type, boolean", z.object({ on: z.boolean() }), { on: "yes" }, "`on` must be true or false"],
    ["invalid_type, list", z.object({ ids: z.array(z.string()) }), { ids: "a" }, "`ids` must be a list"],
    ["invalid_type, object", z.object({ a: z.object({}) }), { a: [] }, "`a` must be an object"],
    ["invalid_type, the whole", z.object({}), [], "The body must be an object"],
    ["invalid_type, in a list", z.object({ a: z.array(z.string()) }), { a: ["b", 1] }, "`a.1` must be text"],
    ["invalid_type, other", z.object({ a: z.bigint() }), { a: 1 }, "`a` must be of the type bigint"],
    ["too_small, text", z.object({ to: z.string().min(1) }), { to: "" }, "`to` must not be empty"],
    [
      "too_small, more text",
      z.object({ to: z.string().min(8) }),
      { to: "a" },
      "`to` must have at least 8 characters",
    ],
    ["too_small, list", z.object({ a: z.array(z.int()).min(1) }), { a: [] }, "`a` must not be empty"],
    [
      "too_small, number",
      z.object({ n: z.int().min(1) }),
      { n: 0 },
      "`n` must be a whole number, at least 1",
    ],
    [
      "too_small, within bounds",
      z.object({ limit: Limit }),
      { limit: 0 },
      "`limit` must be a whole number from 1 to 200",
    ],
    [
      "too_small, exclusive",
      z.object({ n: z.number().positive() }),
      { n: 0 },
      "`n` must be a number, more than 0",
    ],
    [
      "too_small, time",
      z.object({ t: z.date().min(new Date(0)) }),
      { t: new Date(-1) },
      "`t` must be at the earliest 0",
    ],
    [
      "too_big, text",
      z.object({ to: z.string().max(1) }),
      { to: "ab" },
      "`to` must have at most 1 character",
    ],
    [
      "too_big, list",
      z.object({ a: z.array(z.int()).max(2) }),
      { a: [1, 2, 3] },
      "`a` must have at most 2 items",
    ],
    [
      "too_big, number",
      z.object({ limit: Limit }),
      { limit: 201 },
      "`limit` must be a whole number from 1 to 200",
    ],
    [
      "too_big, share",
      z.object({ of: z.number().min(0).max(1) }),
      { of: 2 },
      "`of` must be a number from 0 to 1",
    ],
    [
      "exact size",
      z.object({ c: z.string().length(3) }),
      { c: "EURO" },
      "`c` must have exactly 3 characters",
    ],
    ["invalid_value, one", z.object({ a: z.literal(true) }), { a: false }, "`a` must be true"],
    ["invalid_value, several", z.object({ a: Kind }), { a: "?" }, "`a` must be one of open or closed"],
    ["invalid_value, missing", z.object({ a: Kind }), {}, "`a` is required"],
    ["invalid_format, id", z.object({ id: z.uuid() }), { id: "me" }, "`id` must be a UUID"],
    ["invalid_format, URL", z.object({ u: z.url() }), { u: "x" }, "`u` must be a URL"],
    ["invalid_format, email", z.object({ e: z.email() }), { e: "x" }, "`e` must be an email address"],
    [
      "invalid_format, time",
      z.object({ t: z.iso.datetime() }),
      { t: "noon" },
      "`t` must be a time in ISO 8601, as 2026-11-30T08:15:00Z",
    ],
    [
      "invalid_format, start",
      z.object({ s: z.string().startsWith("wamid.") }),
      { s: "x" },
      "`s` must start with wamid.",
    ],
    ["invalid_format, end", z.object({ s: z.string().endsWith("z") }), { s: "x" }, "`s` must end with z"],
    ["invalid_format, part", z.object({ s: z.string().includes("z") }), { s: "x" }, "`s` must contain z"],
    [
      "invalid_format, pattern",
      z.object({ s: z.string().regex(/^\d+$/) }),
      { s: "x" },
      "`s` is not of the expected form",
    ],
    ["invalid_format, other", z.object({ s: z.cuid2() }), { s: "?" }, "`s` must be a valid cuid2"],
    ["not_multiple_of", z.object({ n: z.number().multipleOf(5) }), { n: 3 }, "`n` must be a multiple of 5"],
    ["unrecognized_keys", z.strictObject({}), { a: 1, b: 2 }, "The body has no field `a` and no field `b`"],
    ["invalid_union, missing", z.object({ a: z.union([z.string(), z.int()]) }), {}, "`a` is required"],
    ["invalid_union", z.object({ a: z.union([z.string(), z.int()]) }), { a: [] }, "`a` must be text"],
    [
      "invalid_union, within",
      z.object({ a: z.union([z.string(), z.object({ id: z.string().min(1) })]) }),
      { a: { id: "" } },
      "`a.id` must not be empty",
    ],
    [
      "invalid_union, discriminated",
      z.object({
        c: z.discriminatedUnion("type", [
          z.object({ type: z.literal("text") }),
          z.object({ type: z.literal("image") }),
        ]),
      }),
      { c: { type: "fax" } },
      "`c.type` must be one of text or image",
    ],
    [
      "invalid_key",
      z.record(z.string().min(2), z.int()),
      { a: 1 },
      "`a` has a name in it that is not allowed",
    ],
    ["invalid_element", z.map(z.string(), z.int()), new Map([["a", "b"]]), "`a` must be a whole number"],
    [
      "invalid_element, of a map of objects",
      z.map(z.object({}), z.int()),
      new Map([[{}, "b"]]),
      "The body has an item in it that is not allowed",
    ],
    [
      "invalid_union, of objects",
      z.union([z.object({ a: z.string() }), z.object({ b: z.int() })]),
      { a: 1 },
      "The body is not valid: `a` must be text",
    ],
    ["custom", z.object({ a: z.custom((value) => value === 1) }), { a: 2 }, "`a` is not valid"],
    [
      "custom, in words",
      z.object({ a: z.string().regex(/^\d+$/, "write digits") }),
      { a: "b" },
      "`a`: write digits",
    ],
    ["custom, of the whole", z.object({}).refine(() => false, "say one thing"), {}, "Say one thing"],
  ])("%s", (_kind, schema, value, words) => {
    expect(wrong(schema, value)).toBe(words);
  });
});
