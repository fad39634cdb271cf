import type { shapes } from "../../contract/contract.ts";
import { iso, rowsOf, sql, uuidArray, type Queryable } from "../../db/db.ts";
import type { EventData, Failure, MessageContent } from "../../meta/events.ts";
import {
  explainFailure,
  failureOf,
  itemOf,
  messageHash,
  tellingFailure,
  type MetaEvent,
} from "../../meta/meta.ts";
import { LISTED_BYTES, readItems } from "./event-items.ts";
import { peopleOf, wamidsOf, type NamedContact } from "./event-subjects.ts";
import type { Handle } from "../facts/facts.ts";
import { amendmentOf } from "../folds/folds.ts";
import { preview, visibleText } from "./message-views.ts";
import { displayName, nameParts, phone, type NameParts } from "./display-names.ts";

export type EventSummary = ReturnType<(typeof shapes.EventSummary)["parse"]>;

interface EventRow extends Pick<
  EventSummary,
  "id" | "journal_id" | "kind" | "outcome" | "reason" | "occurred_at"
> {
  key: string;
  phone_number: EventSummary["phone_number"];
}

const TEXT_LENGTH = 200;

/** An event that is asked for by its id. */
export interface ToldEvent {
  summary: EventSummary;
  /** The item; null where it can no longer be read. */
  payload: unknown;
}

