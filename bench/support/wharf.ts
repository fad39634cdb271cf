import { createDatabase, sql, type Database } from "../../src/db/db.ts";
import { createProduct, type Product } from "../../test/support/product.ts";
import { cpuOf, cpuOfServer, parentOf } from "./cpu.ts";

/** A whole Wharf as `npm start` runs it: compiled, two processes, its own PostgreSQL with fsync, data thrown away. */
export interface BenchWharf {
  product: Product;
  db: Database;
  webhooks_url: string;
  /** CPU seconds so far; NaN where it can't be read. */
  cpu_s(): Promise<{ front: number; back: number; postgres: number }>;
  /** Waits until every webhook in the journal is completed. */
  drain(timeout_ms: number): Promise<void>;
  /** How long after they came the events of a time's webhooks were stored (their commit follows), and how many brought some. */
  applied(from_ms: number, to_ms: number): Promise<{ count: number; p50_ms: number; p99_ms: number }>;
  stop(): Promise<void>;
}

export async function startWharf(): Promise<BenchWharf> {
  const product = await createProduct({ env: { WHARF_PROCESSES: "2", LOG_LEVEL: "error" } });
  try {
    await product.start();
    const db = createDatabase({ url: product.database_url, max: 2, application_name: "wharf bench" });
    const [front = 0, back = 0] = product.workers();
    const { postmaster } = await durable(db);
    const read = async (value: Promise<number | null>) => (await value) ?? Number.NaN;
    return {
      product,
      db,
      webhooks_url: `${product.url}/webhooks/meta`,
      async cpu_s() {
        return {
          front: await read(cpuOf(front)),
          back: await read(cpuOf(back)),
          postgres: await read(cpuOfServer(postmaster)),
        };
      },
      async drain(timeout_ms) {
        const deadline = Date.now() + timeout_ms;
        while (await db.first(sql`select from journal_queue limit 1`)) {
          if (Date.now() > deadline) throw new Error(`webhooks still wait after ${timeout_ms / 1_000} s`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
      async applied(from_ms, to_ms) {
        const row = await db.first<{ count: number; p50_ms: number; p99_ms: number }>(sql`
          select count(*) as count,
            1000 * percentile_cont(0.5) within group (order by extract(epoch from stored_at - received_at)::float8) as p50_ms,
            1000 * percentile_cont(0.99) within group (order by extract(epoch from stored_at - received_at)::float8) as p99_ms
          from (
            select received_at, (select min(created_at) from events where journal_id = journal.id) as stored_at from journal
            where received_at >= ${new Date(from_ms)} and received_at < ${new Date(to_ms)}) of_these
          where stored_at is not null`);
        return row!;
      },
      async stop() {
        await db.stop();
        await product.remove();
      },
    };
  } catch (error) {
    await product.remove();
    throw error;
  }
}

/** Throws when what is committed is not flushed: numbers without it would be no numbers. */
async function durable(db: Database): Promise<{ postmaster: number }> {
  const row = await db.first<{ pid: number; unsafe: number }>(sql`
    select pg_backend_pid() as pid, (
      select count(*) from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting <> 'on') as unsafe`);
  if (row!.unsafe > 0) throw new Error("this PostgreSQL is not durable");
  return { postmaster: (await parentOf(row!.pid)) ?? 0 };
}
