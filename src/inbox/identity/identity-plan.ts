import { newId } from "../../base/base.ts";
import { mayBeOneNumber } from "../../meta/meta.ts";
import { addLink, addsTo, leastScope, linkKey, newest, type Evidence, type Profile } from "./evidence.ts";
import type { IdentityRow, NewContact, WrittenIdentity } from "./identity-rows.ts";
import { compare, keyOf, partition, type Identity, type Link } from "../facts/facts.ts";
import type { Regrouping } from "./regroup.ts";

/** A workspace's part of the batch, and what is known of it. */
export interface Work {
  workspace_id: string;
  evidence: Evidence;
  known: Map<string, IdentityRow>;
  links: Map<string, Link>;
}

/** What has to be written so that the rows are what the evidence says. */
export interface Plan {
  created: NewContact[];
  added: WrittenIdentity[];
  placed: WrittenIdentity[];
  links: Link[];
  regrouped: Regrouping[];
}

/** The identities that this batch's evidence says something new of. */
export function changedKeys({ evidence, known, links }: Work): Set<string> {
  const changed = new Set<string>();
  for (const [key, identity] of evidence.identities) {
    const row = known.get(key);
    if (!row || leastScope(row.scope, identity.scope) !== row.scope) changed.add(key);
  }
  for (const [key, link] of evidence.links) {
    if (addsTo(links.get(key), link) || isParted(link, known)) changed.add(link.from).add(link.to);
  }
  return changed;
}

/** A link between numbers. */
export const linksNumbers = ({ from, to }: Link): boolean =>
  from.startsWith("wa_id:") && to.startsWith("wa_id:");

/**
 * Two numbers that may be one and are linked, at two contacts: so they may stand since before such links joined, and
 * are looked at again.
 */
export function isParted(link: Link, known: ReadonlyMap<string, IdentityRow>): boolean {
  const [from, to] = [known.get(link.from), known.get(link.to)];
  return (
    from !== undefined &&
    to !== undefined &&
    from.contact_id !== to.contact_id &&
    linksNumbers(link) &&
    mayBeOneNumber(from.value, to.value)
  );
}

/**
 * Partitions what is linked to what this batch says anew, and gives each group a contact: one that its identities had
 * before, where it is free, else a new one. `known` and `links` must hold everything that is linked to it. Pure but
 * for the new ids.
 */
export function planOf(work: Work): Plan {
  const { workspace_id, evidence, known } = work;
  const plan: Plan = { created: [], added: [], placed: [], links: [], regrouped: [] };
  const changed = changedKeys(work);
  const links = new Map(work.links);
  for (const link of evidence.links.values()) {
    if (!addsTo(work.links.get(linkKey(link)), link)) continue;
    plan.links.push(link);
    addLink(links, link);
  }
  const identities = [...reachable(changed, links.values())].map((key): Identity => {
    const [row, seen] = [known.get(key), evidence.identities.get(key)];
    return { ...(row ?? seen)!, scope: leastScope(row?.scope ?? null, seen?.scope ?? null) };
  });
  const places = partition(identities, [...links.values()]);
  const groups = new Map<string, Identity[]>();
  for (const identity of identities) {
    const { group } = places.get(keyOf(identity))!;
    groups.set(group, [...(groups.get(group) ?? []), identity]);
  }

  const taken = new Set<string>();
  for (const members of [...groups.values()].toSorted(byNumberThenName)) {
    const rows = members.flatMap((member) => known.get(keyOf(member)) ?? []);
    const before = [...new Set(rows.map((row) => row.contact_id))].toSorted();
    const kept = before.find((id) => !taken.has(id));
    const contact_id = kept ?? newId();
    taken.add(contact_id);
    if (kept === undefined)
      plan.created.push({ workspace_id, id: contact_id, ...firstNames(members, evidence) });
    for (const member of members) {
      const key = keyOf(member);
      const { former } = places.get(key)!;
      const row = known.get(key);
      const written = {
        workspace_id,
        kind: member.kind,
        value: member.value,
        scope: member.scope,
        contact_id,
        former,
        profile: evidence.profiles.get(key) ?? null,
      };
      if (!row) plan.added.push(written);
      else if (row.contact_id !== contact_id || row.former !== former || row.scope !== member.scope)
        plan.placed.push(written);
      if (row && row.contact_id !== contact_id)
        plan.regrouped.push({ workspace_id, from: row.contact_id, to: contact_id });
    }
  }
  return plan;
}

function reachable(keys: ReadonlySet<string>, links: Iterable<Link>): Set<string> {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of links) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  const reached = new Set(keys);
  // A set visits what is added to it on the way.
  for (const key of reached) for (const other of neighbours.get(key) ?? []) reached.add(other);
  return reached;
}

/** When a contact splits, who has the number keeps the row: names given by people and assignments stay with it. */
function byNumberThenName(a: Identity[], b: Identity[]): number {
  const rank = (members: Identity[]) => (members.some(({ kind }) => kind === "wa_id") ? 0 : 1);
  const name = (members: Identity[]) => members.map(keyOf).toSorted()[0]!;
  return rank(a) - rank(b) || compare(name(a), name(b));
}

/** The names of a contact of which nothing was known before this batch. */
function firstNames(members: Identity[], { profiles }: Evidence): Pick<NewContact, keyof Profile> {
  const newestOf = (name: keyof Profile) =>
    members.map((member) => profiles.get(keyOf(member))?.[name] ?? null).reduce(newest, null)?.value ?? null;
  return {
    profile_name: newestOf("profile_name"),
    book_name: newestOf("book_name"),
    username: newestOf("username"),
  };
}
