import { commonNumber, mayBeOneNumber } from "../../meta/meta.ts";

/**
 * Who is who: from identities and the evidence that links them to people. Pure, and blind to the order of its input,
 * so the same evidence gives the same people whenever each piece of it arrived.
 *
 * 1. `moved` links are WhatsApp's own word: both ends are one person. An identity is former when it was left later
 *    than it was last entered. Meta makes a new BSUID when the number changes, so a BSUID that was only ever seen
 *    with former numbers is former too.
 * 2. `same` links (two identities in one event) join in order of their first time, unless the person would then hold
 *    two current numbers, two current BSUIDs of one scope, or two current parent BSUIDs. Such a link joins nothing.
 *    The forms of one number are one: those of countries that are known to have two, and any others that may be forms of
 *    one number and that a link itself says to be (what Meta answers to a send gives the number by which it knows it).
 */
export type IdentityKind =
  | "wa_id"
  | "phone"
  | "bsuid"
  | "parent_bsuid"
  | "username"
  | "group"
  /** All that is left of a person who was erased: the contact's own id. */
  | "erased";

export interface Identity {
  kind: IdentityKind;
  value: string;
  /** For a BSUID: the least waba_id that it was seen under; null is one scope for all that came without. */
  scope: string | null;
}

export interface Link {
  relation: "same" | "moved";
  /** Keys as `keyOf` makes them. */
  from: string;
  to: string;
  at_ms: number;
}

export interface Place {
  /** The least key of the group: its name. */
  group: string;
  former: boolean;
}

export function keyOf(identity: { kind: IdentityKind; value: string }): string {
  return `${identity.kind}:${identity.value}`;
}

/** The place of every identity, by its key. Links to identities that are not given are left out. */
export function partition(identities: readonly Identity[], links: readonly Link[]): Map<string, Place> {
  const by_key = new Map(identities.map((identity) => [keyOf(identity), identity]));
  const usable = links.filter((link) => by_key.has(link.from) && by_key.has(link.to)).toSorted(byTime);
  const moved = usable.filter((link) => link.relation === "moved");
  const same = usable.filter((link) => link.relation === "same");
  const former = formerOf(moved, same);
  const sets = createSets(by_key.keys());

  for (const link of moved) sets.join(link.from, link.to);

  const numbers = linesOf(identities, same);
  const claims = new Map<string, Map<string, string>>();
  for (const [key, identity] of by_key) {
    const root = sets.find(key);
    const held = claims.get(root) ?? new Map<string, string>();
    claims.set(root, held);
    const claim = former.has(key) ? null : claimOf(identity);
    if (claim === null) continue;
    const value = numbers.get(key) ?? key;
    held.set(claim, (held.get(claim) ?? value) === value ? value : SEVERAL);
  }
  for (const link of same) {
    const from = claims.get(sets.find(link.from))!;
    const to = claims.get(sets.find(link.to))!;
    if (from === to || [...from].some(([claim, value]) => clash(value, to.get(claim)))) continue;
    claims.set(sets.join(link.from, link.to), new Map([...from, ...to]));
  }
  return new Map([...by_key.keys()].map((key) => [key, { group: sets.find(key), former: former.has(key) }]));
}

/** Moves may leave a person with several: then nothing more joins by that claim. */
const SEVERAL = "";

function clash(value: string, other: string | undefined): boolean {
  return other !== undefined && (other !== value || value === SEVERAL);
}

/** By the key of each number, what its line is called: one name for all forms that links say to be one line's. */
function linesOf(identities: readonly Identity[], same: readonly Link[]): Map<string, string> {
  const numbers = new Map(
    identities.flatMap((each) => (each.kind === "wa_id" ? [[keyOf(each), commonNumber(each.value)]] : [])),
  );
  const lines = createSets(numbers.values());
  for (const { from, to } of same) {
    const [one, other] = [numbers.get(from), numbers.get(to)];
    if (one !== undefined && other !== undefined && mayBeOneNumber(one, other)) lines.join(one, other);
  }
  const forms = new Map<string, string[]>();
  for (const number of new Set(numbers.values()))
    forms.set(lines.find(number), [...(forms.get(lines.find(number)) ?? []), number]);
  // A form of two numbers makes these no one line.
  const isOne = (line: string) => {
    const all = forms.get(line)!;
    return all.every((one) => all.every((other) => mayBeOneNumber(one, other)));
  };
  return new Map(
    [...numbers].map(([key, number]) => {
      const line = lines.find(number);
      return [key, isOne(line) ? line : number];
    }),
  );
}

/** What a person can hold only one of at a time. */
function claimOf({ kind, scope }: Identity): string | null {
  if (kind === "bsuid") return `bsuid:${scope ?? ""}`;
  return kind === "wa_id" || kind === "parent_bsuid" || kind === "group" ? kind : null;
}

export type Clash = "number" | "user_id" | "parent_user_id";

/** What keeps two people apart, of their current identities: each has one, and not the same. A number tells most. */
export function clashesOf(one: readonly Identity[], other: readonly Identity[]): Clash[] {
  const isApart = (kind: IdentityKind) =>
    one.some((mine) =>
      other.some(
        (theirs) =>
          mine.kind === kind &&
          theirs.kind === kind &&
          claimOf(mine) === claimOf(theirs) &&
          !(kind === "wa_id" ? mayBeOneNumber(mine.value, theirs.value) : mine.value === theirs.value),
      ),
    );
  return [
    ...(isApart("wa_id") ? (["number"] as const) : []),
    ...(isApart("bsuid") ? (["user_id"] as const) : []),
    ...(isApart("parent_bsuid") ? (["parent_user_id"] as const) : []),
  ];
}

function formerOf(moved: readonly Link[], same: readonly Link[]): Set<string> {
  const left = new Map<string, number>();
  const entered = new Map<string, number>();
  // In order of time, so the last one stays.
  for (const link of moved) {
    left.set(link.from, link.at_ms);
    entered.set(link.to, link.at_ms);
  }
  const former = new Set<string>();
  for (const [key, at_ms] of left) {
    if (at_ms > (entered.get(key) ?? Number.NEGATIVE_INFINITY)) former.add(key);
  }
  const numbers = new Map<string, string[]>();
  for (const { from, to } of same) {
    for (const [bsuid, number] of [
      [from, to],
      [to, from],
    ] as const) {
      if (!bsuid.startsWith("bsuid:") || !number.startsWith("wa_id:") || entered.has(bsuid)) continue;
      numbers.set(bsuid, [...(numbers.get(bsuid) ?? []), number]);
    }
  }
  for (const [bsuid, seen_with] of numbers) {
    if (seen_with.every((number) => former.has(number))) former.add(bsuid);
  }
  return former;
}

function byTime(a: Link, b: Link): number {
  return a.at_ms - b.at_ms || compare(a.from, b.from) || compare(a.to, b.to);
}

/** By UTF-16 code units: the same everywhere, whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Disjoint sets, each named by its least member. */
function createSets(keys: Iterable<string>) {
  const parents = new Map<string, string>();
  for (const key of keys) parents.set(key, key);
  const find = (key: string): string => {
    const parent = parents.get(key)!;
    if (parent === key) return key;
    const root = find(parent);
    parents.set(key, root);
    return root;
  };
  const join = (a: string, b: string): string => {
    const [root, other] = [find(a), find(b)].toSorted(compare) as [string, string];
    parents.set(other, root);
    return root;
  };
  return { find, join };
}
