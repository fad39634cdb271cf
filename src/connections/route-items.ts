import { idOf } from "../base/base.ts";
import { named, rowsOf, sql, textArray, timestamptzArray, uuidArray, type Sql, type Tx } from "../db/db.ts";

export interface RoutableItem {
  connection_id: string;
  waba_id: string | null;
  /** Meta's id of the number. */
  phone_number_id: string | null;
  display_phone_number: string | null;
  /** When it happened, by Meta's clock, and no later than it arrived; null: it has no readable time. */
  occurred_at_ms: number | null;
}

/** `phone_number` is the id in phone_numbers; null when the item names no number. */
export type ItemRoute = { workspace_id: string; phone_number: string | null };

interface NumberRow {
  workspace_id: string;
  id: string;
  connection_id: string;
  phone_number_id: string;
  waba_id: string | null;
  waba_id_at: Date | null;
  display_phone_number: string | null;
  display_phone_number_at: Date | null;
  is_stale: boolean;
}
interface AccountRow {
  workspace_id: string;
  connection_id: string;
  waba_id: string;
}
/** A value, and when it was told. What has no time only fills what nothing told yet. */
interface Told {
  value: string | null;
  at_ms: number;
}
/** What the newest items of this batch said about a number. */
interface Seen {
  row: NumberRow;
  waba_id: Told;
  display_phone_number: Told;
}
/** Meta's are digits. What else is no id becomes no number or account of ours, and its item stays unrouted. */
const META_ID = /^[\w.-]{1,64}$/;
const NOTHING: Told = { value: null, at_ms: 0 };
/** How far the time of a value that is told again and again may lag behind: each webhook tells it. */
const LAG_MS = 60_000;

/**
 * To which workspace each item belongs and which of its numbers it names, in the order of `items`. A connection that
 * one workspace owns decides by itself, and its unknown accounts and numbers are registered. On a shared one the
 * number decides, else the account (whose new numbers are registered too); neither known: null.
 *
 * Ids are the hash of workspace and Meta's id, so processes that register the same number at once agree on its row.
 */
export async function routeItems(tx: Tx, items: readonly RoutableItem[]): Promise<(ItemRoute | null)[]> {
  if (items.length === 0) return [];
  const nameable = items.map((item) => ({
    ...item,
    waba_id: nameOrNull(item.waba_id),
    phone_number_id: nameOrNull(item.phone_number_id),
    display_phone_number: nameOrNull(item.display_phone_number),
  }));
  // One way to the server for all three.
  const connections = uuidArray(distinct(nameable.map((item) => item.connection_id)));
  const [owners, accounts, numbers] = await Promise.all([
    readOwners(tx, connections),
    readAccounts(tx, nameable, connections),
    readNumbers(tx, nameable, connections),
  ]);

  const accountOf = index(accounts, (row) => row.waba_id);
  const numberOf = index(numbers, (row) => row.phone_number_id);

  const newAccounts = new Map<string, AccountRow>();
  const newNumbers = new Map<string, NumberRow>();
  const seen = new Map<NumberRow, Seen>();

  const routes = nameable.map((item): { workspace_id: string; row: NumberRow | null } | null => {
    const owner = owners.get(item.connection_id);
    if (owner === undefined) return null;
    const scope = owner ?? item.connection_id;
    const account = item.waba_id === null ? undefined : accountOf.get(key(scope, item.waba_id));
    const known = item.phone_number_id === null ? undefined : numberOf.get(key(scope, item.phone_number_id));
    const workspace_id = owner ?? known?.workspace_id ?? account?.workspace_id;
    if (workspace_id === undefined) return null;
    if (!known && item.phone_number_id !== null && !META_ID.test(item.phone_number_id)) return null;

    if (owner !== null && item.waba_id !== null && !account && META_ID.test(item.waba_id)) {
      const waba_id = item.waba_id;
      newAccounts.set(key(workspace_id, waba_id), {
        workspace_id,
        connection_id: item.connection_id,
        waba_id,
      });
    }
    if (item.phone_number_id === null) return { workspace_id, row: null };

    let row = known ?? newNumbers.get(key(workspace_id, item.phone_number_id));
    if (!row) {
      row = {
        workspace_id,
        id: idOf(`${workspace_id}:phone_number:${item.phone_number_id}`),
        connection_id: item.connection_id,
        phone_number_id: item.phone_number_id,
        waba_id: item.waba_id,
        waba_id_at: timeOf(item),
        display_phone_number: item.display_phone_number,
        display_phone_number_at: timeOf(item),
        is_stale: false,
      };
      newNumbers.set(key(workspace_id, item.phone_number_id), row);
    }
    const before = seen.get(row);
    seen.set(row, {
      row,
      waba_id: newer(before?.waba_id ?? NOTHING, toldBy(item, "waba_id")),
      display_phone_number: newer(
        before?.display_phone_number ?? NOTHING,
        toldBy(item, "display_phone_number"),
      ),
    });
    return { workspace_id, row };
  });

  insertAccounts(tx, [...newAccounts.values()]);
  await insertNumbers(tx, [...newNumbers.values()]);
  touchNumbers(tx, [...seen.values()]);
  return routes.map(
    (route) => route && { workspace_id: route.workspace_id, phone_number: route.row?.id ?? null },
  );
}

