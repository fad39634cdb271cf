import {
  compare,
  type Facts,
  type Handle,
  type Identity,
  keyOf,
  type Link,
  type Sighting,
} from "../facts/facts.ts";

/** What one batch says of who is who in one workspace, folded: each identity, link and profile once. */
export interface Evidence {
  identities: Map<string, Identity>;
  links: Map<string, Link>;
  profiles: Map<string, Profile>;
}

/** The newest value of each kind that came with an identity. */
export interface Profile {
  profile_name: Stamped | null;
  username: Stamped | null;
  book_name: Stamped | null;
}

export interface Stamped {
  value: string | null;
  at_ms: number;
  event_id: string;
}

export function gather({ sightings, moves }: Pick<Facts, "sightings" | "moves">): Map<string, Evidence> {
  const workspaces = new Map<string, Evidence>();
  const evidenceOf = (workspace_id: string): Evidence => {
    const found = workspaces.get(workspace_id);
    if (found) return found;
    const made: Evidence = { identities: new Map(), links: new Map(), profiles: new Map() };
    workspaces.set(workspace_id, made);
    return made;
  };
  for (const sighting of sightings) {
    const evidence = evidenceOf(sighting.workspace_id);
    for (const [i, identity] of sighting.identities.entries()) {
      addIdentity(evidence, identity, sighting.waba_id);
      for (const other of sighting.identities.slice(i + 1))
        addLink(evidence.links, linkOf("same", identity, other, sighting.at_ms));
    }
    addProfile(evidence, sighting);
  }
  for (const { workspace_id, from, to, at_ms } of moves)
    addLink(evidenceOf(workspace_id).links, linkOf("moved", from, to, at_ms));
  return workspaces;
}

export function linkKey({ relation, from, to }: Pick<Link, "relation" | "from" | "to">): string {
  return `${relation} ${from}\n${to}`;
}

/** Whether `link` adds to what is known: of `same` the first time counts, of `moved` the last. */
export function addsTo(known: Link | undefined, link: Link): boolean {
  if (!known) return true;
  return link.relation === "same" ? link.at_ms < known.at_ms : link.at_ms > known.at_ms;
}

export function leastScope(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compare(a, b) <= 0 ? a : b;
}

export function newest(a: Stamped | null, b: Stamped | null): Stamped | null {
  if (!a || !b) return a ?? b;
  return (a.at_ms - b.at_ms || compare(a.event_id, b.event_id)) > 0 ? a : b;
}

function linkOf(relation: Link["relation"], from: Handle, to: Handle, at_ms: number): Link {
  return { relation, from: keyOf(from), to: keyOf(to), at_ms };
}

/** The time of a link that digits alone tell: behind all that Meta tells. */
export const BY_DIGITS_MS = Date.UTC(9999, 0, 1);

/** Two forms of one number; the same link whichever of them came first. */
export const formLink = (one: string, other: string): Link => {
  const [from, to] = compare(one, other) < 0 ? [one, other] : [other, one];
  return { relation: "same", from, to, at_ms: BY_DIGITS_MS };
};

export function addLink(links: Map<string, Link>, link: Link): void {
  const key = linkKey(link);
  if (addsTo(links.get(key), link)) links.set(key, link);
}

function addIdentity(evidence: Evidence, { kind, value }: Handle, waba_id: string | null): void {
  const key = keyOf({ kind, value });
  const scope = kind === "bsuid" ? leastScope(waba_id, evidence.identities.get(key)?.scope ?? null) : null;
  evidence.identities.set(key, { kind, value, scope });
}

function addProfile(evidence: Evidence, sighting: Sighting): void {
  const { profile_name, username, book_name, at_ms, event_id } = sighting;
  if (profile_name === null && username === null && book_name === undefined) return;
  const key = keyOf(sighting.identities[0]);
  const known = evidence.profiles.get(key);
  const stamp = (value: string | null): Stamped | null =>
    value === null ? null : { value, at_ms, event_id };
  evidence.profiles.set(key, {
    profile_name: newest(known?.profile_name ?? null, stamp(profile_name)),
    username: newest(known?.username ?? null, stamp(username)),
    // A removal is a statement of its own.
    book_name: newest(
      known?.book_name ?? null,
      book_name === undefined ? null : { value: book_name, at_ms, event_id },
    ),
  });
}
