import type { FastifyInstance } from "fastify";
import { registry } from "../base/base.ts";
import { readMigrations, sql, type Database } from "../db/db.ts";

/** For the machines that watch: `/healthz` alive, `/readyz` able to serve, `/metrics` for Prometheus. */
export function mountHealth(app: FastifyInstance, db: Database): void {
  const hidden = { schema: { hide: true } };
  let expected: Promise<number> | null = null;

  app.get("/healthz", hidden, async () => ({ ok: true }));

  app.get("/readyz", hidden, async (request, reply) => {
    try {
      expected ??= readMigrations().then((all) => all.length);
      const found = await db.first<{ number: number }>(
        sql`select coalesce(max(number), 0) as number from migrations`,
      );
      if (found?.number === (await expected)) return { ok: true };
      reply.code(503);
      return { ok: false, reason: "the schema is not up to date; run `wharf migrate`" };
    } catch (error) {
      request.log.warn({ reason: String(error) }, "not ready");
      expected = null;
      reply.code(503);
      return { ok: false, reason: "the database does not answer" };
    }
  });

  app.get("/metrics", hidden, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
