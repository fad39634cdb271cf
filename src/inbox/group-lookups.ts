import { newId, visible } from "../base/base.ts";
import { sql, type Database, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/change.ts";
import type { GraphGroup } from "../meta/meta.ts";
import { type GroupFact, type Handle, nameless, noFacts } from "./facts/facts.ts";
import { foldGroups, groupThreads, type GroupKey } from "./folds/folds.ts";
import { resolvePeople } from "./identity/identity.ts";

/** A group that Meta is to be asked about. */
export interface GroupAsked extends GroupKey {
  /** Whose connection asks. */
  connection_id: string;
  attempts: number;
}

/** A try that was lost is made again after this. */
const LEASE_MS = 60_000;
/** Meta was asked so often in vain: it does not know the group, or the number may not use groups. */
const ATTEMPTS = 6;
const RETRY_MS = 60_000;

/**
 * Groups of which nothing was asked yet: webhooks tell what changes in a group, and not what it was before. Each is one
 * process' to ask. By groups__next_ask_at.
 */
export function claimGroups(db: Database, now_ms: number, limit: number): Promise<GroupAsked[]> {
  return db.rows<GroupAsked>(sql`
    with due as (
      select g.workspace_id, g.group_id, n.connection_id
      from groups g
      join phone_numbers n on n.workspace_id = g.workspace_id and n.id = g.phone_number_id
      join connections c on c.id = n.connection_id and c.access_token is not null
      where g.next_ask_at <= ${new Date(now_ms)} order by g.next_ask_at limit ${limit} for update of g skip locked)
    update groups g set next_ask_at = ${new Date(now_ms + LEASE_MS)}, attempts = g.attempts + 1
    from due where g.workspace_id = due.workspace_id and g.group_id = due.group_id
    returning g.workspace_id, g.group_id, due.connection_id, g.attempts`);
}

/**
 * What Meta said of a group at `at_ms`; null: it could not be had, and is asked for again, ever later. It is folded as a
 * webhook of that time would be, so that webhooks may come before or after it.
 */
export async function recordGroup(
  tx: Tx,
  { workspace_id, group_id, attempts }: GroupAsked,
  answer: GraphGroup | null,
  at_ms: number,
): Promise<LiveChange[]> {
  const again_ms = answer === null && attempts < ATTEMPTS ? at_ms + RETRY_MS * 4 ** (attempts - 1) : null;
  const changes = answer === null ? [] : await fold(tx, { workspace_id, group_id }, answer, at_ms);
  await tx.run(sql`
    update groups set next_ask_at = ${again_ms === null ? null : new Date(again_ms)}
    where workspace_id = ${workspace_id} and group_id = ${group_id}`);
  return changes;
}

async function fold(tx: Tx, key: GroupKey, answer: GraphGroup, at_ms: number): Promise<LiveChange[]> {
  const { workspace_id, group_id } = key;
  const stamp = { workspace_id, event_id: newId(), at_ms };
  const facts = noFacts();
  facts.sightings.push({
    ...nameless(stamp, [{ kind: "group", value: group_id }]),
    profile_name: visible(answer.subject),
  });
  // One identity each: who is who is for webhooks to say.
  const people = (answer.participants ?? []).flatMap(({ wa_id, user_id }): Handle[] => {
    if (wa_id) return [{ kind: "wa_id", value: wa_id.replace(/\D/g, "") }];
    return user_id ? [{ kind: "bsuid", value: user_id }] : [];
  });
  for (const person of people) facts.sightings.push(nameless(stamp, [person]));
  for (const identity of people) facts.participations.push({ ...stamp, group_id, identity, present: true });
  const fact = (name: GroupFact["fact"], value: string | boolean | null) => {
    if (value !== null) facts.group_facts.push({ ...stamp, group_id, fact: name, value });
  };
  fact("description", answer.description);
  fact("join_approval_mode", answer.join_approval_mode);
  fact("suspended", answer.suspended);
  // Only a list that names everybody says who is not in it.
  if (answer.participants !== null && (answer.participant_count ?? people.length) === people.length)
    fact("listed", true);

  const { contacts } = await resolvePeople(tx, facts);
  await foldGroups(tx, facts);
  const threads = await groupThreads(tx, [key]);
  return [
    ...contacts.map(({ id }) => contactChange(workspace_id, id)),
    ...threads.flatMap(({ contact_id, conversation_id }) => [
      contactChange(workspace_id, contact_id),
      { workspace_id, name: "ConversationUpdated", data: { conversation_id } },
    ]),
  ];
}

const contactChange = (workspace_id: string, contact_id: string): LiveChange => ({
  workspace_id,
  name: "ContactUpdated",
  data: { contact_id },
});
