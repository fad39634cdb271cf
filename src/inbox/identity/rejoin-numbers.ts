import { rowsOf, sql, type Database, type Tx } from "../../db/db.ts";
import { mayBeOneNumber, variantsOf } from "../../meta/meta.ts";
import { type Handle, nameless, noFacts } from "../facts/facts.ts";
import { BY_DIGITS_MS } from "./evidence.ts";
import { resolvePeople } from "./resolve-people.ts";

const PAGE = 1_000;
const FIRST = { workspace_id: "00000000-0000-0000-0000-000000000000", one: "", other: "" };

/** Two numbers of one line, and when that was told. */
interface Pair {
  workspace_id: string;
  one: string;
  other: string;
  at_ms: number;
}
interface Place {
  workspace_id: string;
  one: string;
  other: string;
}

/**
 * Joins contacts which are apart although they are known by two forms of one number: of those that Meta told of both, as
 * they were until such forms of all countries joined, and of those whose digits tell, as they were until these did. Goes
 * once over the links between numbers and once over the numbers, each by its key, and then rests. `step` says whether
 * there is more.
 */
export function createRejoin({ db }: { db: Database }): { step(): Promise<number> } {
  const passes = [readLinked, readForms];
  let after: Place = FIRST;
  const step = async (): Promise<number> => {
    const [read] = passes;
    if (read === undefined) return 0;
    const found = await db.transaction(async (tx) => {
      const page = await read(tx, after);
      await join(tx, page.parted);
      return page;
    });
    if (found.last !== null) after = found.last;
    else {
      passes.shift();
      after = FIRST;
    }
    return found.last === null ? passes.length : PAGE;
  };
  return { step };
}

/** `last` null: it was the last page. */
interface Found {
  parted: Pair[];
  last: Place | null;
}

async function readLinked(tx: Tx, after: Place): Promise<Found> {
  const page = await tx.rows<Place & { occurred_at: Date; is_parted: boolean }>(sql`
    select due.workspace_id, due.one, due.other, due.occurred_at, f.contact_id <> t.contact_id as is_parted from (
      select l.workspace_id, l.from_value as one, l.to_value as other, l.occurred_at from identity_links l
      where (l.workspace_id, l.from_kind, l.from_value, l.to_kind, l.to_value) >
          (${after.workspace_id}::uuid, 'wa_id', ${after.one}, 'wa_id', ${after.other})
        and l.from_kind = 'wa_id' and l.to_kind = 'wa_id' and l.relation = 'same'
      order by l.workspace_id, l.from_kind, l.from_value, l.to_kind, l.to_value limit ${PAGE}) due
    join contact_identities f on f.workspace_id = due.workspace_id and f.kind = 'wa_id' and f.value = due.one
    join contact_identities t on t.workspace_id = due.workspace_id and t.kind = 'wa_id' and t.value = due.other
    order by due.workspace_id, due.one, due.other`);
  const parted = page
    .filter(({ one, other, is_parted }) => is_parted && mayBeOneNumber(one, other))
    .map(({ occurred_at, ...pair }) => ({ ...pair, at_ms: occurred_at.getTime() }));
  return { parted, last: page.length < PAGE ? null : page.at(-1)! };
}

async function readForms(tx: Tx, after: Place): Promise<Found> {
  const page = await tx.rows<{ workspace_id: string; one: string; contact_id: string }>(sql`
    select workspace_id, value as one, contact_id from contact_identities
    where (workspace_id, kind, value) > (${after.workspace_id}::uuid, 'wa_id', ${after.one}) and kind = 'wa_id'
    order by workspace_id, kind, value limit ${PAGE}`);
  // The longer of two is seen too: each pair is taken once.
  const due = page.flatMap(({ workspace_id, one, contact_id }) =>
    variantsOf(one).flatMap((other) => (one < other ? [{ workspace_id, one, other, contact_id }] : [])),
  );
  const others = await tx.rows<{ workspace_id: string; value: string; contact_id: string }>(sql`
    select i.workspace_id, i.value, i.contact_id
    from ${rowsOf(due, { workspace_id: "uuid", other: "text" })}
    join contact_identities i on i.workspace_id = due.workspace_id and i.kind = 'wa_id' and i.value = due.other`);
  const owner = new Map(others.map((row) => [`${row.workspace_id} ${row.value}`, row.contact_id]));
  const parted = due.flatMap(({ contact_id, ...pair }) => {
    const other = owner.get(`${pair.workspace_id} ${pair.other}`);
    return other === undefined || other === contact_id ? [] : [{ ...pair, at_ms: BY_DIGITS_MS }];
  });
  const end = page.at(-1);
  return { parted, last: page.length < PAGE || !end ? null : { ...end, other: "" } };
}

async function join(tx: Tx, parted: readonly Pair[]): Promise<void> {
  if (parted.length === 0) return;
  const sightings = parted.map(({ workspace_id, one, other, at_ms }) => {
    const handles: [Handle, Handle] = [
      { kind: "wa_id", value: one },
      { kind: "wa_id", value: other },
    ];
    return nameless({ workspace_id, event_id: "", at_ms }, handles);
  });
  await resolvePeople(tx, { ...noFacts(), sightings });
}
