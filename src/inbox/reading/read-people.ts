import { isId } from "../../base/base.ts";
import type { EventData, MessageContent, Person } from "../../meta/events.ts";
import { mayBeOneNumber, messageHash, readWamid } from "../../meta/meta.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import { nameless, type Facts, type Handle, type Sighting } from "../facts/facts.ts";

type Data<Kind extends EventData["kind"]> = Extract<EventData, { kind: Kind }>;

/**
 * Whose message it is. A lone identity that the message's own id holds says nothing new, as nearly all do; another one
 * is of the same contact as the message, and makes no contact by itself. Two side by side are of one, and a name tells
 * whose it is.
 */
export function readRecipient(
  event: RoutedEvent,
  { recipient, wamid, group_id, callback_data }: Data<"status">,
  stopped: boolean,
  facts: Facts,
): Handle | null {
  const [first, ...others] = identitiesOf(recipient);
  if (first === undefined) return null;
  const { profile_name, username } = recipient;
  const tells = others.length > 0 || profile_name !== null || username !== null;
  const seen = stopped || tells ? see(event, recipient, facts) : null;
  if (group_id !== null || first.kind === "username") return seen;
  const named = readWamid(wamid)?.identity;
  if (![first, ...others].some(({ kind, value }) => kind === named?.kind && value === named.value)) {
    const message_id = callback_data !== null && isId(callback_data) ? callback_data.toLowerCase() : null;
    tell(event, wamid, first, facts, message_id);
    linkNamed(event, recipient, first, wamid, facts);
  }
  return seen;
}

export function tell(
  event: RoutedEvent,
  wamid: string,
  identity: Handle,
  facts: Facts,
  message_id: string | null = null,
): void {
  const { workspace_id, wamid_hash, at_ms } = about(event, wamid);
  facts.tellings.push({ workspace_id, wamid_hash, at_ms, identity, message_id });
}

/** A hidden contact answers our request for its number: from then on the number is theirs. */
export function seeSharedNumber(
  event: RoutedEvent,
  author: Handle,
  message: MessageContent,
  facts: Facts,
): void {
  const value = sharedNumber(message);
  if (value === null) return;
  const identities: Sighting["identities"] = [author, { kind: "wa_id", value }];
  facts.sightings.push(sightingOf(event, identities));
}

/**
 * The number that a contact shares when we ask for it: `origin` tells that the card is their own. Null for every other
 * card, and where it names several numbers or none in full.
 */
function sharedNumber({ type, content }: MessageContent): string | null {
  const cards = type === "contacts" && Array.isArray(content["contacts"]) ? content["contacts"] : [];
  const numbers = new Set<string>();
  for (const card of cards as unknown[]) {
    const { origin, phones } = (card ?? {}) as { origin?: unknown; phones?: unknown };
    if (origin !== "contact_request" || !Array.isArray(phones)) continue;
    for (const entry of phones as unknown[]) {
      const { wa_id, phone } = (entry ?? {}) as { wa_id?: unknown; phone?: unknown };
      const number = typeof wa_id === "string" ? wa_id : typeof phone === "string" ? phone : "";
      // Without Meta's own spelling only a number with its country is one.
      if (typeof wa_id === "string" || number.startsWith("+")) numbers.add(numberOf(number));
    }
  }
  const [number, ...others] = numbers;
  return number !== undefined && others.length === 0 && /^\d{6,15}$/.test(number) ? number : null;
}

/** Records that this person was seen, and answers the identity by which the event resolves: null when there is none. */
export function see(event: RoutedEvent, person: Person, facts: Facts): Handle | null {
  const [first, ...others] = identitiesOf(person);
  if (!first) return null;
  facts.sightings.push({
    ...sightingOf(event, [first, ...others]),
    profile_name: person.profile_name,
    username: person.username,
  });
  return first;
}

/** The same of a contact that a message of ours went to. */
export function seeRecipient(event: RoutedEvent, person: Person, wamid: string, facts: Facts): Handle | null {
  const first = see(event, person, facts);
  if (first) linkNamed(event, person, first, wamid, facts);
  return first;
}

/**
 * The id of a message of ours holds an identity, too: the recipient's where it is a user id, or the other form of
 * their number. Any other number in it may be our own.
 */
function linkNamed(event: RoutedEvent, person: Person, first: Handle, wamid: string, facts: Facts): void {
  const named = readWamid(wamid)?.identity;
  if (!named) return;
  const number = person.wa_id === null ? null : numberOf(person.wa_id);
  const isTheirs =
    named.kind === "bsuid"
      ? person.user_id === null
      : number !== null && number !== named.value && mayBeOneNumber(number, named.value);
  if (isTheirs) facts.sightings.push(sightingOf(event, [first, named]));
}

/** Its subject is the group's name, as a profile's is a person's. */
export function seeGroup(
  event: RoutedEvent,
  group_id: string,
  facts: Facts,
  subject: string | null = null,
): Handle {
  const group = { kind: "group", value: group_id } as const;
  const { phone_number } = event;
  facts.sightings.push({ ...sightingOf(event, [group]), profile_name: subject });
  if (phone_number !== null) facts.groups.push({ ...stampOf(event), group_id, phone_number });
  return group;
}

/** Number first: it is what a thread goes by where it is known. A username only where there is nothing else. */
export function identitiesOf(person: Person): Handle[] {
  const found: Handle[] = [];
  const wa_id = person.wa_id === null ? "" : numberOf(person.wa_id);
  if (wa_id) found.push({ kind: "wa_id", value: wa_id });
  if (person.user_id) found.push({ kind: "bsuid", value: person.user_id });
  if (person.parent_user_id) found.push({ kind: "parent_bsuid", value: person.parent_user_id });
  if (found.length === 0 && person.username)
    found.push({ kind: "username", value: person.username.toLowerCase() });
  return found;
}

/** `+1 (650) 555-1234` and `16505551234` are one number; what is no number stays what it is. */
export function numberOf(text: string): string {
  return /^\+?[\d\s().-]+$/.test(text) ? text.replace(/\D/g, "") : text.trim();
}

/** Number to number, BSUID to BSUID; where the two sides share no kind, by what each is best known by. */
export function addMoves(event: RoutedEvent, from: Person, to: Person, facts: Facts): void {
  const left = identitiesOf(from);
  const right = identitiesOf(to);
  const pairs = left.flatMap((one) =>
    right.filter((other) => other.kind === one.kind).map((other) => [one, other] as const),
  );
  if (pairs.length === 0 && left[0] && right[0]) pairs.push([left[0], right[0]]);
  for (const [one, other] of pairs) {
    if (one.value === other.value && one.kind === other.kind) continue;
    facts.moves.push({ workspace_id: event.workspace_id, from: one, to: other, at_ms: +event.occurred_at });
  }
}

/** Which event says it, and when. */
export function stampOf({ workspace_id, id: event_id, occurred_at }: RoutedEvent) {
  return { workspace_id, event_id, at_ms: +occurred_at };
}

/** The same of a message. */
export function about(event: RoutedEvent, wamid: string) {
  return { ...stampOf(event), wamid_hash: messageHash(event.phone_number, wamid) };
}

export function sightingOf(event: RoutedEvent, identities: Sighting["identities"]): Sighting {
  return nameless(stampOf(event), identities, event.event.waba_id);
}
