import { describe, expect, test } from "vitest";
import { withMessage } from "../live/live-cache.ts";
import { bounded, holdPresent, newer, older, pastOf, type ThreadPages } from "./thread-pages.ts";
import type { Message } from "../types.ts";

const message = (n: number) =>
  ({ id: `m${n}`, order_key: "", sent_at: new Date(n * 1_000).toISOString() }) as Message;
const thread = (next_cursor: string | null, ...ns: number[]): ThreadPages => ({
  pages: [{ data: ns.map(message), next_cursor, has_newer: false }],
  pageParams: [{}],
});
const join = (into: ThreadPages, ns: number[]) =>
  ns.reduce((all, n) => bounded(withMessage(all, message(n)), "c1"), into);
const numbersOf = ({ pages }: ThreadPages) =>
  pages.flatMap((page) => page.data.map(({ id }) => Number(id.slice(1))));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the present of a thread", () => {
  test("keeps its newest messages, none missing, however many come", () => {
    let now = thread(null, 1);
    for (const n of range(2, 1_000)) {
      now = join(now, [n]);
      const numbers = numbersOf(now);
      expect(numbers.length).toBeLessThanOrEqual(200);
      expect(numbers.length).toBeGreaterThanOrEqual(Math.min(n, 150));
      expect(numbers).toEqual(range(n - numbers.length + 1, n).toReversed());
    }
  });
  test("is bounded also when messages come late, in any order", () => {
    const shuffled = range(1, 1_000).toSorted((a, b) => ((a * 7_919) % 1_009) - ((b * 7_919) % 1_009));
    let now = thread(null, 0);
    for (const n of shuffled) {
      now = join(now, [n]);
      const numbers = numbersOf(now);
      expect(numbers.length).toBeLessThanOrEqual(200);
      expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    }
  });
  test("is bounded also when its oldest page is one that has grown", () => {
    const old = range(1, 74).toReversed();
    const present = thread("more", ...range(75, 140).toReversed());
    present.pages.push({ data: old.map(message), next_cursor: null, has_newer: true });
    present.pageParams.push({ before: "m75" });
    let now = present;
    for (const n of range(141, 400)) {
      now = join(now, [n]);
      const numbers = numbersOf(now);
      expect(numbers.length).toBeLessThanOrEqual(200);
      expect(numbers).toEqual(range(n - numbers.length + 1, n).toReversed());
    }
  });
  test("goes on with what is older than its oldest, also where it was all there was", () => {
    const now = join(thread(null, 1), range(2, 1_000));
    const oldest = now.pages.at(-1)!;
    expect(older(oldest)).toEqual({ before: oldest.data.at(-1)!.id });
    const short = join(thread(null, 1), range(2, 100));
    expect(older(short.pages.at(-1)!)).toBeNull();
    expect(older(short.pages[0]!)).toEqual({ before: short.pages[0]!.data.at(-1)!.id });
  });
  test("lets nothing go while it is read above its end, and is small again after that", () => {
    holdPresent("c1", true);
    const grown = join(thread("more", 1), range(2, 1_000));
    expect(numbersOf(grown)).toEqual(range(1, 1_000).toReversed());
    const past = pastOf(grown, "m500")!;
    const [newest] = numbersOf(past);
    expect(numbersOf(past)).toEqual(range(newest! - numbersOf(past).length + 1, newest!).toReversed());
    expect(newest! - 500).toBeGreaterThan(25);
    expect(numbersOf(past).length).toBeLessThan(400);
    expect(newer(past.pages[0]!)).toEqual({ after: `m${newest}` });
    expect(past.pageParams[0]).toEqual({ before: `m${newest! + 1}` });
    holdPresent("c1", false);
    expect(numbersOf(bounded(grown, "c1")).length).toBeLessThanOrEqual(200);
    expect(pastOf(grown, "m1000")).toBeNull();
  });
});
