import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayBeOneNumber } from "../../meta/meta.ts";
import { keyOf, partition, type Identity, type Link } from "./partition.ts";

const wa = (value: string): Identity => ({ kind: "wa_id", value, scope: null });
const bsuid = (value: string, scope: string | null = "waba"): Identity => ({ kind: "bsuid", value, scope });
const link = (relation: Link["relation"], from: Identity, to: Identity, at_ms: number): Link => ({
  relation,
  from: keyOf(from),
  to: keyOf(to),
  at_ms,
});

/** Groups as sorted lists of keys, former ones marked. */
function people(identities: Identity[], links: Link[]): string[] {
  const groups = new Map<string, string[]>();
  for (const [key, { group, former }] of partition(identities, links))
    groups.set(group, [...(groups.get(group) ?? []), former ? `(${key})` : key]);
  return [...groups.values()].map((keys) => keys.toSorted().join(" ")).toSorted();
}

describe("who is who", () => {
  it("two identities in one event are one person", () => {
    expect(people([wa("1"), bsuid("A")], [link("same", wa("1"), bsuid("A"), 1)])).toEqual([
      "bsuid:A wa_id:1",
    ]);
  });

  it("no one gets two numbers or two BSUIDs of one scope by co-occurrence; the first seen wins", () => {
    expect(
      people(
        [wa("1"), wa("2"), bsuid("A")],
        [link("same", wa("2"), bsuid("A"), 2), link("same", wa("1"), bsuid("A"), 1)],
      ),
    ).toEqual(["bsuid:A wa_id:1", "wa_id:2"]);
    expect(
      people(
        [wa("1"), bsuid("A"), bsuid("B")],
        [link("same", wa("1"), bsuid("A"), 1), link("same", wa("1"), bsuid("B"), 2)],
      ),
    ).toEqual(["bsuid:A wa_id:1", "bsuid:B"]);
  });

  it("BSUIDs of two scopes are one person's when the number says so", () => {
    expect(
      people(
        [wa("1"), bsuid("A", "waba-1"), bsuid("B", "waba-2")],
        [link("same", wa("1"), bsuid("A"), 1), link("same", wa("1"), bsuid("B"), 2)],
      ),
    ).toEqual(["bsuid:A bsuid:B wa_id:1"]);
  });

  it("an announced move joins, and the number that was left no longer counts", () => {
    expect(people([wa("1"), wa("2")], [link("moved", wa("1"), wa("2"), 1)])).toEqual(["(wa_id:1) wa_id:2"]);
  });

  it("a BSUID that was seen only with former numbers makes room for the one that Meta made anew", () => {
    expect(
      people(
        [wa("1"), wa("2"), bsuid("A"), bsuid("B")],
        [
          link("same", wa("1"), bsuid("A"), 1),
          link("moved", wa("1"), wa("2"), 2),
          link("same", wa("2"), bsuid("B"), 3),
        ],
      ),
    ).toEqual(["(bsuid:A) (wa_id:1) bsuid:B wa_id:2"]);
  });

  it("who moves away and back holds the first number again", () => {
    expect(
      people([wa("1"), wa("2")], [link("moved", wa("1"), wa("2"), 1), link("moved", wa("2"), wa("1"), 2)]),
    ).toEqual(["(wa_id:2) wa_id:1"]);
  });

  it("the two forms of one number are one number, which is no second one (F5)", () => {
    const [short, long, other] = [wa("551187654321"), wa("5511987654321"), wa("551187654322")];
    const links = [
      link("same", short, long, 1),
      link("same", long, bsuid("A"), 2),
      link("same", bsuid("A"), other, 3),
    ];
    expect(people([short, long, other, bsuid("A")], links)).toEqual([
      "bsuid:A wa_id:551187654321 wa_id:5511987654321",
      "wa_id:551187654322",
    ]);
  });

  it.each([
    ["Brazil, whose eight digits could be a fixed line's", "551193456789", "5511993456789"],
    ["Brazil, a mobile that begins with 93", "551134567890", "5511934567890"],
    ["Côte d'Ivoire, before its numbers grew to ten digits", "22507123456", "2250707123456"],
    ["Benin, before 01 stood before all", "22997123456", "2290197123456"],
  ])("two forms of a number that a link says to be one line's are one: %s", (_, short, long) => {
    const links = [
      link("same", wa(long), bsuid("A"), 1),
      link("same", wa(long), wa(short), 2),
      link("same", wa(short), bsuid("A"), 3),
    ];
    expect(people([wa(short), wa(long), bsuid("A")], links)).toEqual([
      ["bsuid:A", keyOf(wa(short)), keyOf(wa(long))].toSorted().join(" "),
    ]);
    // The digits alone say nothing.
    expect(people([wa(short), wa(long)], [])).toHaveLength(2);
    const through = [link("same", wa(long), bsuid("A"), 1), link("same", bsuid("A"), wa(short), 2)];
    expect(people([wa(short), wa(long), bsuid("A")], through)).toHaveLength(short === "551193456789" ? 1 : 2);
  });

  it("a form that two numbers could have makes no one line of both", () => {
    const [short, long, other] = [wa("22507123456"), wa("2250707123456"), wa("2250507123456")];
    const links = [link("same", short, long, 1), link("same", short, other, 2)];
    expect(people([short, long, other], links)).toHaveLength(3);
  });

  it("any order of the same evidence gives the same people, and no join by co-occurrence breaks a claim", () => {
    const identities = [
      wa("1"),
      wa("2"),
      wa("551187654321"),
      wa("5511987654321"),
      wa("551134567890"),
      wa("5511934567890"),
      bsuid("A"),
      bsuid("B"),
      bsuid("C", "other"),
      bsuid("D", null),
    ];
    const index = fc.nat(identities.length - 1);
    const evidence = fc.array(
      fc.tuple(fc.constantFrom("same" as const, "same" as const, "moved" as const), index, index, fc.nat(4)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(evidence, fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }), (items, ranks) => {
        const links = items
          .filter(([, from, to]) => from !== to)
          .map(([relation, from, to, at_ms]) => link(relation, identities[from]!, identities[to]!, at_ms));
        const shuffled = links
          .map((one, i) => [ranks[i]!, one] as const)
          .toSorted((a, b) => a[0] - b[0])
          .map(([, one]) => one);
        expect(people(identities.toReversed(), shuffled)).toEqual(people(identities, links));
        if (links.some(({ relation }) => relation === "moved")) return;
        for (const person of people(identities, links)) {
          const numbers = (person.match(/wa_id:\d+/g) ?? []).map((one) => one.slice(6));
          for (const number of numbers)
            expect(numbers.filter((other) => !mayBeOneNumber(number, other))).toEqual([]);
          expect(person.match(/bsuid:[AB]/g)?.length ?? 0).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
