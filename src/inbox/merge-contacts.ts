import { Problem } from "../base/base.ts";
import { found, sql, type Queryable, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/change.ts";
import { clashesOf, nameless, noFacts, type Clash, type Identity } from "./facts/facts.ts";
import { resolvePeople } from "./identity/identity.ts";

interface Known extends Identity {
  contact_id: string;
  former: boolean;
}

type Reason = Clash | "same" | "erased" | "group";

/** Why two contacts can't be one person; null: they can. Throws NOT_FOUND. */
export async function whyApart(
  db: Queryable,
  workspace_id: string,
  ids: readonly [string, string],
): Promise<Reason | null> {
  if (ids[0] === ids[1]) return "same";
  const [one, other] = await identitiesOf(db, workspace_id, ids);
  return reasonOf(one, other);
}

/**
 * Makes two contacts one, by evidence like any other: from now on an identity of each is known to be the same person's.
 * The contact that was there first stays. Answers which that is, and what to tell pages; what hangs on the other's id is
 * to follow (`takeJoins`). Throws NOT_FOUND and MERGE_REFUSED.
 */
export async function mergeContacts(
  tx: Tx,
  workspace_id: string,
  ids: readonly [string, string],
  at_ms: number,
): Promise<{ id: string; changes: LiveChange[] }> {
  if (ids[0] === ids[1]) throw new Problem("MERGE_REFUSED", REASONS.same);
  const [one, other] = await identitiesOf(tx, workspace_id, ids);
  const reason = reasonOf(one, other);
  if (reason !== null) throw new Problem("MERGE_REFUSED", REASONS[reason]);
  // One that is current tells more than one that was left; two forms of one number tell it of each other.
  const [left, right] = [one, other].map(
    (known) =>
      known.toSorted(
        (a, b) => +a.former - +b.former || Number(b.kind === "wa_id") - Number(a.kind === "wa_id"),
      )[0]!,
  );
  const people = await resolvePeople(tx, {
    ...noFacts(),
    sightings: [nameless({ workspace_id, event_id: "", at_ms }, [left!, right!])],
  });
  const remaining = await tx.rows<{ id: string }>(sql`
    select id from contacts where workspace_id = ${workspace_id} and id = any(${ids}::uuid[])`);
  // What Meta told of them before this, in its order, keeps them apart.
  if (remaining.length !== 1) throw new Problem("MERGE_REFUSED", REASONS.told);
  const { id } = remaining[0]!;
  return {
    id,
    changes: [
      ...ids.map((contact_id) => ({ workspace_id, name: "ContactUpdated", data: { contact_id } })),
      ...people.threads.map((thread) => ({
        workspace_id,
        name: "ConversationUpdated",
        data: { conversation_id: thread.id },
      })),
    ],
  };
}

async function identitiesOf(
  db: Queryable,
  workspace_id: string,
  ids: readonly [string, string],
): Promise<[Known[], Known[]]> {
  const rows = await db.rows<Known>(sql`
    select i.contact_id, i.kind, i.value, i.scope, i.former from contact_identities i
    where i.workspace_id = ${workspace_id} and i.contact_id = any(${ids}::uuid[])
    order by i.kind, i.value`);
  const [one, other] = ids.map((id) => rows.filter((row) => row.contact_id === id));
  found(one![0]);
  found(other![0]);
  return [one!, other!];
}

function reasonOf(one: readonly Known[], other: readonly Known[]): Reason | null {
  const all = [...one, ...other];
  if (all.some(({ kind }) => kind === "erased")) return "erased";
  if (all.some(({ kind }) => kind === "group")) return "group";
  const current = (known: readonly Known[]) => known.filter(({ former }) => !former);
  const [clash] = clashesOf(current(one), current(other));
  return clash ?? null;
}

const REASONS: Record<Reason | "told", string> = {
  number: "Each of them has a phone number. A contact has one, so these stay two contacts.",
  user_id: "Each has a user ID of its own from WhatsApp, so WhatsApp knows them as two people.",
  parent_user_id:
    "Each has a business user ID of its own from WhatsApp, so WhatsApp knows them as two people.",
  same: "This is the same contact. Choose another one.",
  erased: "One of them was erased. Nothing can be joined with it.",
  group: "One of them is a group. Only people can be merged.",
  told: "What WhatsApp told of them earlier shows that they are two people.",
};
