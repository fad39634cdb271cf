import { sql, type Database } from "../../db/db.ts";
import { mayBeOneNumber } from "../../meta/meta.ts";
import { nameless, noFacts } from "../facts/facts.ts";
import { resolvePeople } from "./resolve-people.ts";

const PAGE = 1_000;

interface Pair {
  workspace_id: string;
  one: string;
  other: string;
  occurred_at: Date;
  is_parted: boolean;
}

/**
 * Joins contacts which are apart although Meta told of two forms of one number, as they were until such forms of all
 * countries joined. Goes once over the links between numbers, by identity_links' key, and then rests. `step` says
 * whether there is more.
 */
export function createRejoin({ db }: { db: Database }): { step(): Promise<number> } {
  let after: Pick<Pair, "workspace_id" | "one" | "other"> | null = {
    workspace_id: "00000000-0000-0000-0000-000000000000",
    one: "",
    other: "",
  };
  const step = async (): Promise<number> => {
    if (after === null) return 0;
    const from = after;
    const pairs = await db.transaction(async (tx) => {
      const page = await tx.rows<Pair>(sql`
        select due.workspace_id, due.one, due.other, due.occurred_at, f.contact_id <> t.contact_id as is_parted from (
          select l.workspace_id, l.from_value as one, l.to_value as other, l.occurred_at from identity_links l
          where (l.workspace_id, l.from_kind, l.from_value, l.to_kind, l.to_value) >
              (${from.workspace_id}::uuid, 'wa_id', ${from.one}, 'wa_id', ${from.other})
            and l.from_kind = 'wa_id' and l.to_kind = 'wa_id' and l.relation = 'same'
          order by l.workspace_id, l.from_kind, l.from_value, l.to_kind, l.to_value limit ${PAGE}) due
        join contact_identities f on f.workspace_id = due.workspace_id and f.kind = 'wa_id' and f.value = due.one
        join contact_identities t on t.workspace_id = due.workspace_id and t.kind = 'wa_id' and t.value = due.other
        order by due.workspace_id, due.one, due.other`);
      const parted = page.filter(({ one, other, is_parted }) => is_parted && mayBeOneNumber(one, other));
      if (parted.length === 0) return page;
      const sightings = parted.map(({ workspace_id, one, other, occurred_at }) =>
        nameless({ workspace_id, event_id: "", at_ms: occurred_at.getTime() }, [
          { kind: "wa_id", value: one },
          { kind: "wa_id", value: other },
        ]),
      );
      await resolvePeople(tx, { ...noFacts(), sightings });
      return page;
    });
    after = pairs.length < PAGE ? null : pairs.at(-1)!;
    return pairs.length;
  };
  return { step };
}
