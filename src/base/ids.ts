import { createHash } from "node:crypto";
import { v7 } from "uuid";

/** A new UUIDv7: ids sort by the time at which they were made. */
export function newId(at_ms?: number): string {
  return at_ms === undefined ? v7() : v7({ msecs: at_ms });
}

/**
 * A 16-byte id that follows from `text`: the first half of its SHA-256, spelled as a UUID (version 8).
 * The same text gives the same id on every machine, so it can carry a unique key that would be long as text.
 */
export function idOf(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
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
