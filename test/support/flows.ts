import { Flow } from "../../src/contract/automations.ts";

export type GivenNode = Record<string, unknown> & { id: string };

/** A flow from its nodes and its edges as `from.port > to`; the first node is the trigger. */
export function flowOf(nodes: GivenNode[], edges: string[], settings: Record<string, unknown> = {}): Flow {
  return Flow.parse({
    nodes: nodes.map((node) => ({ x: 0, y: 0, ...node })),
    edges: edges.map((edge, i) => {
      const [, from, port, to] = /^(\w+)\.(\w+) > (\w+)$/.exec(edge)!;
      return { id: `e${i}`, from, port, to };
    }),
    settings: { phone_number_id: null, frequency_cap: null, ...settings },
  });
}
