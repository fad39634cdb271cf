import type { SimulatorChange, SimulatorState } from "../../../lib/types.ts";
import { texts } from "../texts.ts";

export type Odds = SimulatorState["graph"]["odds"];

/** What the odds amount to: how many of 100 messages get how far. The numbers add up, as each is rounded from the top. */
export function expected({ failed, delivered, read, read_at_once, played }: Odds) {
  const sent = 100 * (1 - failed);
  const arrived = sent * delivered;
  const seen = arrived * read;
  return {
    sent: Math.round(sent),
    failed: 100 - Math.round(sent),
    delivered: Math.round(arrived),
    read: Math.round(seen),
    at_once: Math.round(seen * read_at_once),
    /** Of 100 voice messages. */
    played: Math.round(seen * played),
  };
}

type Settings = Pick<SimulatorState, "graph" | "usual">;
const { preset } = texts.messages;
interface Preset {
  label: string;
  says: string;
  of: (usual: Settings["graph"]) => NonNullable<SimulatorChange["graph"]>;
}

const AT_ONCE: [number, number] = [0.05, 0.2];

export const PRESETS: readonly Preset[] = [
  {
    label: preset.realistic[0],
    says: preset.realistic[1],
    of: ({ odds, timing }) => ({ odds, timing }),
  },
  {
    label: preset.instant[0],
    says: preset.instant[1],
    of: ({ odds }) => ({
      odds: { ...odds, failed: 0, delivered: 1, read: 1, read_at_once: 0, played: 1 },
      timing: {
        sent: AT_ONCE,
        delivered: AT_ONCE,
        read: AT_ONCE,
        played: AT_ONCE,
        held: AT_ONCE,
        review: AT_ONCE,
      },
    }),
  },
  {
    label: preset.unread[0],
    says: preset.unread[1],
    of: ({ odds }) => ({ odds: { ...odds, read: 0 } }),
  },
  {
    label: preset.half[0],
    says: preset.half[1],
    of: ({ odds }) => ({ odds: { ...odds, failed: 0.5 } }),
  },
];

/** Whether all that the preset sets is so. */
export function isSet(which: Preset, { graph, usual }: Settings): boolean {
  const { odds, timing } = which.of(usual.graph);
  return (
    same(odds, graph.odds) &&
    (timing === undefined ? same(usual.graph.timing, graph.timing) : same(timing, graph.timing))
  );
}

export const same = (left: unknown, right: unknown): boolean =>
  typeof left === "object" && typeof right === "object" && left !== null && right !== null
    ? Object.keys({ ...left, ...right }).every((name) =>
        same(left[name as keyof typeof left], right[name as keyof typeof right]),
      )
    : left === right;

/** How often each code is the reason, of 1. */
export function sharesOf(codes: Odds["codes"]): { code: string; weight: number; share: number }[] {
  const all = Object.entries(codes);
  const sum = all.reduce((before, [, weight]) => before + weight, 0);
  return all
    .map(([code, weight]) => ({ code, weight, share: sum === 0 ? 0 : weight / sum }))
    .toSorted((left, right) => Number(left.code) - Number(right.code));
}
