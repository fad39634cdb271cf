import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterAll } from "vitest";
import { applyAccounts } from "../../src/accounts/accounts.ts";
import { createSecretBox, newId, silentLog, type Clock, type SecretBox } from "../../src/base/base.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createDatabase, sql, type Database } from "../../src/db/db.ts";
import { applyInbox, messagesByIds } from "../../src/inbox/inbox.ts";
import type { Listen, Moved } from "../../src/live/live.ts";
import type { Apply } from "../../src/pipeline/pipeline.ts";
import type { OutgoingContent } from "../../src/meta/meta.ts";
import { createApply, createSending, writeTo, type Sending, type Source } from "../../src/sending/sending.ts";
import {
  createGraphStandIn,
  createSimulator,
  NUMBERS,
  type BusinessNumber,
  type GraphStandInOptions,
} from "../../src/simulator/simulator.ts";
import { applyTemplates } from "../../src/templates/templates.ts";
import { createTestDatabase, createTestWorkspace } from "./database.ts";
import { createTestPipeline } from "./pipeline.ts";

export interface Taken {
  wamid: string;
  to: string;
  callback_data: string | null;
  /** Of performance.now(). */
  at_ms: number;
}

export const TOKEN = "EAA-test-token";

/**
 * A workspace that sends for real: over HTTP to the simulator, whose webhooks go through the journal and the pipeline.
 * The clock is moved by hand; what the simulator tells waits until `hear`.
 */
export async function createTestSending(
  graph_options: Partial<GraphStandInOptions> = {},
  {
    numbers = NUMBERS,
    follow,
  }: {
    numbers?: readonly BusinessNumber[];
    /** A module that follows messages: in the pipeline, and what the sender tells. */
    follow?: (clock: Clock) => { apply: Apply; listen: Listen };
  } = {},
) {
  const db = await createTestDatabase();
  const master_key = randomBytes(32);
  const box = createSecretBox([master_key]);
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const clock = { moved_ms: 0, now: () => Date.now() + clock.moved_ms };
  const moved: Moved[] = [];
  const follower = follow?.(clock);
  const listen: Listen = async (tx, told) => {
    moved.push(...told);
    return (await follower?.listen(tx, told)) ?? [];
  };
  const through = createTestPipeline(db, {
    inbox: applyInbox,
    templates: applyTemplates,
    accounts: applyAccounts,
    sending: createApply({ clock }),
    // Behind all others: what the next module would be told.
    listener: async (tx, events, facts) => {
      if (follower === undefined) return { changes: await listen(tx, facts.moved), ignored: [] };
      moved.push(...facts.moved);
      return follower.apply(tx, events, facts);
    },
  });
  await through.journal.ensurePartitions();
  /** Webhooks arrive at the time of the test's clock: what Meta says is of a far future is not believed. */
  const post = async (body: Buffer | object) => {
    const later_ms = clock.now() - through.clock.now_ms;
    through.clock.now_ms = Math.max(clock.now(), through.clock.now_ms);
    if (later_ms > 3_600_000 / 2) await through.journal.ensurePartitions();
    return through.post(connection_id, body);
  };

  const take = async (req: IncomingMessage, res: ServerResponse) => {
    await post(await buffer(req));
    res.end();
  };
  const door = createServer((req, res) => void take(req, res));
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const simulator = createSimulator({
    target_url: `http://127.0.0.1:${(door.address() as AddressInfo).port}/webhooks/meta`,
    app_secret: "test",
    numbers,
    clock,
  });
  const taken: Taken[] = [];
  const graph = createGraphStandIn({
    simulator,
    token: TOKEN,
    odds: { failed: 0, delivered: 0 },
    pause: async () => {},
    clock,
    onMessage: (message) => void taken.push({ ...message, at_ms: performance.now() }),
    ...graph_options,
  });
  const graph_url = await graph.listen(0);
  const number_ids = await Promise.all(
    numbers.map(({ phone_number_id, display_phone_number, waba_id }) =>
      insertNumber(db, workspace_id, connection_id, { phone_number_id, display_phone_number, waba_id }),
    ),
  );
  const graphs = createGraphs({ connections: createConnections({ db, box, clock }), clock });
  await setToken(db, box, connection_id, TOKEN, graph_url);

  const own_db = createDatabase({ url: db.url, max: 2, by_index: true });
  const sendings: Sending[] = [];
  const create = (
    options: { lease_ms?: number; wait_ms?: number } = {},
    follow: Listen = listen,
    media?: Parameters<typeof createSending>[0]["media"],
  ) => {
    const files = media === undefined ? {} : { media };
    const sending = createSending({
      db,
      own_db,
      graphs,
      log: silentLog,
      clock,
      options,
      listen: follow,
      ...files,
    });
    sendings.push(sending);
    return sending;
  };
  afterAll(async () => {
    for (const sending of sendings) await sending.stop();
    await own_db.stop();
    await graphs.stop();
    await graph.stop();
    await simulator.stop();
    door.close();
    door.closeAllConnections();
  });

  return {
    db,
    box,
    master_key,
    clock,
    workspace_id,
    connection_id,
    number_ids,
    number_id: number_ids[0]!,
    simulator,
    graph,
    graph_url,
    taken,
    /** What was told of messages, by the pipeline and by the sender. */
    moved,
    listen,
    sending: create(),
    create,
    createSender: create,
    /** Everything that Meta told so far is taken in. */
    async hear() {
      await graph.drain();
      await through.pipeline.drain();
    },
    post,
    pipeline: through.pipeline,
    /** A message of a person, as Meta posts it. */
    inboundText(wa_id: string, body: string) {
      const { phone_number_id, display_phone_number, waba_id } = numbers[0]!;
      const timestamp = String(Math.floor(clock.now() / 1_000));
      const messages = [{ from: wa_id, id: `wamid.${newId()}`, timestamp, type: "text", text: { body } }];
      const value = {
        messaging_product: "whatsapp",
        metadata: { display_phone_number, phone_number_id },
        contacts: [{ profile: { name: "Someone" }, wa_id }],
        messages,
      };
      return {
        object: "whatsapp_business_account",
        entry: [{ id: waba_id, changes: [{ field: "messages", value }] }],
      };
    },
    /** A person who wrote just now: the thread is open. */
    person: (wa_id: string, number = 0) => insertPerson(db, workspace_id, number_ids[number]!, wa_id),
    async write(conversation_id: string, content: OutgoingContent | string, source: Source = "AGENT") {
      const said = typeof content === "string" ? ({ type: "text", body: content } as const) : content;
      return (await writeTo(db, workspace_id, conversation_id, { content: said }, source)).id;
    },
    async shown(id: string) {
      const [message] = await messagesByIds(db, workspace_id, [id]);
      return message!;
    },
  };
}

