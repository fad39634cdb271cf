import { newId } from "../../src/base/base.ts";
import { sql, type Database } from "../../src/db/db.ts";
import { createGraphStandIn, createSimulator, NUMBERS, type Update } from "../../src/simulator/simulator.ts";
import { createProduct, eventually, freePort } from "./product.ts";

const TOKEN = "EAA-crash-token";
const number = NUMBERS[0]!;

type Odds = NonNullable<Parameters<typeof createGraphStandIn>[0]["odds"]>;

/** The whole product beside a stand-in for Meta that keeps what it took and told, and tells it twice: for tests that kill. */
export async function createCrashed({ odds, processes }: { odds: Odds; processes: number }) {
  const graph_port = await freePort();
  const product = await createProduct({
    env: {
      META_ACCESS_TOKEN: TOKEN,
      META_GRAPH_URL: `http://127.0.0.1:${graph_port}`,
      WHARF_PROCESSES: String(processes),
    },
  });
  const simulator = createSimulator({
    target_url: `${product.url}/webhooks/meta`,
    app_secret: product.app_secret,
    numbers: [number],
    // Meta tells again what was not answered 200: until Wharf is back.
    retry: { tries: Number.POSITIVE_INFINITY, base_ms: 250, cap_ms: 500 },
  });
  const taken: { wamid: string; to: string }[] = [];
  const told: Update[] = [];
  const graph = createGraphStandIn({
    simulator,
    token: TOKEN,
    throughput: 10_000,
    approved: 1,
    odds,
    seed: 4,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 400))),
    onMessage: ({ wamid, to }) => void taken.push({ wamid, to }),
    async deliver(updates) {
      told.push(...updates);
      await simulator.deliver(updates, { repeat: 2 });
    },
  });
  await graph.listen(graph_port);
  return {
    product,
    simulator,
    graph,
    taken,
    told,
    fill: (db: Database, people: number) => fill(db, people, `http://127.0.0.1:${graph_port}`),
    async remove() {
      await product.remove();
      await graph.stop();
      await simulator.stop();
    },
  };
}

/** The number with its template, and people who are on a list. */
async function fill(
  db: Database,
  people: number,
  graph_url: string,
): Promise<{ workspace_id: string; number_id: string; template_id: string; list: string }> {
  const { workspace_id, connection_id } = (await db.first<{ workspace_id: string; connection_id: string }>(
    sql`select workspace_id, id as connection_id from connections limit 1`,
  ))!;
  const [number_id, template_id, list] = [newId(), newId(), newId()];
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, display_phone_number, waba_id)
    values (${workspace_id}, ${number_id}, ${connection_id}, ${number.phone_number_id}, ${number.display_phone_number}, ${number.waba_id})`);
  const { id } = (await (
    await fetch(`${graph_url}/v27.0/${number.waba_id}/message_templates`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({
        name: "sale",
        language: "en_US",
        category: "MARKETING",
        components: [{ type: "BODY", text: "Hello from us" }],
      }),
    })
  ).json()) as { id: string };
  await eventually("Meta's side has approved the template", async () => {
    const template = await fetch(`${graph_url}/v27.0/${id}?fields=status`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    return ((await template.json()) as { status?: string }).status === "APPROVED";
  });
  await db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, components)
    values (${workspace_id}, ${template_id}, ${number.waba_id}, ${id}, 'sale', 'en_US', 'MARKETING', 'APPROVED',
      '{"components": [{"type": "BODY", "text": "Hello from us"}]}')
    on conflict do nothing`);
  await db.run(sql`insert into lists (workspace_id, id, name) values (${workspace_id}, ${list}, 'All')`);
  await db.run(sql`
    with given as (select gen_random_uuid() as id, n from generate_series(1, ${people}::integer) n),
    made as (insert into contacts (workspace_id, id, name) select ${workspace_id}, id, 'Ana ' || n from given),
    named as (
      insert into contact_identities (workspace_id, kind, value, contact_id, country)
      select ${workspace_id}, 'wa_id', '4915' || (110000000 + n), id, 'DE' from given)
    insert into list_contacts (workspace_id, list_id, contact_id) select ${workspace_id}, ${list}, id from given`);
  const [row] = await db.rows<{ id: string }>(sql`select id from templates where name = 'sale'`);
  return { workspace_id, number_id, template_id: row!.id, list };
}
