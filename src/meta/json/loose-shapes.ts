import { isLosslessNumber } from "lossless-json";
import type { Failure } from "../events.ts";
import { type Json, type JsonObject, plain } from "./meta-json.ts";

/** Meta's loosely typed parts, read without trust: what isn't there or isn't what it should be is null. */
export function asObject(value: Json | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
    ? value
    : null;
}

export function asList(value: Json | undefined): Json[] | null {
  return Array.isArray(value) ? value : null;
}

/** Ids and words come as strings, ids sometimes as numbers. Early BSUID payloads spell "no number" as "". */
export function asText(value: Json | undefined): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "number") return String(value);
  return isLosslessNumber(value) ? value.toString() : null;
}

/** What a person wrote: "" is a text of no letters, not a missing one. */
export function asBody(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** What is later than this is no time of anything that happened; PostgreSQL and Date hold all that is earlier. */
const LATEST_MS = Date.UTC(2200, 0, 1);

/**
 * Unix seconds (a string in most fields, a number in some), or milliseconds where Meta or a relay says those: from
 * 10^11 on it can't be seconds before the year 5138. Null when it is no time, or one after the year 2199.
 */
export function asTime_ms(value: Json | undefined): number | null {
  const text = asText(value)?.trim();
  if (text === undefined || !/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return null;
  const number = Number(text);
  const time_ms = Math.floor(number >= 1e11 ? number : number * 1_000);
  return time_ms > 0 && time_ms < LATEST_MS ? time_ms : null;
}

export function asRecord(value: Json | undefined): Record<string, unknown> | null {
  const object = asObject(value);
  return object && (plain(object) as Record<string, unknown>);
}

/** Meta sends one, at times two. */
const MAX_FAILURES = 20;

/** `errors[]` of a message, a status or a value. The code may be a string; `details` may stand at the top. */
export function asFailures(value: Json | undefined): Failure[] {
  const failures: Failure[] = [];
  for (const item of asList(value)?.slice(0, MAX_FAILURES) ?? []) {
    const error = asObject(item);
    if (!error) continue;
    const code = Number(asText(error["code"]) ?? Number.NaN);
    failures.push({
      code: Number.isSafeInteger(code) ? code : null,
      title: asText(error["title"]),
      message: asText(error["message"]),
      details: asText(asObject(error["error_data"])?.["details"]) ?? asText(error["details"]),
      href: asText(error["href"]),
    });
  }
  return failures;
}

/** A name for a wrong value, for a sentence that says what is wrong. */
export function describe(value: Json | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "object") return isLosslessNumber(value) ? "a number" : "an object";
  return typeof value === "boolean" ? "a boolean" : `a ${typeof value}`;
}
