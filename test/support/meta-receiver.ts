import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { readWebhook, verifySignature } from "../../src/meta/meta.ts";

type Events = Extract<ReturnType<typeof readWebhook>, { ok: true }>["events"];

/** Wharf's place before a simulator: it keeps what is rightly signed, and answers 401 to what is not. */
export async function createReceiver(secret: string) {
  const webhooks: { body: Buffer; events: Events }[] = [];
  /** What it answers next instead of 200, one each. */
  const answers: number[] = [];
  const kept = { webhooks, answers, forged: 0 };
  const server = createServer((req, res) => {
    const take = async () => {
      const body = await buffer(req);
      const isRight = verifySignature(body, req.headers["x-hub-signature-256"] as string | undefined, [
        secret,
      ]);
      const status = isRight ? (answers.shift() ?? 200) : 401;
      if (!isRight) kept.forged++;
      else if (status === 200) webhooks.push({ body, events: eventsOf(body) });
      res.writeHead(status).end();
    };
    void take();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(kept, {
    url: `http://127.0.0.1:${port}/webhooks/meta`,
    events: (): Events => webhooks.flatMap(({ events }) => events),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  });
}

function eventsOf(body: Buffer): Events {
  const read = readWebhook(body);
  if (!read.ok) throw new Error(read.reason);
  return read.events;
}
