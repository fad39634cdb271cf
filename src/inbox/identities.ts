import { newId } from "../base/base.ts";
import type { Tx } from "../db/db.ts";
import {
  addLink,
  addsTo,
  gather,
  leastScope,
  linkKey,
  newest,
  type Evidence,
  type Profile,
} from "./evidence.ts";
import type { Facts, Handle } from "./facts.ts";
import {
  insertContacts,
  lockGrowth,
  lockStructure,
  placeIdentities,
  readIdentities,
  readLinks,
  readLinksOf,
  writeIdentities,
  writeLinks,
  type ContactRef,
  type IdentityRow,
  type NewContact,
  type WrittenIdentity,
} from "./identity-rows.ts";
import type { Regrouping } from "./regroup.ts";
import { compare, keyOf, partition, type Identity, type Link } from "./partition.ts";

export interface SettledIdentities {
  /** The contact of an identity that was seen in this batch. */
  contactOf(workspace_id: string, identity: Handle): string;
  /** Contacts that are new. */
  created: ContactRef[];
  /** Names that came with contacts which were there before. */
  named: (ContactRef & { profile: Profile })[];
  /** Which contacts gave identities to which: what hangs on them must be built again. */
  regrouped: Regrouping[];
}

/** A workspace's part of the batch, and what is known of it. */
interface Work {
  workspace_id: string;
  evidence: Evidence;
  known: Map<string, IdentityRow>;
  links: Map<string, Link>;
}

/** What has to be written so that the rows are what the evidence says. */
interface Plan {
  created: NewContact[];
  added: WrittenIdentity[];
  placed: WrittenIdentity[];
  links: Link[];
  regrouped: Regrouping[];
}

/**
 * Brings contacts and identities to what all evidence says, this batch's included. Mostly everything is known and
 * only names are folded; else the evidence that touches what is new is read and partitioned again. Ends holding the
 * structure lock of each workspace, so that the answer stays true for the rest of the transaction.
 */
export async function settleIdentities(tx: Tx, facts: Facts): Promise<SettledIdentities> {
  const works = [...gather(facts)].map(([workspace_id, evidence]): Work => ({
    workspace_id,
    evidence,
    known: new Map(),
    links: new Map(),
  }));
  await readKnown(tx, works, telling);
  const growing = works.filter((work) => !isKnown(work));
  await lockGrowth(
    tx,
    growing.map(({ workspace_id }) => workspace_id),
  );
  await readKnown(tx, growing, all);
  await readComponents(tx, growing);
  const plans = new Map(growing.map((work) => [work.workspace_id, planOf(work)]));
  await lockStructure(
    tx,
    works.map(({ workspace_id }) => ({
      workspace_id,
      alone: (plans.get(workspace_id)?.placed.length ?? 0) > 0,
    })),
  );
  // Evidence that was known stays known, but whose it is may have changed until the lock was ours.
  const settled = works.filter((work) => !plans.has(work.workspace_id));
  const resolving = resolvingKeys(facts);
  for (const work of settled) work.known.clear();
  await readIdentityRows(tx, settled, (work) =>
    [...work.evidence.identities.keys()].filter((key) => resolving.has(`${work.workspace_id} ${key}`)),
  );
  return write(tx, works, plans);
}

/** The identities that lines, statements and names resolve by. The others' contacts are not asked for. */
function resolvingKeys({ lines, consents, sightings }: Facts): Set<string> {
  const named = sightings.filter(
    ({ profile_name, username, book_name }) =>
      profile_name !== null || username !== null || book_name !== undefined,
  );
  return new Set([
    ...[...lines, ...consents].map(({ workspace_id, identity }) => `${workspace_id} ${keyOf(identity)}`),
    ...named.map(({ workspace_id, identities }) => `${workspace_id} ${keyOf(identities[0])}`),
  ]);
}

async function write(tx: Tx, works: Work[], plans: Map<string, Plan>): Promise<SettledIdentities> {
  const each = <Row>(name: (plan: Plan) => Row[]) =>
    [...plans].flatMap(([workspace_id, plan]) => name(plan).map((row) => ({ ...row, workspace_id })));
  const created = each((plan) => plan.created);
  await insertContacts(tx, created);
  await placeIdentities(
    tx,
    each((plan) => plan.placed),
  );
  const places = new Map<string, string>();
  const news = new Set(created.map(({ id }) => id));
  const written: WrittenIdentity[] = each((plan) => plan.added);
  for (const { workspace_id, evidence, known } of works) {
    const { placed = [], added = [] } = plans.get(workspace_id) ?? {};
    for (const row of [...known.values(), ...placed, ...added])
      places.set(`${workspace_id} ${keyOf(row)}`, row.contact_id);
    for (const [key, profile] of evidence.profiles) {
      const row = known.get(key);
      if (row) written.push({ ...row, contact_id: places.get(`${workspace_id} ${key}`)!, profile });
    }
  }
  await writeIdentities(tx, written);
  await writeLinks(
    tx,
    each((plan) => plan.links),
  );
  return {
    contactOf(workspace_id, identity) {
      const contact_id = places.get(`${workspace_id} ${keyOf(identity)}`);
      if (!contact_id) throw new Error(`no contact for an identity of the kind ${identity.kind}`);
      return contact_id;
    },
    created: created.map(({ workspace_id, id }) => ({ workspace_id, id })),
    named: written.flatMap(({ workspace_id, contact_id: id, profile }) =>
      profile && !news.has(id) ? [{ workspace_id, id, profile }] : [],
    ),
    regrouped: each((plan) => plan.regrouped),
  };
}

