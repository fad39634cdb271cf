import type { Tx } from "../../db/db.ts";
import { variantsOf } from "../../meta/meta.ts";
import { addLink, addsTo, formLink, gather, leastScope, linkKey, type Profile } from "./evidence.ts";
import { type Facts, type Handle, keyOf } from "../facts/facts.ts";
import {
  foldNames,
  insertContacts,
  insertIdentities,
  lockContacts,
  lockGrowth,
  lockStructure,
  placeIdentities,
  readIdentities,
  readLinks,
  readLinksOf,
  underStructure,
  writeLinks,
  type ContactRef,
  type ShownContact,
  type WrittenIdentity,
} from "./identity-rows.ts";
import { changedKeys, isParted, linksNumbers, planOf, type Plan, type Work } from "./identity-plan.ts";
import type { Regrouping } from "./regroup.ts";

export interface ResolvedIdentities {
  /** The contact of an identity that was seen in this batch. */
  contactOf(workspace_id: string, identity: Handle): string;
  /** Contacts that are new. */
  created: ContactRef[];
  /** Names that came with contacts which were there before. */
  named: (ContactRef & { profile: Profile })[];
  /** What the contacts that were named or said something about consent show; their rows are locked. */
  shown: Promise<ShownContact[]>;
  /** Which contacts gave identities to which: what hangs on them must be built again. */
  regrouped: Regrouping[];
}

/**
 * Brings contacts and identities to what all evidence says, this batch's included. Mostly everything is known and
 * only names are folded; else the evidence that touches what is new is read and partitioned again. Ends holding the
 * structure lock of each workspace, so that the answer stays true for the rest of the transaction.
 */
export async function resolveIdentities(tx: Tx, facts: Facts): Promise<ResolvedIdentities> {
  const works = [...gather(facts)].map(([workspace_id, evidence]): Work => ({
    workspace_id,
    evidence,
    known: new Map(),
    links: new Map(),
  }));
  const plans = (await isAllKnown(tx, works, facts)) ? new Map<string, Plan>() : await plan(tx, works, facts);
  return write(tx, works, plans, facts);
}

/** The usual case, in one look: nothing here is new, and what it leads to is known. */
async function isAllKnown(tx: Tx, works: readonly Work[], facts: Facts): Promise<boolean> {
  if (works.length === 0) return true;
  const resolving = resolvingKeys(facts);
  const found = await underStructure(
    tx,
    works.map(({ workspace_id }) => workspace_id),
    async () => {
      await readKnown(tx, works, (work) => [...new Set([...telling(work), ...resolved(work, resolving)])]);
      return works.every(isKnown) ? works : null;
    },
  );
  return found !== null;
}

async function plan(tx: Tx, works: readonly Work[], facts: Facts): Promise<Map<string, Plan>> {
  const growing = works.filter((work) => !isKnown(work));
  await lockGrowth(
    tx,
    growing.map(({ workspace_id }) => workspace_id),
  );
  await readKnown(tx, growing, all);
  await linkForms(tx, growing);
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
  const finished = works.filter((work) => !plans.has(work.workspace_id));
  const resolving = resolvingKeys(facts);
  for (const work of finished) work.known.clear();
  await readIdentityRows(tx, finished, (work) => resolved(work, resolving));
  return plans;
}

