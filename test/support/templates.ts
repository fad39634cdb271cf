import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { newId, silentLog, type Clock } from "../../src/base/base.ts";
import { createConnections, createGraphs, type Graphs } from "../../src/connections/connections.ts";
import { sql } from "../../src/db/db.ts";
import { createTemplateSync, listSyncs, syncNow, type TemplateSync } from "../../src/templates/templates.ts";
import { createTestSending, setToken, TOKEN } from "./sending.ts";
import { testProgram } from "./test-programs.ts";

/**
 * A workspace whose account's templates are at the simulator, which answers what the test lets through, and whose
 * webhooks go through the pipeline. The clock is moved by hand.
 */
export async function createTestTemplates(
  options: Parameters<typeof createTestSending>[0] = {},
  more: Parameters<typeof createTestSending>[1] = {},
  /** What follows from what the list says. */
  followList?: (clock: Clock) => NonNullable<Parameters<typeof createTemplateSync>[0]["follow"]>,
) {
  const meta = await createTestSending({ approved: 1, ...options }, more);
  const { db, box, clock, workspace_id, connection_id, simulator, graph_url } = meta;
  const { waba_id } = simulator.numbers()[0]!;

  /** When the lists' pages were asked for, by the test's clock. */
  const asked_ms: number[] = [];
  /** What is done with the next requests for pages, one each; then they are answered. */
  const next: ((answer: () => void, res: ServerResponse) => void)[] = [];
  const server = createServer((req, res) => {
    const answer = () => meta.graph.handle(req, res);
    if (req.method !== "GET" || !req.url?.includes("/message_templates")) return answer();
    asked_ms.push(clock.now());
    (next.shift() ?? ((go) => go()))(answer, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await setToken(db, box, connection_id, TOKEN, url);
  await db.run(sql`
    insert into accounts (workspace_id, id, connection_id, waba_id) values (${workspace_id}, ${newId()}, ${connection_id}, ${waba_id})`);

  const made: { stop(): Promise<unknown> }[] = [];
  const children: ChildProcess[] = [];
  const create = (): TemplateSync => {
    const graphs: Graphs = createGraphs({ connections: createConnections({ db, box, clock }), clock });
    const sync = createTemplateSync({
      db,
      graphs,
      clock,
      log: silentLog,
      ...(followList && { follow: followList(clock) }),
    });
    made.push(sync, graphs);
    return sync;
  };
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    for (const part of made) await part.stop();
    server.closeAllConnections();
    server.close();
  });
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${graph_url}/v27.0/${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as { id: string };
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  };

  return {
    ...meta,
    url,
    waba_id,
    asked_ms,
    next,
    sync: create(),
    /** The same in another process, as far as the database can tell. */
    create,
    /** One step in a process of its own, which has begun when this resolves; it can be killed. */
    async spawn(): Promise<ChildProcess> {
      const given = { url: db.url, key: meta.master_key.toString("base64") };
      const child = spawn(process.execPath, [testProgram("templates")], {
        env: { ...process.env, TEMPLATES: JSON.stringify(given) },
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(child);
      await once(child.stdout, "data");
      return child;
    },
    /** At Meta; approved, but Wharf is not told. */
    async make(name: string, body = `Hello from ${name}`): Promise<string> {
      const template = {
        name,
        language: "en_US",
        category: "UTILITY",
        components: [{ type: "BODY", text: body }],
      };
      return (await call("POST", `${waba_id}/message_templates`, template)).id;
    },
    edit: (id: string, body: string) => call("POST", id, { components: [{ type: "BODY", text: body }] }),
    remove: (name: string) => call("DELETE", `${waba_id}/message_templates?name=${name}`),
    /** What Wharf has, by name. */
    templates: () =>
      db.rows<{ name: string; template_id: string; status: string; components: unknown }>(sql`
        select name, template_id, status, components from templates where workspace_id = ${workspace_id} order by name`),
    state: async () => (await listSyncs(db, clock, workspace_id))[0]!,
    ask: (wait_ms: number) => syncNow(db, clock, workspace_id, { wait_ms }),
    told: async () =>
      (
        await db.rows(sql`
        select from live_events where workspace_id = ${workspace_id} and name = 'TemplateStatusChanged'`)
      ).length,
  };
}
