/** One contender of bench/intake.ts, listening on a port of its own: `wharf`, `nothing` or `express`. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { silentLog, systemClock } from "../../src/base/base.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createIntake, type IntakeDeps } from "../../src/intake/intake.ts";
import { createJournal } from "../../src/journal/journal.ts";
import { serveParent } from "./child.ts";

export type Contender = "wharf" | "nothing" | "express";

const [contender, database_url, secret, connection_id] = process.argv.slice(2) as [
  Contender,
  string,
  string,
  string,
];
const db = createDatabase({ url: database_url, keep_plans: true });

function wharf(journal: IntakeDeps["journal"]): RequestListener {
  const connection = { id: connection_id, app_secrets: [secret], verify_token: null };
  const intake = createIntake({
    connections: { find: async () => connection },
    journal,
    log: silentLog,
    clock: systemClock,
  });
  return (request, response) => intake.handle(request, response);
}

/** What one writes first, and well: express.json that keeps the raw bytes, a check in constant time, one insert a request. */
function naive(): RequestListener {
  const app = express();
  const raw = new WeakMap<IncomingMessage, Buffer>();
  app.use(express.json({ limit: "3mb", verify: (request, _response, body) => raw.set(request, body) }));
  app.post("/webhooks/meta", (request, response, next) => {
    const body = raw.get(request) ?? Buffer.alloc(0);
    const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
    const given = Buffer.from(request.get("x-hub-signature-256") ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      response.sendStatus(401);
      return;
    }
    db.pool
      .query("insert into naive_webhooks (payload) values ($1)", [JSON.stringify(request.body)])
      .then(() => response.sendStatus(200), next);
  });
  return app;
}

const handlers: Record<Contender, () => RequestListener> = {
  wharf: () => wharf(createJournal({ db, clock: systemClock, log: silentLog })),
  nothing: () => wharf({ append: async () => [] }),
  express: naive,
};

const server = createServer(handlers[contender]());
server.listen(0, "127.0.0.1");
await once(server, "listening");
await Promise.all(Array.from({ length: 10 }, () => db.pool.query("select 1")));
serveParent({ port: (server.address() as AddressInfo).port }, async () => {
  const { user, system } = process.cpuUsage();
  return { cpu_s: (user + system) / 1_000_000 };
});