/** What these events say, for lists: longer webhooks are not read. */
export async function summariseEvents(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<EventSummary[]> {
  return (await tellEvents(db, workspace_id, ids, LISTED_BYTES)).map(({ summary }) => summary);
}

/**
 * What these events of a workspace say, in the order of `ids`; those that don't exist are left out. The items are read
 * from the journal, which is a statement for each 2 MiB of webhooks; beside it there are four: the events and the people,
 * messages and conversations that they name, each by its key.
 */
export async function tellEvents(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
  limit_bytes?: number,
): Promise<ToldEvent[]> {
  if (ids.length === 0) return [];
  const rows = await db.rows<EventRow>(sql`
    select e.id, e.journal_id, e.key, e.kind, e.outcome, e.reason, ${iso(sql`e.occurred_at`)} as occurred_at,
      case when n.id is not null then json_build_object('id', n.id, 'phone_number_id', n.phone_number_id,
        'display_phone_number', n.display_phone_number) end as phone_number
    from unnest(${uuidArray(ids)}::uuid[]) with ordinality as asked (id, place)
    join events e on e.workspace_id = ${workspace_id} and e.id = asked.id
    left join phone_numbers n on n.workspace_id = e.workspace_id and n.id = e.phone_number_id
    order by asked.place`);
  const items = await readItems(db, rows, limit_bytes);
  const read = rows.map((row) => readRow(row, items.get(row.id) ?? null));
  const [contacts, messages] = await Promise.all([
    readContacts(db, workspace_id, read),
    readMessages(db, workspace_id, read),
  ]);
  const threads = await readThreads(db, workspace_id, read, contacts);
  return read.map((event) => ({
    summary: summaryOf(event, contacts, messages, threads),
    payload: event.item && (JSON.parse(event.item.payload) as unknown),
  }));
}

/** An event with what its item says, and who and what it names. */
interface ReadEvent {
  row: EventRow;
  item: MetaEvent | null;
  data: EventData | null;
  customer: NamedContact | null;
  group: NamedContact | null;
  wamid: string | null;
  hash: string | null;
}

/** Kinds of which nothing is read but their name. */
const UNREAD: ReadonlySet<string> = new Set(["account", "flow", "error", "user_action", "other"]);

function readRow(row: EventRow, item: MetaEvent | null): ReadEvent {
  const data = item === null || UNREAD.has(item.data.kind) ? null : item.data;
  const people = data === null ? [] : peopleOf(data);
  const wamid = (data && wamidsOf(data)[0]) ?? null;
  return {
    row,
    item,
    data,
    customer:
      people.find(({ role }) => role === "customer") ?? people.find(({ role }) => role === "other") ?? null,
    group: people.find(({ role }) => role === "group") ?? null,
    wamid,
    hash: wamid === null ? null : messageHash(row.phone_number?.id ?? null, wamid),
  };
}

type Contacts = ReadonlyMap<string, { id: string } & NameParts>;
const nameOf = ({ kind, value }: Handle) => `${kind} ${value}`;

async function readContacts(
  db: Queryable,
  workspace_id: string,
  read: readonly ReadEvent[],
): Promise<Contacts> {
  const wanted = read.flatMap(({ customer, group }) => [
    ...(customer?.identities ?? []),
    ...(group?.identities ?? []),
  ]);
  if (wanted.length === 0) return new Map();
  const rows = await db.rows<{ who: { id: string; kind: Handle["kind"]; value: string } & NameParts }>(sql`
    select distinct on (i.kind, i.value) ${nameParts(sql`c`, sql`'id', c.id, 'kind', i.kind, 'value', i.value`)} as who
    from ${rowsOf(wanted, { kind: "text", value: "text" })}
    join contact_identities i on i.workspace_id = ${workspace_id} and i.kind = due.kind and i.value = due.value
    join contacts c on c.workspace_id = i.workspace_id and c.id = i.contact_id`);
  return new Map(rows.map(({ who }) => [nameOf(who), who]));
}

const contactOf = (contacts: Contacts, named: NamedContact | null) => {
  for (const identity of named?.identities ?? []) {
    const contact = contacts.get(nameOf(identity));
    if (contact) return contact;
  }
  return null;
};

interface MessageRow {
  wamid_hash: string;
  id: string;
  conversation_id: string;
  direction: "INBOUND" | "OUTBOUND";
  type: string;
  text: string | null;
}
type Messages = ReadonlyMap<string, MessageRow>;

/** By messages__wamid_hash, each with what is left to read of it. */
async function readMessages(
  db: Queryable,
  workspace_id: string,
  read: readonly ReadEvent[],
): Promise<Messages> {
  const hashes = [...new Set(read.flatMap(({ hash }) => hash ?? []))];
  if (hashes.length === 0) return new Map();
  const rows = await db.rows<MessageRow>(sql`
    select m.wamid_hash, m.id, m.conversation_id, m.direction, m.type, ${preview(visibleText(sql`m`, sql`a`))} as text
    from messages m
    left join lateral ${amendmentOf(sql`m`)} a on true
    where m.workspace_id = ${workspace_id} and m.wamid_hash = any(${uuidArray(hashes)}::uuid[])`);
  return new Map(rows.map((row) => [row.wamid_hash, row]));
}

type Threads = ReadonlyMap<string, string>;

/** The conversations of those contacts with those numbers: by the unique key of conversations. */
async function readThreads(
  db: Queryable,
  workspace_id: string,
  read: readonly ReadEvent[],
  contacts: Contacts,
): Promise<Threads> {
  const pairs = new Map<string, { contact_id: string; phone_number_id: string }>();
  for (const event of read) {
    const contact = contactOf(contacts, event.group ?? event.customer);
    const phone_number_id = event.row.phone_number?.id;
    if (contact && phone_number_id)
      pairs.set(`${contact.id} ${phone_number_id}`, { contact_id: contact.id, phone_number_id });
  }
  if (pairs.size === 0) return new Map();
  const rows = await db.rows<{ id: string; contact_id: string; phone_number_id: string }>(sql`
    select c.id, c.contact_id, c.phone_number_id
    from ${rowsOf([...pairs.values()], { contact_id: "uuid", phone_number_id: "uuid" })}
    join conversations c on c.workspace_id = ${workspace_id} and c.contact_id = due.contact_id
      and c.phone_number_id = due.phone_number_id`);
  return new Map(rows.map((row) => [`${row.contact_id} ${row.phone_number_id}`, row.id]));
}

function summaryOf(event: ReadEvent, contacts: Contacts, messages: Messages, threads: Threads): EventSummary {
  const { key: _, phone_number, ...row } = event.row;
  const told = event.data?.kind === "standby" ? event.data.told : event.data;
  const message = event.hash === null ? undefined : messages.get(event.hash);
  const thread = contactOf(contacts, event.group ?? event.customer);
  return {
    ...row,
    contact: shownContact(contacts, event.customer),
    group: event.group && {
      id: contactOf(contacts, event.group)?.id ?? null,
      display_name: nameFor(contacts, event.group),
    },
    phone_number,
    conversation_id:
      message?.conversation_id ??
      (thread && phone_number ? (threads.get(`${thread.id} ${phone_number.id}`) ?? null) : null),
    message_id: message?.id ?? null,
    wamid: event.wamid,
    ...NOTHING_SAID,
    direction: message?.direction ?? null,
    ...(told === null ? sayUnread(event.row.kind, event.item) : say(told, message)),
  };
}

function shownContact(contacts: Contacts, named: NamedContact | null): EventSummary["contact"] {
  if (named === null) return null;
  const known = contactOf(contacts, named);
  const number = named.identities.find(({ kind }) => kind === "wa_id")?.value ?? null;
  return {
    id: known?.id ?? null,
    display_name: nameFor(contacts, named),
    phone: phone(known?.number ?? number),
  };
}

/** Of one that Wharf doesn't have: the number, or Meta's id. */
function nameFor(contacts: Contacts, named: NamedContact): string {
  const known = contactOf(contacts, named);
  if (known) return displayName(known);
  const { kind, value } = named.identities[0];
  return kind === "wa_id" ? (phone(value) ?? value) : kind === "group" ? `Group ${value.slice(-6)}` : value;
}

type Said = Pick<EventSummary, "direction" | "type" | "text" | "value" | "call" | "error" | "template">;
const NOTHING_SAID: Said = {
  direction: null,
  type: null,
  text: null,
  value: null,
  call: null,
  error: null,
  template: null,
};

function say(data: EventData, message: MessageRow | undefined): Partial<Said> {
  const about = { type: message?.type ?? null, text: cut(message?.text ?? null) };
  switch (data.kind) {
    case "message":
    case "message_edit":
      return { ...sayContent(data.message), direction: "INBOUND" };
    case "echo":
    case "echo_edit":
      return { ...sayContent(data.message), direction: "OUTBOUND" };
    case "history_message":
      return { ...sayContent(data.message), direction: data.from_business ? "OUTBOUND" : "INBOUND" };
    case "reaction":
      return { ...about, value: data.emoji, direction: "INBOUND" };
    case "message_revoke":
      return { ...about, direction: "INBOUND" };
    case "echo_revoke":
      return { ...about, direction: "OUTBOUND" };
    case "system":
      return { type: "system", text: cut(data.body), value: data.system_type, direction: "INBOUND" };
    case "status":
      return { ...about, value: data.status, error: errorOf(data.errors), direction: "OUTBOUND" };
    case "payment_status": {
      const { amount, currency } = data.payment;
      return { ...about, value: data.status, text: amount && `${amount} ${currency ?? ""}`.trim() };
    }
    case "call":
      return {
        value: data.event,
        direction: data.by_business === null ? null : data.by_business ? "OUTBOUND" : "INBOUND",
        call: data.end && {
          picked_up: data.end.picked_up,
          failed: data.end.failed,
          duration_s: data.end.duration_s,
        },
        error: errorOf(data.end?.errors ?? []),
      };
    default:
      return sayOther(data);
  }
}

function sayOther(data: EventData): Partial<Said> {
  switch (data.kind) {
    case "group":
      return { value: data.event, text: cut(data.change.subject), error: errorOf(data.change.errors) };
    case "handover":
      return { value: data.handover_type, text: cut(data.note ?? data.summary) };
    case "contact_sync":
      return { value: data.action, text: cut(data.full_name ?? data.first_name) };
    case "user_preference":
      return { value: data.value, text: cut(data.detail) };
    case "template_status":
      return { value: data.event, text: cut(data.reason_details ?? data.reason), template: data.template };
    case "template_quality":
      return { value: data.quality, template: data.template };
    case "template_category":
      return { value: data.correct_category ?? data.category, template: data.template };
    case "template_components":
      return { template: data.template };
    case "phone_number":
      return { value: data.event, text: data.display_phone_number };
    default:
      return {};
  }
}

/** Kinds of which the name says most: the item's own word for what happened. */
function sayUnread(kind: string, event: MetaEvent | null): Partial<Said> {
  if (event === null) return {};
  if (kind === "error") {
    const failure = failureOf(event);
    return failure ? { error: errorOf([failure]) } : {};
  }
  const item = itemOf(event);
  const word = ["event", "decision", "alert_type", "action", "type", "status"].find(
    (name) => typeof item[name] === "string",
  );
  return word === undefined ? {} : { value: String(item[word]).slice(0, 100) };
}

function sayContent({ type, text, content }: MessageContent): Partial<Said> {
  const filename = typeof content["filename"] === "string" ? content["filename"] : null;
  const name = typeof content["name"] === "string" ? content["name"] : null;
  return {
    type,
    text: cut(text ?? filename ?? name),
    error: errorOf((content["errors"] ?? []) as Failure[]),
  };
}

function errorOf(failures: readonly Failure[]): Said["error"] {
  const telling = tellingFailure(failures);
  return telling && { code: telling.code, title: explainFailure(telling).says };
}

/** White space as one; never half of an emoji. */
function cut(text: string | null): string | null {
  const line = text?.replace(/\s+/g, " ").trim() ?? "";
  return line === "" ? null : line.slice(0, TEXT_LENGTH).replace(/[\ud800-\udbff]$/, "");
}
