import { hash } from "node:crypto";
import { v7 } from "uuid";

/** A new UUIDv7: ids sort by the time at which they were made. */
export function newId(at_ms?: number): string {
  return at_ms === undefined ? v7() : v7({ msecs: at_ms });
}

const VARIANT = ["8", "9", "a", "b"];

/**
 * A 16-byte id that follows from `text`: the first half of its SHA-256, spelled as a UUID (version 8).
 * The same text gives the same id on every machine, so it can carry a unique key that would be long as text.
 */
export function idOf(text: string): string {
  // Called for every item: the one-shot hash costs half of a Hash object.
  const hex = hash("sha256", text, "hex");
  const variant = VARIANT[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The smallest UUIDv7 of a moment: where a range of ids by time begins. */
export function firstIdAt(at_ms: number): string {
  const hex = Math.max(0, Math.floor(at_ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isId(text: string): boolean {
  return UUID.test(text);
}

const DAY_MS = 86_400_000;
/** 16 bits of days reach to the year 2149. */
const LAST_DAY = 0xffff;

/** The day of a moment, since 1970; 0 also of none, and of what is no day of these 179 years. */
export function dayOf(at_ms: number | null): number {
  const day = Math.floor((at_ms ?? 0) / DAY_MS);
  return Math.min(Math.max(Number.isFinite(day) ? day : 0, 0), LAST_DAY);
}

/**
 * A UUIDv8 that is the same for the same text and day: the day in 16 bits, so that ids rise with time and old ones can be
 * dropped together, then 106 bits of SHA-256.
 */
export function datedIdOf(text: string, day: number): string {
  return day.toString(16).padStart(4, "0") + idOf(text).slice(4);
}

/** The smallest of a day's ids. */
export function firstDatedId(day: number): string {
  return `${day.toString(16).padStart(4, "0")}0000-0000-0000-0000-000000000000`;
}
