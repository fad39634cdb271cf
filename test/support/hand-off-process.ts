/**
 * Hands deliveries over to its own dispatcher and is killed the moment that they are committed: `HAND_OFF` holds what
 * it needs as JSON.
 */
import { createSecretBox, silentLog, systemClock } from "../../src/base/base.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createDispatcher, createGuard } from "../../src/delivery/delivery.ts";
import { createFanOut } from "../../src/delivery/fan-out/fan-out.ts";
import { routedEvent } from "./delivery.ts";

const { url, key, workspace_id, journal_ids, body } = JSON.parse(process.env["HAND_OFF"]!) as {
  url: string;
  key: string;
  workspace_id: string;
  journal_ids: string[];
  body: string;
};
const db = createDatabase({ url, max: 4 });
const dispatcher = createDispatcher({
  db,
  box: createSecretBox([Buffer.from(key, "base64")]),
  guard: createGuard({ allowed: ["127.0.0.0/8"] }),
  log: silentLog,
  clock: systemClock,
});
await dispatcher.step();
await db.transaction(async (tx) => {
  tx.onEnd(() => process.kill(process.pid, "SIGKILL"));
  await createFanOut((whole) => whole, dispatcher.hand_off)(
    tx,
    journal_ids.map((journal_id) => ({
      journal_id,
      body: Buffer.from(body),
      whole: true,
      workspace_id,
      events: [routedEvent(workspace_id, journal_id, "messages", `wamid.${journal_id}`)],
    })),
  );
});
