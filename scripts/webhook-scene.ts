import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createDatabase, sql } from "../src/db/db.ts";
import { latencyBucket, LATENCY_BUCKETS } from "../src/delivery/policy/latency-histogram.ts";
import type { Meta } from "../test/browser/support/meta.ts";
import { eventually, type Product } from "../test/support/product.ts";

/** A shop's server that had a bad half hour: what was received, what failed, what is held, a test, and a recovery. */
export async function playDeliveries(
  product: Product,
  meta: Meta,
): Promise<{ endpoint_id: string; stop: () => void }> {
  let answer = { status: 200, body: '{"received":true}' };
  const server = createServer((req, res) => {
    req.resume().on("end", () => res.writeHead(answer.status).end(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { body } = await product.api("POST", "/api/v1/endpoints", {
    url: `http://127.0.0.1:${port}/hooks/whatsapp`,
    description: "Orders and stock",
    enabled: true,
    events: ["messages", "statuses", "template_status"],
    retry_preset: "fast",
  });
  const endpoint_id = String(body["id"]);
  const endpoint = `/api/v1/endpoints/${endpoint_id}`;
  const db = createDatabase({ url: product.database_url, max: 2 });
  const count = async (state: string) => {
    const found = await product.api("GET", `${endpoint}/deliveries?limit=200&state=${state}`);
    return (found.body["data"] as unknown[]).length;
  };
  const kofi = meta.person({ wa_id: "233205550147", name: "Kofi Mensah", username: null });

  for (const words of ["Do you still have the red tent?", "The one for three", "And poles?"])
    await kofi.writes(words, { ago_s: 1_500 });
  await meta.answers(kofi, "We do, all of it.", { ago_s: 1_400, come: ["delivered", "read"] });
  await eventually("what is received", async () => (await count("delivered")) >= 4);
  await product.api("POST", `${endpoint}/test`, { event: "statuses" });

  answer = { status: 500, body: "<h1>Internal Server Error</h1>\nwarehouse-db: too many connections" };
  for (const words of ["How much is it?", "Could you send it to Accra?", "By Friday?"])
    await kofi.writes(words, { ago_s: 1_200 });
  await eventually("what fails", async () => {
    await db.run(sql`update endpoints set held_until = null, probe_at = null`);
    await db.run(
      sql`update delivery_queue set next_attempt_at = now() where state = 'pending' and lease is null`,
    );
    await db.run(sql`select pg_notify('deliveries', '')`);
    return (await count("failed")) >= 3;
  });
  // Its tries were made over an hour, as the schedule has them.
  await db.run(sql`
    update attempts set started_at = started_at - (interval '11 minutes' * (7 - attempt)) where status = 500`);
  answer = { status: 503, body: "Back in a minute" };
  await kofi.writes("Hello?", { ago_s: 600 });
  await eventually("what waits", async () => (await count("pending")) >= 1);

  // The day before, minute by minute: busy at noon, silent at night, half an hour of trouble.
  const latencies = (delivered: number, slow: boolean) => {
    const counts = Array<number>(LATENCY_BUCKETS).fill(0);
    const add = (ms: number, share: number) => (counts[latencyBucket(ms)]! += Math.round(delivered * share));
    add(slow ? 700 : 45, 0.6);
    add(slow ? 1_400 : 90, 0.3);
    add(slow ? 4_800 : 280, 0.1);
    return counts;
  };
  for (let minute = 5; minute < 1_440; minute += 5) {
    const busy = Math.round(60 + 50 * Math.sin(((minute - 200) / 1_440) * 2 * Math.PI));
    const trouble = minute > 300 && minute < 345;
    const failed = trouble ? Math.round(busy * 0.8) : minute % 85 === 0 ? 2 : 0;
    await db.run(sql`
      insert into endpoint_minutes (workspace_id, endpoint_id, minute, delivered, failed, latencies)
      select workspace_id, id, date_trunc('minute', now()) - ${`${minute} minutes`}::interval, ${busy - failed}, ${failed},
             ${latencies(busy, trouble)}::int[] from endpoints where id = ${endpoint_id}
          on conflict do nothing`);
  }
  await db.run(sql`
    insert into recoveries (workspace_id, id, endpoint_id, what, since, until, state, rate_per_s, total, done, skipped,
           delivered, failed, created_at, finished_at, completed_at, next_step_at)
    select workspace_id, gen_random_uuid(), id, what, now() - interval '7 days', now(), one.state, 50, total, done, skipped,
           case when one.state = 'done' then done end, case when one.state = 'done' then 0 end, now() - began,
           case when one.state = 'done' then now() - began + interval '9 seconds' end,
           case when one.state = 'done' then now() - began + interval '9 seconds' end, 'infinity'
      from endpoints, (values ('failed', 'running', 1280, 412, 12, interval '9 seconds'),
                              ('missing', 'done', 431, 431, 0, interval '3 hours')) as one (what, state, total, done, skipped, began)
     where endpoints.id = ${endpoint_id}`);
  await db.stop();
  return { endpoint_id, stop: () => server.close() };
}