export async function setToken(
  db: Database,
  box: SecretBox,
  connection_id: string,
  token: string | null,
  graph_url: string,
): Promise<void> {
  const sealed = token === null ? null : box.seal(token, `connection:${connection_id}:access_token`);
  await db.run(
    sql`update connections set access_token = ${sealed}, graph_url = ${graph_url}, updated_at = now() where id = ${connection_id}`,
  );
}

async function insertNumber(
  db: Database,
  workspace_id: string,
  connection_id: string,
  number: BusinessNumber,
): Promise<string> {
  const id = newId();
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, display_phone_number, waba_id)
    values (${workspace_id}, ${id}, ${connection_id}, ${number.phone_number_id}, ${number.display_phone_number}, ${number.waba_id})`);
  return id;
}

export async function insertPerson(
  db: Database,
  workspace_id: string,
  number: string,
  wa_id: string,
): Promise<{ conversation_id: string; contact_id: string }> {
  const contact_id = newId();
  const conversation_id = newId();
  await db.run(sql`insert into contacts (workspace_id, id) values (${workspace_id}, ${contact_id})`);
  await db.run(sql`
    insert into contact_identities (workspace_id, kind, value, contact_id) values (${workspace_id}, 'wa_id', ${wa_id}, ${contact_id})`);
  await db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id, last_inbound_at, window_expires_at)
    values (${workspace_id}, ${conversation_id}, ${number}, ${contact_id}, now(), now() + interval '24 hours')`);
  return { conversation_id, contact_id };
}
