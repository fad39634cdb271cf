import { appendTo } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import type { Moved } from "../../live/live.ts";
import type { Effects } from "../counts/counts.ts";
import { messageHash } from "../../meta/meta.ts";
import {
  attribute,
  earliest,
  lockCandidates,
  writeActs,
  type Act,
  type Candidate,
  type Written,
} from "./acts.ts";
import { STOPPED_CODE } from "./reasons.ts";

/**
 * Messages of which it becomes known that Meta took them, or when: what their people did may have been told before. Looked
 * into only where they wrote since, or want no marketing; then everything of these days is attributed anew, so that the
 * order of telling makes no difference.
 */
export async function recount(tx: Tx, moved: readonly Moved[]): Promise<Effects> {
  const taken = moved.filter(
    ({ before }) => before === null || before === "ACCEPTED" || before === "UNCONFIRMED",
  );
  const followed: Effects = { counts: [], changes: [] };
  if (taken.length === 0) return followed;
  // By campaign_recipients__message_id and the keys of the others.
  const acted = await tx.rows<{ workspace_id: string; contact_id: string; taken_at: Date }>(sql`
    select r.workspace_id, r.contact_id, min(date_trunc('second', least(r.submitted_at, r.sent_at))) as taken_at
    from ${rowsOf(taken, { workspace_id: "uuid", message_id: "uuid", conversation_id: "uuid", contact_id: "uuid" })}
    join campaign_recipients r on r.workspace_id = due.workspace_id and r.message_id = due.message_id
    join contacts c on c.workspace_id = due.workspace_id and c.id = due.contact_id
    join conversations v on v.workspace_id = due.workspace_id and v.id = due.conversation_id
    where v.last_inbound_at >= date_trunc('second', least(r.submitted_at, r.sent_at))
      or (c.marketing_state = 'UNSUBSCRIBED' and least(r.submitted_at, r.sent_at) is not null)
    group by r.workspace_id, r.contact_id`);
  for (const workspace_id of new Set(acted.map((row) => row.workspace_id))) {
    const rows = acted.filter((row) => row.workspace_id === workspace_id);
    const { counts, changes } = await recountPeople(tx, workspace_id, rows);
    appendTo(followed.counts, counts);
    appendTo(followed.changes, changes);
  }
  return followed;
}

async function recountPeople(
  tx: Tx,
  workspace_id: string,
  people: readonly { contact_id: string; taken_at: Date }[],
): Promise<Effects> {
  const contact_ids = people.map(({ contact_id }) => contact_id);
  const candidates = await lockCandidates(
    tx,
    workspace_id,
    contact_ids,
    earliest(people.map(({ taken_at }) => taken_at)),
  );
  const known = candidates.flatMap(({ taken_at }) => taken_at ?? []);
  if (known.length === 0) return { counts: [], changes: [] };
  const since = earliest(known);
  const acts = [
    ...(await repliesSince(tx, workspace_id, contact_ids, since)),
    ...(await optOutsSince(tx, workspace_id, contact_ids, since)),
  ];
  return writeActs(tx, workspace_id, differences(acts, candidates));
}

/** What each of them must have as its first, where it has another. One told by Meta's error stays. */
function differences(acts: readonly Act[], candidates: readonly Candidate[]): Written[] {
  const owners = new Map(acts.map((act) => [act, attribute(act, candidates)]));
  return (["replied", "opted_out"] as const).flatMap((what) =>
    candidates.flatMap((one): Written[] => {
      const before = one[`${what}_at`];
      const own = acts.filter((act) => act.what === what && owners.get(act) === one);
      const first = own.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0]?.at ?? null;
      const is_other = acts.some(
        (act) =>
          act.what === what && act.at.getTime() === before?.getTime() && (owners.get(act) ?? one) !== one,
      );
      if (first === null ? !is_other : before !== null && before <= first && !is_other) return [];
      if (first === null && one.error_code === STOPPED_CODE) return [];
      return [{ ...one, what, at: first, before }];
    }),
  );
}

interface Said {
  contact_id: string;
  phone_number: string;
  conversation_id: string;
  context_wamid: string | null;
  at: Date;
}

/** By messages__conversation_id__sent_at. */
async function repliesSince(
  tx: Tx,
  workspace_id: string,
  contact_ids: readonly string[],
  since: Date,
): Promise<Act[]> {
  const said = await tx.rows<Said>(sql`
    select v.contact_id, v.phone_number_id as phone_number, v.id as conversation_id, m.context_wamid, m.sent_at as at
    from conversations v
    join messages m on m.workspace_id = v.workspace_id and m.conversation_id = v.id and m.sent_at >= ${since}
    where v.workspace_id = ${workspace_id} and v.contact_id = any(${[...contact_ids]}::uuid[])
      and m.direction = 'INBOUND' and m.origin = 'message'`);
  const quoting = said.flatMap(({ context_wamid, phone_number, conversation_id }) =>
    context_wamid === null ? [] : [{ conversation_id, wamid_hash: messageHash(phone_number, context_wamid) }],
  );
  const quoted =
    quoting.length === 0
      ? []
      : await tx.rows<{ id: string; wamid_hash: string; conversation_id: string }>(sql`
          select m.id, m.wamid_hash, m.conversation_id
          from ${rowsOf(quoting, { conversation_id: "uuid", wamid_hash: "uuid" })}
          join messages m on m.workspace_id = ${workspace_id} and m.wamid_hash = due.wamid_hash
            and m.conversation_id = due.conversation_id`);
  const ids = new Map(quoted.map((row) => [`${row.conversation_id} ${row.wamid_hash}`, row.id]));
  return said.map(({ contact_id, phone_number, conversation_id, context_wamid, at }) => ({
    what: "replied",
    contact_id,
    at,
    message_id:
      context_wamid === null
        ? null
        : (ids.get(`${conversation_id} ${messageHash(phone_number, context_wamid)}`) ?? null),
    phone_number,
  }));
}

/** Of all that is told of consent, what people themselves told. By contact_identities__contact_id and consent_events__identity. */
async function optOutsSince(
  tx: Tx,
  workspace_id: string,
  contact_ids: readonly string[],
  since: Date,
): Promise<Act[]> {
  const rows = await tx.rows<{ contact_id: string; at: Date }>(sql`
    select i.contact_id, e.occurred_at as at
    from contact_identities i
    join consent_events e on e.workspace_id = i.workspace_id and e.identity_kind = i.kind and e.identity_value = i.value
    where i.workspace_id = ${workspace_id} and i.contact_id = any(${[...contact_ids]}::uuid[])
      and e.state = 'UNSUBSCRIBED' and e.source in ('STOP_KEYWORD', 'BUTTON', 'META_PREFERENCE')
      and e.voided_reason is null and e.occurred_at >= ${since}`);
  return rows.map(({ contact_id, at }) => ({
    what: "opted_out",
    contact_id,
    at,
    message_id: null,
    phone_number: null,
  }));
}