async function readKnown(tx: Tx, works: readonly Work[], wanted: (work: Work) => string[]): Promise<void> {
  await readIdentityRows(tx, works, wanted);
  const by_id = new Map(works.map((work) => [work.workspace_id, work]));
  const links = works.flatMap(({ workspace_id, evidence }) =>
    [...evidence.links.values()].map((link) => ({ ...link, workspace_id })),
  );
  for (const row of await readLinks(tx, links)) by_id.get(row.workspace_id)!.links.set(linkKey(row), row);
}

async function readIdentityRows(
  tx: Tx,
  works: readonly Work[],
  wanted: (work: Work) => string[],
): Promise<void> {
  const by_id = new Map(works.map((work) => [work.workspace_id, work]));
  const places = works.flatMap((work) =>
    wanted(work).map((key) => ({ workspace_id: work.workspace_id, key })),
  );
  for (const row of await readIdentities(tx, places)) by_id.get(row.workspace_id)!.known.set(keyOf(row), row);
}

function all({ evidence }: Work): string[] {
  return [...evidence.identities.keys()];
}

/**
 * The identities that tell whether everything is known: a link is written together with its ends, so beside known
 * links only those without one count, and BSUIDs for their scope.
 */
function telling({ evidence }: Work): string[] {
  const linked = new Set([...evidence.links.values()].flatMap(({ from, to }) => [from, to]));
  return [...evidence.identities].flatMap(([key, { kind }]) =>
    kind === "bsuid" || !linked.has(key) ? [key] : [],
  );
}

function isKnown(work: Work): boolean {
  const { evidence, known, links } = work;
  if ([...evidence.links].some(([key, link]) => addsTo(links.get(key), link))) return false;
  return telling(work).every((key) => {
    const row = known.get(key);
    return row !== undefined && leastScope(row.scope, evidence.identities.get(key)!.scope) === row.scope;
  });
}

/** The identities that this batch's evidence says something new of. */
function changedKeys({ evidence, known, links }: Work): Set<string> {
  const changed = new Set<string>();
  for (const [key, identity] of evidence.identities) {
    const row = known.get(key);
    if (!row || leastScope(row.scope, identity.scope) !== row.scope) changed.add(key);
  }
  for (const [key, link] of evidence.links) {
    if (addsTo(links.get(key), link)) changed.add(link.from).add(link.to);
  }
  return changed;
}

/** Completes `known` and `links` to all that is linked to what changes, over however many steps. */
async function readComponents(tx: Tx, works: readonly Work[]): Promise<void> {
  const by_id = new Map(works.map((work) => [work.workspace_id, work]));
  let frontier = works.flatMap((work) =>
    // What is new to us has no links yet.
    [...changedKeys(work)]
      .filter((key) => work.known.has(key))
      .map((key) => ({ workspace_id: work.workspace_id, key })),
  );
  const reached = new Set(frontier.map(({ workspace_id, key }) => `${workspace_id} ${key}`));
  while (frontier.length > 0) {
    const found = await readLinksOf(tx, frontier);
    frontier = [];
    for (const link of found) {
      by_id.get(link.workspace_id)!.links.set(linkKey(link), link);
      for (const key of [link.from, link.to]) {
        const place = `${link.workspace_id} ${key}`;
        if (reached.has(place)) continue;
        reached.add(place);
        frontier.push({ workspace_id: link.workspace_id, key });
      }
    }
    for (const row of await readIdentities(tx, frontier))
      by_id.get(row.workspace_id)!.known.set(keyOf(row), row);
  }
}

function planOf(work: Work): Plan {
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
function firstNames(
  members: Identity[],
  { profiles }: Evidence,
): { profile_name: string | null; username: string | null } {
  const newestOf = (name: keyof Profile) =>
    members.map((member) => profiles.get(keyOf(member))?.[name] ?? null).reduce(newest, null)?.value ?? null;
  return { profile_name: newestOf("profile_name") ?? newestOf("book_name"), username: newestOf("username") };
}