function resolved({ workspace_id, evidence }: Work, resolving: ReadonlySet<string>): string[] {
  return [...evidence.identities.keys()].filter((key) => resolving.has(`${workspace_id} ${key}`));
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

async function write(
  tx: Tx,
  works: readonly Work[],
  plans: Map<string, Plan>,
  facts: Facts,
): Promise<ResolvedIdentities> {
  const each = <Row>(name: (plan: Plan) => Row[]) =>
    [...plans].flatMap(([workspace_id, plan]) => name(plan).map((row) => ({ ...row, workspace_id })));
  const created = each((plan) => plan.created);
  const added: WrittenIdentity[] = each((plan) => plan.added);
  await insertContacts(tx, created);
  await placeIdentities(
    tx,
    each((plan) => plan.placed),
  );
  await insertIdentities(tx, added);
  await writeLinks(
    tx,
    each((plan) => plan.links),
  );

  const places = new Map<string, string>();
  const renamed: WrittenIdentity[] = [];
  for (const { workspace_id, evidence, known } of works) {
    const { placed = [], added = [] } = plans.get(workspace_id) ?? {};
    for (const row of [...known.values(), ...placed, ...added])
      places.set(`${workspace_id} ${keyOf(row)}`, row.contact_id);
    for (const [key, profile] of evidence.profiles) {
      const row = known.get(key);
      if (row) renamed.push({ ...row, contact_id: places.get(`${workspace_id} ${key}`)!, profile });
    }
  }
  const contactOf = (workspace_id: string, identity: Handle): string => {
    const contact_id = places.get(`${workspace_id} ${keyOf(identity)}`);
    if (!contact_id) throw new Error(`no contact for an identity of the kind ${identity.kind}`);
    return contact_id;
  };
  const news = new Set(created.map(({ id }) => id));
  const named = [...renamed, ...added].flatMap(({ workspace_id, contact_id: id, profile }) =>
    profile && !news.has(id) ? [{ workspace_id, id, profile }] : [],
  );
  const consenting = facts.consents.map(({ workspace_id, identity }) => ({
    workspace_id,
    id: contactOf(workspace_id, identity),
  }));
  const shown = lockContacts(tx, [...named, ...consenting]);
  // Should something else fail first, these are not looked at.
  shown.catch(() => {});
  await foldNames(tx, renamed);
  return {
    contactOf,
    created: created.map(({ workspace_id, id }) => ({ workspace_id, id })),
    named,
    shown,
    regrouped: each((plan) => plan.regrouped),
  };
}

async function readKnown(tx: Tx, works: readonly Work[], wanted: (work: Work) => string[]): Promise<void> {
  const by_id = new Map(works.map((work) => [work.workspace_id, work]));
  const links = works.flatMap(({ workspace_id, evidence }) =>
    [...evidence.links.values()].map((link) => ({ ...link, workspace_id })),
  );
  // On one way to the server.
  const [known] = await Promise.all([readLinks(tx, links), readIdentityRows(tx, works, wanted)]);
  for (const row of known) by_id.get(row.workspace_id)!.links.set(linkKey(row), row);
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
 * links only those without one count, BSUIDs for their scope, and numbers that are linked to each other.
 */
function telling({ evidence }: Work): string[] {
  const links = [...evidence.links.values()].filter((link) => !linksNumbers(link));
  const linked = new Set(links.flatMap(({ from, to }) => [from, to]));
  return [...evidence.identities].flatMap(([key, { kind }]) =>
    kind === "bsuid" || !linked.has(key) ? [key] : [],
  );
}

function isKnown(work: Work): boolean {
  const { evidence, known, links } = work;
  if ([...evidence.links].some(([key, link]) => addsTo(links.get(key), link) || isParted(link, known)))
    return false;
  return telling(work).every((key) => {
    const row = known.get(key);
    return row !== undefined && leastScope(row.scope, evidence.identities.get(key)!.scope) === row.scope;
  });
}

/**
 * Where a number is new, its other form is looked for: both are one line's (`variantsOf`), so that what is said by one
 * holds for the other before Meta tells of both. Meta's own word goes before it, so the link counts as the last of all.
 */
async function linkForms(tx: Tx, works: readonly Work[]): Promise<void> {
  const forms = works.flatMap((work) =>
    [...work.evidence.identities].flatMap(([key, { kind, value }]) =>
      kind === "wa_id" && !work.known.has(key)
        ? variantsOf(value).map((other) => ({ work, key, other: keyOf({ kind, value: other }) }))
        : [],
    ),
  );
  const places = forms.map(({ work: { workspace_id }, other }) => ({ workspace_id, key: other }));
  const by_id = new Map(works.map((work) => [work.workspace_id, work]));
  for (const row of await readIdentities(tx, places)) by_id.get(row.workspace_id)!.known.set(keyOf(row), row);
  for (const { work, key, other } of forms)
    if (work.known.has(other) || work.evidence.identities.has(other))
      addLink(work.evidence.links, formLink(key, other));
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
