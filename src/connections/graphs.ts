import type { Clock } from "../base/base.ts";
import { createGraph, type Graph } from "../meta/meta.ts";
import type { ConnectionSecrets } from "./settings.ts";

/** How long a process goes without looking whether a connection changed. */
const FRESH_MS = 2_000;

interface Known {
  at_ms: number;
  graph_url: string;
  token: string | null;
  graph: Graph;
}

export interface Graphs {
  /** Null: the connection has no token. */
  of(connection_id: string): Promise<Graph | null>;
  stop(): Promise<void>;
}

/** A client for each connection, with the address and token that it has now. Null: it has no token. */
export function createGraphs(deps: {
  connections: { reach(id: string): Promise<ConnectionSecrets | null> };
  clock: Clock;
  graph_version?: string;
}): Graphs {
  const { connections, graph_version } = deps;
  const known = new Map<string, Promise<Known | null>>();

  const look = async (connection_id: string, before: Known | null): Promise<Known | null> => {
    const secrets = await connections.reach(connection_id);
    if (!secrets) return null;
    const { graph_url, access_token: token } = secrets;
    const at_ms = performance.now();
    if (before?.graph_url === graph_url) return Object.assign(before, { at_ms, token });
    // Calls that are under way end with the old one; it is closed when they have.
    void before?.graph.stop();
    const made: Known = { at_ms, graph_url, token, graph: undefined! };
    made.graph = createGraph({
      base_url: graph_url,
      ...(graph_version === undefined ? {} : { version: graph_version }),
      token: () => made.token ?? "",
      connections: 512,
    });
    return made;
  };

  return {
    async of(connection_id: string): Promise<Graph | null> {
      const before = await known.get(connection_id);
      if (!before || performance.now() - before.at_ms > FRESH_MS) {
        // Those who ask meanwhile get this answer too.
        if (before) before.at_ms = performance.now();
        const looking = look(connection_id, before ?? null);
        known.set(connection_id, looking);
        looking.catch(() => known.delete(connection_id));
      }
      const now = await known.get(connection_id);
      return now && now.token !== null ? now.graph : null;
    },
    async stop(): Promise<void> {
      for (const entry of known.values()) await (await entry.catch(() => null))?.graph.stop();
      known.clear();
    },
  };
}
