import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";
import { holdsMoreThan, isDeeperThan } from "../../base/base.ts";

/** JSON as we read it: a number that a double may not hold stays its own digits. */
export type Json = null | boolean | number | string | LosslessNumber | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export type ReadBody =
  | { ok: true; value: Json; /** Some number was kept as its digits. */ lossless: boolean }
  | { ok: false; reason: string };

/** Deeper than anything of Meta's by far, and shallow enough for every reader after us, jsonb included. */
const DEPTH_LIMIT = 200;
/** Three times what the densest body of Meta's holds; half a million would hold up a worker for seconds. */
const VALUE_LIMIT = 300_000;
const TOO_MANY_VALUES = `The JSON holds more than ${VALUE_LIMIT.toLocaleString("en")} values, which Meta never sends; none was taken.`;

/**
 * A number token that a double may change: 16 digits or more, or an exponent. Digits inside a string may match too,
 * which only costs time. Every number of a JSON text has one of these characters before it, and none of them can be
 * part of a number, so no run of digits is scanned twice.
 */
const RISKY_NUMBER = /[:,[\s]-?(?:[\d.]{16}|\d[\d.]*[eE])/;
const PLAIN_NUMBER = /^-?[\d.]{1,15}$/;
/** The escapes of NUL and of surrogates: what PostgreSQL can't hold comes only in these. */
const RISKY_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** The text of a body in strict UTF-8, without a byte order mark; null when it is something else. */
export function readText(body: Buffer): string | null {
  if (!isUtf8(body)) return null;
  const text = body.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

export function readJson(body: Buffer): ReadBody {
  const text = readText(body);
  if (text === null) return { ok: false, reason: "The body is not valid UTF-8." };
  if (isDeeperThan(text, DEPTH_LIMIT))
    return { ok: false, reason: `The JSON is nested deeper than ${DEPTH_LIMIT} levels.` };
  if (holdsMoreThan(text, VALUE_LIMIT)) return { ok: false, reason: TOO_MANY_VALUES };
  const lossless = RISKY_NUMBER.test(text);
  let value: Json;
  try {
    value = lossless ? parseLossless(text) : (JSON.parse(text) as Json);
  } catch (error) {
    return { ok: false, reason: `The body is not JSON${placeOf(error)}.` };
  }
  return { ok: true, value: RISKY_ESCAPE.test(text) ? storable(value) : value, lossless };
}

/** Where the parser stopped; the rest of its message quotes the body, which may be private. */
function placeOf(error: unknown): string {
  const place = error instanceof Error ? /position \d+/.exec(error.message) : null;
  return place ? ` at ${place[0]}` : "";
}

function parseLossless(text: string): Json {
  return parse(text, undefined, {
    parseNumber: readNumber,
    onDuplicateKey: ({ newValue }) => newValue,
  }) as Json;
}

/** The same token reads the same whether or not a risky number stands elsewhere in the body: keys depend on it. */
function readNumber(token: string): number | string | LosslessNumber {
  if (PLAIN_NUMBER.test(token)) return Number(token);
  const exponent = /[eE]([+-]?\d+)$/.exec(token);
  // Beyond what PostgreSQL's numeric holds.
  if (token.length > 1_000 || (exponent && Math.abs(Number(exponent[1])) > 1_000)) return token;
  return new LosslessNumber(token);
}

/** The value with U+FFFD for NUL and lone surrogates, in keys too. */
function storable(value: Json): Json {
  if (typeof value === "string") return storableText(value);
  if (value === null || typeof value !== "object" || isLosslessNumber(value)) return value;
  if (Array.isArray(value)) return value.map(storable);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)]),
  );
}

function storableText(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd").replaceAll("\u0000", "\ufffd");
}

/** JSON text with every digit that came. */
export function encode(value: Json, lossless: boolean): string {
  return (lossless ? stringify(value) : JSON.stringify(value)) ?? "null";
}

/** The value for code that knows only plain JSON: digits that a double can't hold become a string. */
export function plain(value: Json): unknown {
  if (value === null || typeof value !== "object") return value;
  if (isLosslessNumber(value)) return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** 32 hex digits that are the same for the same JSON, however its keys are ordered and its spaces set. */
export function hashOf(scope: readonly (string | null)[], value: Json): string {
  return hash("sha256", `${JSON.stringify(scope)}${canonical(value)}`, "hex").slice(0, 32);
}

function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isLosslessNumber(value)) return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`);
  return `{${members.join(",")}}`;
}
