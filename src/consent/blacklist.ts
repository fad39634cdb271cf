import type { z } from "zod";
import { Problem } from "../base/base.ts";
import type * as shapes from "../contract/consent.ts";
import {
  and,
  before,
  found,
  iso,
  keyOf,
  sql,
  toList,
  type Database,
  type List,
  type Page,
  type Queryable,
} from "../db/db.ts";
import { contactsByIds, contactsSearched, knownNumbers, type Handle } from "../inbox/inbox.ts";
import { judgeNumber, variantsOf } from "../meta/meta.ts";
import { changeConsent, state, type ConsentTold, type Teller } from "./changes.ts";
import type { ConsentEntry } from "./ledger.ts";

type Blacklisted = z.infer<typeof shapes.Blacklisted>;
type Source = z.infer<typeof shapes.BlacklistSource>;

/** As a list of numbers names where each came from. */
const SOURCES: Record<ConsentEntry["source"], Source> = {
  AGENT: "Manual",
  API: "API",
  IMPORT: "Import",
  STOP_KEYWORD: "Message",
  START_KEYWORD: "Message",
  DOUBLE_OPT_IN: "Message",
  BUTTON: "Template reply",
  META_PREFERENCE: "WhatsApp",
  META_ERROR_131050: "WhatsApp",
};

interface Row {
  contact_id: string;
  source: ConsentEntry["source"] | null;
  reason: string | null;
  added_at: string;
  list_key: [string, string];
}

/** People who get no marketing, newest first, by contacts__unsubscribed: each with the statement that is in force. */
export async function listBlacklist(
  db: Queryable,
  workspace_id: string,
  { cursor, limit, search }: Page & { search?: string | undefined },
): Promise<List<Blacklisted>> {
  const conditions = [sql`c.marketing_at is not null`, before(sql`c.marketing_at`, sql`c.id`, cursor)];
  const searched = await contactsSearched(db, workspace_id, search);
  if (searched) conditions.push(searched);
  const rows = await db.rows<Row>(sql`
    select c.id as contact_id, e.source, coalesce(e.reason, e.evidence) as reason, ${iso(sql`c.marketing_at`)} as added_at,
      ${keyOf(sql`c.marketing_at`, sql`c.id`)} as list_key
    from contacts c
    left join consent_events e on e.workspace_id = c.workspace_id and e.id = c.marketing_event
    where c.workspace_id = ${workspace_id} and c.marketing_state = 'UNSUBSCRIBED' and ${and(...conditions)}
    order by c.marketing_at desc, c.id desc limit ${limit + 1}`);
  const { data, next_cursor } = toList(rows, limit);
  return { data: await shown(db, workspace_id, data), next_cursor };
}

async function shown(
  db: Queryable,
  workspace_id: string,
  rows: readonly Omit<Row, "list_key">[],
): Promise<Blacklisted[]> {
  const contacts = await contactsByIds(
    db,
    workspace_id,
    rows.map((row) => row.contact_id),
  );
  const people = new Map(contacts.map((contact) => [contact.id, contact]));
  return rows.flatMap(({ source: told, ...row }) => {
    const person = people.get(row.contact_id);
    const source = SOURCES[told ?? "AGENT"];
    return person
      ? [
          {
            ...row,
            display_name: person.display_name,
            phone: person.phone,
            source,
            by_whatsapp: source === "WhatsApp",
          },
        ]
      : [];
  });
}

/** By its key; undefined: they are not on it. */
async function oneOf(
  db: Queryable,
  workspace_id: string,
  contact_id: string,
): Promise<Blacklisted | undefined> {
  const rows = await db.rows<Omit<Row, "list_key">>(sql`
    select c.id as contact_id, e.source, coalesce(e.reason, e.evidence) as reason, ${iso(sql`c.marketing_at`)} as added_at
    from contacts c
    left join consent_events e on e.workspace_id = c.workspace_id and e.id = c.marketing_event
    where c.workspace_id = ${workspace_id} and c.id = ${contact_id} and c.marketing_state = 'UNSUBSCRIBED'`);
  return (await shown(db, workspace_id, rows))[0];
}

/** The digits by which WhatsApp knows the number, or may. Throws NUMBER_INVALID. */
async function handleOf(
  db: Queryable,
  workspace_id: string,
  phone: string,
): Promise<Handle & { known: boolean }> {
  const judged = judgeNumber(phone, null);
  if ("problem" in judged) throw new Problem("NUMBER_INVALID", judged.problem);
  const { digits } = judged;
  const [known] = await knownNumbers(db, [{ workspace_id, numbers: [digits, ...variantsOf(digits)] }]);
  return { kind: "wa_id", value: known ?? digits, known: known !== null };
}

/** Puts a number on the blacklist; a contact is made where there is none. Throws NUMBER_INVALID. */
export async function addToBlacklist(
  db: Database,
  workspace_id: string,
  { phone, reason }: { phone: string; reason: string },
  { user_id }: Teller,
  told?: ConsentTold,
): Promise<Blacklisted> {
  const { kind, value } = await handleOf(db, workspace_id, phone);
  const source = user_id === null ? "API" : "AGENT";
  const { contact_ids } = await db.transaction((tx) =>
    state(
      tx,
      workspace_id,
      [{ identity: { kind, value }, state: "UNSUBSCRIBED", source, evidence: null, reason, user_id }],
      told,
    ),
  );
  return found(await oneOf(db, workspace_id, contact_ids[0]!));
}

/** Takes a contact off: nothing is known of their wish then, which is no consent. Throws NOT_FOUND where they are not on it. */
export async function removeFromBlacklist(
  db: Database,
  workspace_id: string,
  contact_id: string,
  reason: string,
  teller: Teller,
  told?: ConsentTold,
): Promise<ConsentEntry> {
  found(await oneOf(db, workspace_id, contact_id));
  return changeConsent(db, workspace_id, contact_id, { state: "UNKNOWN", reason }, teller, told);
}

/** By any form of the number, by contact_identities' key. Throws NUMBER_INVALID. */
export async function checkBlacklist(
  db: Queryable,
  workspace_id: string,
  phone: string,
): Promise<z.infer<typeof shapes.BlacklistCheck>> {
  const { kind, value } = await handleOf(db, workspace_id, phone);
  const contact = await db.first<{ id: string }>(sql`
    select contact_id as id from contact_identities
    where workspace_id = ${workspace_id} and kind in (${kind}, 'phone') and value = ${value} order by kind desc limit 1`);
  const listed = contact && (await oneOf(db, workspace_id, contact.id));
  return {
    phone: `+${value}`,
    blacklisted: listed !== undefined,
    contact_id: contact?.id ?? null,
    source: listed?.source ?? null,
    reason: listed?.reason ?? null,
    added_at: listed?.added_at ?? null,
  };
}

/** All of it, a page at a time: for files. */
export async function* eachBlacklisted(
  db: Queryable,
  workspace_id: string,
  filter: { search?: string | undefined },
): AsyncGenerator<Blacklisted> {
  let cursor: string | undefined;
  do {
    const page = await listBlacklist(db, workspace_id, { ...filter, cursor, limit: 500 });
    yield* page.data;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
