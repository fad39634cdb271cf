import { createCache, type Clock } from "../base/base.ts";
import { createGraph, type Graph } from "../meta/meta.ts";
import type { ConnectionSecrets } from "./settings.ts";

/** How long a process goes without looking whether a connection changed. */
const FRESH_MS = 2_000;

interface Known {
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

  const look = async (connection_id: string, before: Known | null | undefined): Promise<Known | null> => {
    const secrets = await connections.reach(connection_id);
    if (!secrets) return null;
    const { graph_url, access_token: token } = secrets;
    if (before?.graph_url === graph_url) return Object.assign(before, { token });
    // Calls that are under way end with the old one; it is closed when they have.
    void before?.graph.stop();
    const made: Known = { graph_url, token, graph: undefined! };
    made.graph = createGraph({
      base_url: graph_url,
      ...(graph_version === undefined ? {} : { version: graph_version }),
      token: () => made.token ?? "",
      connections: 512,
    });
    return made;
  };
  const known = createCache({ load: look, fresh_ms: FRESH_MS, now: () => performance.now() });

  return {
    async of(connection_id: string): Promise<Graph | null> {
      const connection = await known.get(connection_id);
      return connection && connection.token !== null ? connection.graph : null;
    },
    async stop(): Promise<void> {
      for (const connection of await known.known()) await connection?.graph.stop();
      known.forget();
    },
  };
}
