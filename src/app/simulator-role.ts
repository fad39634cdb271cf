import { join } from "node:path";
import { Agent } from "undici";
import { projectDir } from "../base/base.ts";
import { addressOf } from "../config.ts";
import { registerNumbers } from "../connections/connections.ts";
import { createBox, createControlClient, type Box, type Control, NUMBERS } from "../simulator/simulator.ts";
import { environmentConnection } from "./environment-connection.ts";
import { started, type Parts } from "./parts.ts";
import { connectionsOf } from "./connections-part.ts";

/** Ports below are the system's, also the one of a connection that was never told where Meta is. */
const FIRST_FREE_PORT = 1_024;

/** It posts to where Wharf listens: `address` in this process, or what `config` says. Its numbers are known from then on. */
export async function startSimulator(parts: Parts, address: string | null): Promise<void> {
  const { config, box } = parts;
  const connections = connectionsOf(parts);
  const given = environmentConnection(config, box);
  const simulator = createBox({
    target_url: `${address ?? addressOf(config.host, config.port)}/webhooks/meta`,
    app_secret: given.app_secret ?? "",
    token: given.access_token ?? "",
    scenarios_dir: join(projectDir, "scenarios"),
  });
  started(parts, simulator);
  // It exists: who is told where the simulator is starts first.
  const known = await connections.find(null);
  if (!known?.workspace_id) throw new Error("there is no connection by which a simulator could be found");
  const before = await connections.reach(known.id);
  const graph_url = await listenAgain(simulator, before?.graph_url ?? null);
  const { workspace_id } = known;
  await connections.ensureFromEnvironment(workspace_id, { ...given, graph_url });
  // Before anyone writes: a fresh sandbox has a number, and templates to send from it.
  await registerNumbers(parts.db, { workspace_id, connection_id: known.id }, NUMBERS);
}

/** Where it listened before, so that a foreign client that was pointed at it still finds it after a restart. */
async function listenAgain(simulator: Box, before: string | null): Promise<string> {
  const { hostname, port } = new URL(before ?? "http://none");
  if (hostname === "127.0.0.1" && Number(port) >= FIRST_FREE_PORT) {
    try {
      return await simulator.listen(Number(port), hostname);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  return simulator.listen(0, "127.0.0.1");
}

/** The simulator, wherever it runs: its connection says where. */
export function openSimulator(parts: Parts, connection_id: string): Control {
  const agent = new Agent({ connections: 32, headersTimeout: 30_000, bodyTimeout: 30_000 });
  started(parts, { stop: () => agent.close() });
  const connections = connectionsOf(parts);
  return createControlClient({
    dispatcher: agent,
    async reach() {
      const connection = await connections.reach(connection_id);
      const token = connection?.access_token ?? null;
      return connection && token !== null ? { url: connection.graph_url, token } : null;
    },
  });
}
