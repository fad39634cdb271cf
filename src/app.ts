import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config, Role } from "./config.ts";
import { createDatabase, sql } from "./db/db.ts";

export interface App {
  /** Where it listens; null for a process that serves nobody. */
  address: string | null;
  /** The owner's way in, once; null when there is an owner already. */
  sign_in_url: string | null;
  stop(): Promise<void>;
}

/** One process of Wharf with the given roles. `config.database_url` names a migrated database. */
export async function startApp(config: Config, roles: Role[]): Promise<App> {
  const db = createDatabase({ url: config.database_url ?? "", application_name: `wharf ${roles.join(",")}` });
  if (!roles.includes("api") && !roles.includes("intake")) {
    return { address: null, sign_in_url: null, stop: () => db.stop() };
  }
  const server = createServer((request, response) => {
    const ready = request.url === "/readyz" ? db.run(sql`select`) : Promise.resolve();
    ready.then(
      () => response.writeHead(request.url === "/healthz" || request.url === "/readyz" ? 200 : 404).end(),
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${config.host}:${port}`,
    sign_in_url: null,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await db.stop();
    },
  };
}
