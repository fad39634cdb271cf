import { idOf } from "../../base/base.ts";
import { BSUID } from "../webhook/webhook.ts";

/**
 * A message id is base64 of a small Thrift record: { 1: { 1: identity, 2: kind of identity }, 2: from the business,
 * 3: token }. Meta may name one message by several: by the phone number, by the business-scoped user id, or as the
 * other side has it. The token is the same in all of them.
 */
export interface Wamid {
  identity: { kind: "wa_id" | "bsuid"; value: string };
  from_business: boolean;
  token: string;
}

const STRUCT = 0x1c;
const BINARY = 0x18;
const INT32 = 0x15;
const STOP = 0x00;
const TRUE = 0x11;
const FALSE = 0x12;

const BASE64 = /^wamid\.([A-Za-z0-9+/]{20,255})={0,2}$/;
const NUMBER = /^\d{5,20}$/;
/** Meta's are 18 to 32 upper-case hex digits. A short one would be no proof that two ids are one message. */
const TOKEN = /^[A-Za-z0-9]{16,64}$/;

let last: { text: string; parts: Wamid | null } = { text: "", parts: null };

/**
 * The parts of a message id; null for every form that isn't known byte for byte: it is then its whole text. An event
 * asks for those of its id more than once: the last ones are kept.
 */
export function readWamid(text: string): Wamid | null {
  if (last.text !== text) last = { text, parts: readParts(text) };
  return last.parts;
}

function readParts(text: string): Wamid | null {
  const base64 = BASE64.exec(text)?.[1];
  if (base64 === undefined || base64.length % 4 === 1) return null;
  const bytes = Buffer.from(base64, "base64");
  if (bytes[0] !== STRUCT || bytes[1] !== BINARY) return null;
  const identity = readText(bytes, 2);
  if (identity === null || bytes[identity.end] !== INT32) return null;
  // The kind of the identity is a zigzag number of one byte: 1 for a number, 10 for a user id. The text tells it too.
  const flag = identity.end + 3;
  if (bytes[identity.end + 1]! > 0x7f || bytes[identity.end + 2] !== STOP) return null;
  if ((bytes[flag] !== TRUE && bytes[flag] !== FALSE) || bytes[flag + 1] !== BINARY) return null;
  const token = readText(bytes, flag + 2);
  if (token === null || !TOKEN.test(token.text)) return null;
  if (bytes.length !== token.end + 1 || bytes[token.end] !== STOP) return null;
  const kind = NUMBER.test(identity.text) ? "wa_id" : BSUID.test(identity.text) ? "bsuid" : null;
  if (kind === null) return null;
  return {
    identity: { kind, value: identity.text },
    from_business: bytes[flag] === TRUE,
    token: token.text,
  };
}

/** A length of one byte and as many bytes of text. */
function readText(bytes: Buffer, at: number): { text: string; end: number } | null {
  const length = bytes[at];
  if (length === undefined || length > 0x7f || at + 1 + length > bytes.length) return null;
  return { text: bytes.toString("latin1", at + 1, at + 1 + length), end: at + 1 + length };
}

/** The id of a message over another identity. */
export function wamidOver(identity: string, { from_business, token }: Omit<Wamid, "identity">): string {
  const text = (value: string) => [value.length, ...Buffer.from(value, "latin1")];
  const kind = NUMBER.test(identity) ? 0x02 : 0x14;
  const flag = from_business ? TRUE : FALSE;
  const head = [STRUCT, BINARY, ...text(identity), INT32, kind, STOP];
  return `wamid.${Buffer.from([...head, flag, BINARY, ...text(token), STOP]).toString("base64")}`;
}

/**
 * By what a message is found (16 bytes): its token within the business number's row, so that all its ids lead to it; of
 * an id of another form, or where no number is named, the hash of the whole text.
 */
export function messageHash(phone_number: string | null, wamid: string): string {
  const token = phone_number === null ? undefined : readWamid(wamid)?.token;
  return idOf(token === undefined ? wamid : `${phone_number} ${token}`);
}
