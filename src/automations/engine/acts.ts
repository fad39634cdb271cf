import {
  changeMemberships,
  joinedFacts,
  setField,
  type Happened,
  type Memberships,
} from "../../audience/audience.ts";
import { appendTo, grouped, Problem } from "../../base/base.ts";
import type { Act } from "../../contract/automations.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import { updateConversation } from "../../inbox/inbox.ts";
import type { LiveChange } from "../../live/live.ts";
import type { Acted } from "../flow/flow.ts";
import { isTelling, namesOf, tellAll, type TellingAct } from "./telling-acts.ts";
import { sendAll, type Acting, type SendAct } from "./sends.ts";
import type { FoundTemplates } from "./templates.ts";

interface Doing {
  tx: Tx;
  workspace_id: string;
  now: Date;
  found: FoundTemplates;
  happened: Happened;
}

/**
 * Does what these runs' actions say, those of a kind and subject together: a statement or two for all runs at a node. What
 * others may wait for goes to `happened`.
 */
export async function doAll(
  doing: Doing,
  acting: readonly Acting[],
): Promise<{ acted: Map<Acting, Acted>; changes: LiveChange[] }> {
  const acted = new Map<Acting, Acted>();
  const changes: LiveChange[] = [];
  const groups = grouped(acting, ({ act }) => (act.kind.startsWith("send_") ? "send" : JSON.stringify(act)));
  const names = await namesOf(doing.tx, doing.workspace_id, acting);
  for (const [group, members] of groups) {
    if (group === "send") {
      const sent = await sendAll(doing.tx, doing.workspace_id, members as Acting<SendAct>[], doing.found);
      for (const [i, one] of sent.acted.entries()) acted.set(members[i]!, one);
      appendTo(changes, sent.changes);
      continue;
    }
    const done = isTelling(members[0]!)
      ? await tellAll({ ...doing, names }, members as Acting<TellingAct>[])
      : await doTogether(doing, members[0]!.act, members);
    for (const [i, one] of done.acted.entries()) acted.set(members[i]!, one);
    appendTo(changes, done.changes);
  }
  return { acted, changes };
}

interface Done {
  acted: Acted[];
  changes: LiveChange[];
}

const all = (members: readonly Acting[], acted: Acted): Acted[] => members.map(() => acted);
const GONE: Acted = { kind: "failed", reason: "GONE", says: "What the action names is gone." };

async function doTogether(doing: Doing, act: Act, members: readonly Acting[]): Promise<Done> {
  // What a step changes is read anew by the nodes behind it.
  for (const { traveller } of members) {
    traveller.has.delete("person");
    traveller.has.delete("conversation");
    traveller.known.holds = new Map();
  }
  try {
    switch (act.kind) {
      case "add_tag":
        return await memberships(doing, members, { add_tags: named(act.tag_id) });
      case "remove_tag":
        return await memberships(doing, members, { remove_tags: named(act.tag_id) });
      case "add_to_list":
        return await memberships(doing, members, { add_lists: named(act.list_id) });
      case "remove_from_list":
        return await memberships(doing, members, { remove_lists: named(act.list_id) });
      case "set_field":
        return await fields(doing, members, act);
      case "assign":
        return await conversations(doing, members, {
          assignee_id: named(act.user_id)[0]!,
          by_automation: true,
        });
      case "resolve":
        return await conversations(doing, members, { status: "RESOLVED" });
      default:
        return { acted: all(members, GONE), changes: [] };
    }
  } catch (error) {
    // Told before anything was written: what it names was deleted.
    if (error instanceof Problem) return { acted: all(members, GONE), changes: [] };
    throw error;
  }
}

function named(id: string | null): string[] {
  if (id === null) throw new Problem("NOT_FOUND");
  return [id];
}

const contactsOf = (members: readonly Acting[]) => [
  ...new Set(members.map(({ traveller }) => traveller.run.contact_id)),
];

const updated = (workspace_id: string, contacts: readonly string[]): LiveChange[] =>
  contacts.map((contact_id) => ({ workspace_id, name: "ContactUpdated", data: { contact_id } }));

async function memberships(doing: Doing, members: readonly Acting[], change: Memberships): Promise<Done> {
  const { tx, workspace_id, now, happened } = doing;
  const contacts = contactsOf(members);
  const joined = await changeMemberships(tx, workspace_id, contacts, change);
  await happened(tx, joinedFacts({ workspace_id, at: now }, joined));
  return { acted: all(members, { kind: "done" }), changes: updated(workspace_id, contacts) };
}

async function fields(
  { tx, workspace_id, now, happened }: Doing,
  members: readonly Acting[],
  { field_id, value }: Extract<Act, { kind: "set_field" }>,
): Promise<Done> {
  const [id] = named(field_id);
  const changed = await setField(tx, workspace_id, contactsOf(members), id!, value);
  await happened(
    tx,
    changed.map((contact_id) => ({
      workspace_id,
      contact_id,
      at: now,
      kind: "field_changed" as const,
      id: id!,
      value,
    })),
  );
  return { acted: all(members, { kind: "done" }), changes: updated(workspace_id, changed) };
}

/** Those of the contacts with the flow's number, by the unique key of conversations. */
async function conversations(
  { tx, workspace_id }: Doing,
  members: readonly Acting[],
  change: Parameters<typeof updateConversation>[3],
): Promise<Done> {
  const due = members.map(({ traveller: { run, flow } }, place) => ({
    place,
    contact_id: run.contact_id,
    number: flow.settings.phone_number_id,
  }));
  const rows = await tx.rows<{ place: number; id: string }>(sql`
    select distinct on (due.place) due.place, c.id
    from ${rowsOf(due, { place: "integer", contact_id: "uuid", number: "uuid" })}
    join conversations c on c.workspace_id = ${workspace_id} and c.contact_id = due.contact_id
      and (due.number is null or c.phone_number_id = due.number)
    order by due.place, c.last_message_at desc nulls last`);
  const found = new Map(rows.map(({ place, id }) => [place, id]));
  const changes: LiveChange[] = [];
  for (const id of [...new Set(found.values())].toSorted())
    appendTo(changes, (await updateConversation(tx, workspace_id, id, change)) ?? []);
  const none: Acted = {
    kind: "failed",
    reason: "NO_CONVERSATION",
    says: "There is no conversation with the person.",
  };
  return { acted: members.map((_, place) => (found.has(place) ? { kind: "done" } : none)), changes };
}
