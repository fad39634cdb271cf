import type { EventData, Person } from "../../meta/events.ts";
import { messageHash } from "../../meta/meta.ts";
import type { Handle } from "../facts/facts.ts";
import { identitiesOf, numberOf } from "../reading/reading.ts";

/**
 * Who and what an event names, as numbers that `events.subjects` keeps and its index finds: the same name gives the
 * same number always. 53 bits of it, so that JavaScript holds it: among a million names two meet once in 10,000 times.
 */
export const subjectOf = {
  identity: ({ kind, value }: Handle) => hashOf(`i ${kind} ${value}`),
  /** By `messageHash`. */
  message: (wamid_hash: string) => hashOf(`m ${wamid_hash}`),
  /** By Meta's id. */
  template: (template_id: string) => hashOf(`t ${template_id}`),
  piece: (piece: string) => hashOf(`q ${piece}`),
};

/** Every subject of an event, each once; `phone_number` is the row of phone_numbers. */
export function subjectsOf(data: EventData, phone_number: string | null): number[] {
  const subjects = new Set<number>();
  for (const { identities } of peopleOf(data))
    for (const identity of identities) subjects.add(subjectOf.identity(identity));
  for (const wamid of wamidsOf(data)) {
    subjects.add(subjectOf.message(messageHash(phone_number, wamid)));
    for (const piece of piecesOf(wamid)) subjects.add(subjectOf.piece(piece));
  }
  if ("template" in data) subjects.add(subjectOf.template(data.template.template_id));
  return [...subjects];
}

/** A contact that an event names, by its identities; first the one that the event is about. */
export interface NamedContact {
  role: "customer" | "group" | "other";
  identities: [Handle, ...Handle[]];
}

export function peopleOf(data: EventData): NamedContact[] {
  const found: NamedContact[] = [];
  const add = (role: NamedContact["role"], person: Person | null) => {
    const [first, ...others] = person === null ? [] : identitiesOf(person);
    if (first) found.push({ role, identities: [first, ...others] });
  };
  if ("from" in data) add("customer", data.from);
  if ("to" in data) add("customer", data.to);
  if ("recipient" in data) add("customer", data.recipient);
  if ("person" in data) add("customer", data.person);
  if (data.kind === "contact_sync" && data.phone_number !== null)
    found.push({
      role: "customer",
      identities: [{ kind: "wa_id", value: numberOf(data.phone_number) }],
    });
  if (data.kind === "system" && data.moved) {
    add("other", data.moved.from);
    add("other", data.moved.to);
  }
  if (data.kind === "group") {
    const { joined, left, asking } = data.change;
    for (const person of [...joined, ...left]) add("other", person);
    add("other", asking);
  }
  if ("group_id" in data && data.group_id !== null)
    found.push({ role: "group", identities: [{ kind: "group", value: data.group_id }] });
  return data.kind === "standby" ? peopleOf(data.told) : found;
}

/** Meta's ids of the messages (or the call) that it is, or is about; the one that it is about first. */
export function wamidsOf(data: EventData): string[] {
  if (data.kind === "standby") return wamidsOf(data.told);
  const ids: (string | null)[] = [];
  if ("target_wamid" in data) ids.push(data.target_wamid);
  if ("wamid" in data) ids.push(data.wamid);
  if (data.kind === "call") ids.push(data.call_id);
  return ids.filter((id) => id !== null);
}

const PIECE_LENGTH = 4;
/** `wamid.`, and the beginning of an id: who the message is with, which is the same in all of their messages. */
const HEAD_LENGTH = 24;
const PREFIX = /^wa(?:m|c)id\./;

/** The pieces of an id that tell it from others, by fours from its beginning, as base64 has it. */
function piecesOf(id: string): string[] {
  const body = id.replace(PREFIX, "").replace(/=+$/, "");
  const pieces: string[] = [];
  for (let at = HEAD_LENGTH; at + PIECE_LENGTH <= body.length; at += PIECE_LENGTH)
    pieces.push(body.slice(at, at + PIECE_LENGTH));
  return pieces;
}

/** Two multiplicative hashes side by side, of 32 and 21 bits. */
function hashOf(name: string): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  a = Math.imul(a ^ (a >>> 16), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 15), 0x27d4eb2f);
  return ((b ^ (b >>> 13)) >>> 11) * 2 ** 32 + ((a ^ (a >>> 13)) >>> 0);
}

/** The shortest part of an id that is looked for: whatever four characters it begins in, one whole piece is in it. */
export const PART_LENGTH = 2 * PIECE_LENGTH - 1;

/**
 * What an event's subjects hold if its message's id has this part: all of one of these lists. Where it begins in the id
 * isn't known, so there is one for each way to cut it. Null: it is no part of an id, or only the head that many share.
 */
export function piecesIn(part: string): number[][] | null {
  const has_head = PREFIX.test(part);
  const body = part.replace(PREFIX, "").replace(/=+$/, "");
  if (!/^[\w+/.-]+$/.test(body)) return null;
  if (has_head) {
    const pieces = piecesOf(part);
    return pieces.length === 0 ? null : [pieces.map(subjectOf.piece)];
  }
  if (body.length < PART_LENGTH) return null;
  // It may begin in the head, whose pieces are not kept: its last two are enough, as the key has the last word.
  return Array.from({ length: PIECE_LENGTH }, (_, start) => {
    const pieces: number[] = [];
    for (let at = start; at + PIECE_LENGTH <= body.length; at += PIECE_LENGTH)
      pieces.push(subjectOf.piece(body.slice(at, at + PIECE_LENGTH)));
    return pieces.slice(-2);
  });
}
