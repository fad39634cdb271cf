import { call } from "./api.ts";
import { serverNow } from "../words/clock.ts";
import type { Sandbox, SimulatorState } from "../types.ts";

type Altered = Sandbox["altered"];

/** Outages that are not over yet: what was asked some seconds ago may have ended. */
export const outagesOf = ({ outages }: Pick<Altered, "outages">, now: number) =>
  (["webhooks", "graph", "media"] as const).flatMap((of) => {
    const ends_at = outages[of];
    return ends_at !== null && Date.parse(ends_at) > now ? [{ of, ends_at }] : [];
  });

/** Settings and clock as they are by default, no outages, no set outcomes. What plays goes on. */
export async function resetSimulator(): Promise<SimulatorState> {
  const { usual, outages, next } = await call("GET /api/v1/sandbox/simulator", {});
  let state = await call("PATCH /api/v1/sandbox/simulator", { body: { speed: 1, ...usual } });
  const steps = [
    ...outagesOf({ outages }, serverNow()).map(({ of }) => ({ outage: 0, of })),
    ...(next.length > 0 ? [{ next: [] }] : []),
  ];
  for (const body of steps) state = await call("POST /api/v1/sandbox/simulator/steps", { body });
  return state;
}