/** Meta's ids are digits. What is no short printable text is an error, and must not become a row. */
function nameOrNull(text: string | null): string | null {
  return text !== null && /^[\x20-\x7e]{1,100}$/.test(text) ? text : null;
}

/** By workspace and by connection: the owner of the first, or the shared connection, is where one looks. */
function index<Row extends { workspace_id: string; connection_id: string }>(
  rows: readonly Row[],
  name: (row: Row) => string,
): Map<string, Row> {
  const byScope = new Map<string, Row>();
  for (const row of rows) {
    for (const scope of [row.workspace_id, row.connection_id]) {
      const at = key(scope, name(row));
      // Rows come oldest first: should two workspaces claim one account, it stays with the first.
      if (!byScope.has(at)) byScope.set(at, row);
    }
  }
  return byScope;
}

function key(scope: string, name: string): string {
  return `${scope}:${name}`;
}

/** A connection and its workspace; null: shared. */
type Owners = Map<string, string | null>;

async function readOwners(tx: Tx, connections: Buffer): Promise<Owners> {
  const rows = await tx.rows<{ id: string; workspace_id: string | null }>(
    named("route owners")`select id, workspace_id from connections where id = any(${connections}::uuid[])`,
  );
  return new Map(rows.map((row) => [row.id, row.workspace_id]));
}

/** By accounts_workspace_id_waba_id_key and, on shared connections, accounts__connection_id__waba_id. */
async function readAccounts(
  tx: Tx,
  items: readonly RoutableItem[],
  connections: Buffer,
): Promise<AccountRow[]> {
  const names = distinct(items.map((item) => item.waba_id));
  if (names.length === 0) return [];
  return tx.rows<AccountRow>(named("route accounts")`
    select workspace_id, connection_id, waba_id from accounts
    where waba_id = any(${textArray(names)}::text[]) and ${isInScope(connections)}
    order by created_at, id`);
}

/** By phone_numbers_workspace_id_phone_number_id_key and phone_numbers__connection_id__phone_number_id. */
async function readNumbers(
  tx: Tx,
  items: readonly RoutableItem[],
  connections: Buffer,
): Promise<NumberRow[]> {
  const names = distinct(items.map((item) => item.phone_number_id));
  if (names.length === 0) return [];
  return tx.rows<NumberRow>(named("route numbers")`
    select workspace_id, id, connection_id, phone_number_id, waba_id, waba_id_at, display_phone_number, display_phone_number_at,
      last_webhook_at is null or last_webhook_at < now() - interval '1 minute' as is_stale
    from phone_numbers
    where phone_number_id = any(${textArray(names)}::text[]) and ${isInScope(connections)}
    order by created_at, id`);
}

/** Of the workspaces that own these connections, or on those that are shared. */
function isInScope(connections: Buffer) {
  return sql`(
    workspace_id = any(array(select c.workspace_id from connections c where c.id = any(${connections}::uuid[])))
    or connection_id = any(array(select c.id from connections c
      where c.id = any(${connections}::uuid[]) and c.workspace_id is null)))`;
}

function insertAccounts(tx: Tx, rows: AccountRow[]): void {
  if (rows.length === 0) return;
  const sorted = rows.toSorted((a, b) =>
    compare(key(a.workspace_id, a.waba_id), key(b.workspace_id, b.waba_id)),
  );
  tx.later(sql`
    insert into accounts (workspace_id, id, connection_id, waba_id)
    select * from ${rowsOf(
      sorted.map((row) => ({ ...row, id: idOf(`${row.workspace_id}:account:${row.waba_id}`) })),
      { workspace_id: "uuid", id: "uuid", connection_id: "uuid", waba_id: "text" },
    )}
    on conflict do nothing`);
}

const NUMBER = {
  workspace_id: "uuid",
  id: "uuid",
  connection_id: "uuid",
  phone_number_id: "text",
  waba_id: "text",
  waba_id_at: "timestamptz",
  display_phone_number: "text",
  display_phone_number_at: "timestamptz",
} as const;

