import { sql, type Database } from "../db/db.ts";
import type { Connections } from "../connections/connections.ts";
import { createGraph, type Graph } from "../meta/meta.ts";

/** The Graph API as the connection of a business number (a row of phone_numbers) may call it; null without a token. */
export type GraphOf = (workspace_id: string, phone_number_id: string) => Promise<Graph | null>;

/** One client a connection, made anew when its address or token changes. */
export function createGraphs(deps: {
  db: Database;
  connections: Pick<Connections, "open">;
  version: string;
}): {
  graphOf: GraphOf;
  stop(): Promise<void>;
} {
  const { db, connections, version } = deps;
  const clients = new Map<string, { key: string; graph: Graph }>();
  return {
    async graphOf(workspace_id, phone_number_id) {
      const number = await db.first<{ connection_id: string }>(sql`
        select connection_id from phone_numbers where workspace_id = ${workspace_id} and id = ${phone_number_id}`);
      const connection = number && (await connections.open(workspace_id, number.connection_id));
      if (!connection || connection.access_token === null) return null;
      const { id, graph_url, access_token } = connection;
      const key = `${graph_url} ${access_token}`;
      const known = clients.get(id);
      if (known?.key === key) return known.graph;
      void known?.graph.stop();
      const graph = createGraph({ base_url: graph_url, version, token: () => access_token });
      clients.set(id, { key, graph });
      return graph;
    },
    async stop() {
      for (const { graph } of clients.values()) await graph.stop();
    },
  };
}
