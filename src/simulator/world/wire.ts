import { hash } from "node:crypto";

/**
 * JSON in the form that Meta puts on the wire: ASCII only, with lower-case escapes, `/` as `\/`, and `@`, `%` and `<`
 * escaped too. A receiver that checks the signature of a body which it parsed and wrote again fails on it, which is
 * what a stand-in is for. All of these characters can only stand inside strings.
 */
export function metaJson(value: unknown): Buffer {
  const text = JSON.stringify(value)
    .replaceAll("/", "\\/")
    .replaceAll("@", "\\u0040")
    .replaceAll("%", "\\u0025")
    .replaceAll("<", "\\u003C")
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return Buffer.from(text, "latin1");
}

/**
 * A message id as Meta builds them: base64 of a small record that holds the person's number, or user id, and a random
 * part, hence `wamid.HBgL…`. Who can read one knows the number: they don't belong into logs.
 */
export function wamidOf(identity: string, direction: "inbound" | "outbound", unique: string): string {
  const inbound = direction === "inbound";
  const id = hash("sha256", unique)
    .toUpperCase()
    .slice(0, inbound ? 20 : 18);
  const record = Buffer.concat([
    Buffer.from([0x1c, 0x18, identity.length]),
    Buffer.from(identity, "latin1"),
    Buffer.from([
      0x15,
      /^[A-Z]{2}\./.test(identity) ? 0x14 : 0x02,
      0x00,
      inbound ? 0x12 : 0x11,
      0x18,
      id.length,
    ]),
    Buffer.from(id, "latin1"),
    Buffer.from([0x00]),
  ]);
  return `wamid.${record.toString("base64")}`;
}

/** A business-scoped user id that follows from the number, like `US.13491208655302741918`. */
export function userIdOf(wa_id: string, country: string): string {
  const hex = hash("sha256", `user:${wa_id}`).slice(0, 16);
  return `${country}.${BigInt(`0x${hex}`).toString().padStart(20, "1")}`;
}