/** Sorted, so that two processes with the same new numbers wait for each other and never in a circle. */
async function insertNumbers(tx: Tx, rows: NumberRow[]): Promise<void> {
  if (rows.length === 0) return;
  const nameOf = (row: { workspace_id: string; phone_number_id: string }) =>
    key(row.workspace_id, row.phone_number_id);
  const sorted = rows.toSorted((a, b) => compare(nameOf(a), nameOf(b)));
  const inserted = await tx.run(sql`
    insert into phone_numbers
      (workspace_id, id, connection_id, phone_number_id, waba_id, waba_id_at, display_phone_number, display_phone_number_at,
       last_webhook_at)
    select *, now() from ${rowsOf(sorted, NUMBER)}
    on conflict do nothing`);
  if (inserted === sorted.length) return;
  // Another process was faster; one made by hand has an id of its own.
  const there = await tx.rows<{ workspace_id: string; id: string; phone_number_id: string }>(sql`
    select workspace_id, id, phone_number_id from phone_numbers
    where workspace_id = any(${distinct(sorted.map((row) => row.workspace_id))}::uuid[])
      and phone_number_id = any(${sorted.map((row) => row.phone_number_id)}::text[])`);
  const idByName = new Map(there.map((row) => [nameOf(row), row.id]));
  for (const row of sorted) {
    row.id = idByName.get(nameOf(row)) ?? row.id;
    // What that row says isn't known here: what this batch was told is compared with it where it is written.
    row.waba_id = row.display_phone_number = null;
  }
}

function toldBy(item: RoutableItem, name: "waba_id" | "display_phone_number"): Told {
  return { value: item[name], at_ms: item.occurred_at_ms ?? 0 };
}

function timeOf({ occurred_at_ms }: RoutableItem): Date | null {
  return occurred_at_ms === null ? null : new Date(occurred_at_ms);
}

/** The newest by its own time, the greater text of one time: a repeated old webhook changes nothing. */
function newer(a: Told, b: Told): Told {
  if (a.value === null || b.value === null) return a.value === null ? b : a;
  return a.at_ms > b.at_ms || (a.at_ms === b.at_ms && a.value >= b.value) ? a : b;
}

/** `value`: it is another one by now; `time`: the known one was told again since. */
function newsOf({ row, ...told }: Seen): "value" | "time" | null {
  let news: "time" | null = null;
  for (const name of ["waba_id", "display_phone_number"] as const) {
    const known = { value: row[name], at_ms: row[`${name}_at`]?.getTime() ?? 0 };
    const { value, at_ms } = newer(known, told[name]);
    if (value !== known.value) return "value";
    if (at_ms > known.at_ms + LAG_MS) news = "time";
  }
  return news;
}

/**
 * What is new about numbers, in the order of their keys; of the others only that they are heard of. Rows that another
 * batch is writing just now are passed over where nothing is new: no batch waits for a time stamp.
 */
function touchNumbers(tx: Tx, seen: readonly Seen[]): void {
  const values = seen.filter((one) => newsOf(one) === "value");
  const times = seen.filter((one) => newsOf(one) === "time" || (one.row.is_stale && newsOf(one) === null));
  writeNumbers(tx, values, sql`for no key update of phone_numbers`);
  writeNumbers(tx, times, sql`for no key update of phone_numbers skip locked`);
}

function writeNumbers(tx: Tx, seen: readonly Seen[], lock: Sql): void {
  if (seen.length === 0) return;
  const texts = (name: "waba_id" | "display_phone_number") => textArray(seen.map((one) => one[name].value));
  const times = (name: "waba_id" | "display_phone_number") =>
    timestamptzArray(seen.map((one) => (one[name].value === null ? null : one[name].at_ms)));
  tx.later(sql`
    with told as (
      select * from unnest(
        ${uuidArray(seen.map(({ row }) => row.workspace_id))}::uuid[], ${uuidArray(seen.map(({ row }) => row.id))}::uuid[],
        ${texts("waba_id")}::text[], ${times("waba_id")}::timestamptz[],
        ${texts("display_phone_number")}::text[], ${times("display_phone_number")}::timestamptz[]
      ) as told (workspace_id, id, waba_id, waba_id_at, display_phone_number, display_phone_number_at)
    ), free as (
      select told.* from phone_numbers join told using (workspace_id, id)
      order by phone_numbers.workspace_id, phone_numbers.id ${lock}
    )
    update phone_numbers n set
      waba_id = case when ${isNewer(sql`waba_id`)} then free.waba_id else n.waba_id end,
      waba_id_at = case when ${isNewer(sql`waba_id`)} then free.waba_id_at else n.waba_id_at end,
      display_phone_number = case when ${isNewer(sql`display_phone_number`)} then free.display_phone_number else n.display_phone_number end,
      display_phone_number_at = case when ${isNewer(sql`display_phone_number`)} then free.display_phone_number_at else n.display_phone_number_at end,
      last_webhook_at = now()
    from free
    where n.workspace_id = free.workspace_id and n.id = free.id`);
}

const isNewer = (name: Sql): Sql => sql`(free.${name} is not null and (n.${name} is null
  or (free.${name}_at, free.${name} collate "C") > (coalesce(n.${name}_at, 'epoch'), n.${name} collate "C")))`;

function distinct(texts: (string | null)[]): string[] {
  return [...new Set(texts)].filter((text) => text !== null);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
