import type { Clock } from "../../base/base.ts";
import type { Connections, Graphs, Management } from "../../connections/connections.ts";
import type { Database } from "../../db/db.ts";
import type { Journal } from "../../journal/journal.ts";

export interface ConnectionDeps {
  db: Database;
  clock: Clock;
  graphs: Pick<Graphs, "of">;
  journal: Pick<Journal, "queueAgain">;
  connections: Pick<Connections, "list" | "open" | "rotateAppSecret" | keyof Management>;
  /** Where Meta's Graph API is for connections that people add, and in which version. */
  graph: { graph_url: string; graph_version?: string };
}
