import { expect, test } from "vitest";
import { planOf, USUAL_ODDS, USUAL_TIMING } from "./fates.ts";

const codes = (isMarketing: boolean, given: Record<number, number>) => {
  const [random, found] = [spread(), new Set<number | null>()];
  const about = { type: "template", voice: false, isTemplate: true, isMarketing };
  const how = { odds: { ...USUAL_ODDS, failed: 1, codes: given }, timing: USUAL_TIMING, random, fate: null };
  for (let turn = 0; turn < 200; turn++) found.add(planOf(about, how).steps[0]!.code);
  return [...found].toSorted((a, b) => Number(a) - Number(b));
};

/** All shares of 1 in turn. */
function spread(): () => number {
  let at = 0;
  return () => (at++ % 97) / 97;
}

test("marketing alone is held back for the sake of engagement (131049)", () => {
  expect(codes(true, USUAL_ODDS.codes)).toEqual([131000, 131026, 131049]);
  expect(codes(false, USUAL_ODDS.codes)).toEqual([131000, 131026]);
  // Nothing else was asked for: something went wrong.
  expect(codes(false, { 131049: 1 })).toEqual([131000]);
});
