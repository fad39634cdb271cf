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
