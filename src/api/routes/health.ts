import type { FastifyInstance } from "fastify";
import { registry } from "../../base/base.ts";
import { readHold } from "../../installation/installation.ts";
import { readMigrations, sql, type Database } from "../../db/db.ts";

export interface HealthDeps {
  db: Database;
  metrics: () => Promise<string>;
  /** Null: webhooks are not taken here, or the last ones were stored. Else why not. */
  intakeProblem: () => string | null;
}

/** `note`: it serves, and something is to be known all the same. */
type Readiness = { ok: true; note?: string } | { ok: false; reason: string };

const ON_HOLD = "on hold: restored or copied, nothing is sent until an owner confirms";

/** For the machines that watch: `/healthz` alive, `/readyz` able to serve, `/metrics` for Prometheus. */
export function mountHealth(app: FastifyInstance, deps: HealthDeps): void {
  const { db, metrics, intakeProblem } = deps;
  const hidden = { schema: { hide: true } };
  let expected: Promise<number> | null = null;
  let was_ready = true;

  const look = async (): Promise<Readiness> => {
    try {
      expected ??= readMigrations().then((all) => all.length);
      const found = await db.first<{ number: number }>(
        sql`select coalesce(max(number), 0) as number from migrations`,
      );
      if (found?.number !== (await expected))
        return { ok: false, reason: "the schema is not up to date; run `wharf migrate`" };
      const problem = intakeProblem();
      if (problem !== null) return { ok: false, reason: problem };
      return (await readHold(db)) === null ? { ok: true } : { ok: true, note: ON_HOLD };
    } catch (error) {
      expected = null;
      if (was_ready) app.log.warn({ reason: String(error) }, "not ready");
      return { ok: false, reason: "the database does not answer" };
    }
  };
  // Open to everyone: however many ask at once, one looks.
  const readiness = shared(async () => {
    const found = await look();
    was_ready = found.ok;
    return found;
  });
  const measured = shared(metrics);

  app.get("/healthz", hidden, async () => ({ ok: true }));

  app.get("/readyz", hidden, async (_request, reply) => {
    const found = await readiness();
    return reply.code(found.ok ? 200 : 503).send(found);
  });

  app.get("/metrics", hidden, async (_request, reply) =>
    reply.type(registry.contentType).send(await measured()),
  );
}

/** What is asked for while it is being found out is answered with the same. */
function shared<Found>(find: () => Promise<Found>): () => Promise<Found> {
  let finding: Promise<Found> | null = null;
  return () => {
    finding ??= find().finally(() => {
      finding = null;
    });
    return finding;
  };
}
