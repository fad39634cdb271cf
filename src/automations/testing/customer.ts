import { Problem } from "../../base/base.ts";
import { readPeople } from "../../campaigns/campaigns.ts";
import type { TestAct } from "../../contract/automation-runs.ts";
import { found, sql, type Queryable } from "../../db/db.ts";
import { nodeById, sendingOf } from "../flow/flow.ts";
import { readTest } from "./view.ts";
import { readVersion } from "../definition/definition.ts";

/** The customer of a test, as the simulator of Meta knows them: a step of a scenario for what they do. */
export interface Customer {
  /** What happens to the next message is up to who tests: it is delivered, and nothing more. Null: none is sent next. */
  prepare: Record<string, unknown> | null;
  act(does: TestAct): Record<string, unknown>;
}

const DELIVERED = { at: 0, next: [{ go: ["sent", "delivered"] }] };
/** Meta's word for a message that could not be delivered. */
const UNDELIVERABLE = 131026;

/** Throws NOT_FOUND, and AUTOMATION_STATE where there is no number to act by. */
export async function customerOf(db: Queryable, workspace_id: string, id: string): Promise<Customer> {
  const { run_id, message_id } = await readTest(db, workspace_id, id);
  const run = found(
    await db.first<{ contact_id: string; node_id: string; state: string }>(sql`
      select contact_id, node_id, state from automation_runs where workspace_id = ${workspace_id} and id = ${run_id}`),
  );
  const flow = found((await readVersion(db, workspace_id, id, 1)) ?? undefined);
  const node = nodeById(flow, run.node_id);
  const number = await db.first<{ phone_number_id: string }>(sql`
    select phone_number_id from phone_numbers
    where workspace_id = ${workspace_id} and id = ${flow.settings.phone_number_id}`);
  const person = (await readPeople(db, workspace_id, [{ contact_id: run.contact_id, values: null }])).get(
    run.contact_id,
  );
  const reach = person?.reach ?? null;
  const message = message_id === null ? undefined : await readMessage(db, workspace_id, message_id);
  return {
    prepare: run.state === "PAUSED" && node !== undefined && sendingOf(node) !== null ? DELIVERED : null,
    act(does) {
      if (reach === null || reach.kind === "bsuid" || number === undefined)
        throw new Problem(
          "AUTOMATION_STATE",
          "The contact has no number, or the flow has none to write to. Choose another contact or a number.",
        );
      const about = { wa_id: reach.value.replace(/^\+/, ""), to: number.phone_number_id };
      return { at: 0, send: [updateOf(does, about, message)] };
    },
  };
}

interface Sent {
  wamid: string | null;
  type: string;
  kind: string | null;
}

const readMessage = (db: Queryable, workspace_id: string, id: string): Promise<Sent | undefined> =>
  db.first<Sent>(sql`
    select m.wamid, m.type, d.content ->> 'type' as kind from messages m
    left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
    where m.workspace_id = ${workspace_id} and m.id = ${id}`);

function updateOf(
  { does, text = "", payload }: TestAct,
  { wa_id, to }: { wa_id: string; to: string },
  message: Sent | undefined,
): Record<string, unknown> {
  const wamid = message?.wamid ?? null;
  const says = { do: "say", from: wa_id, to };
  if (does === "replies") return { ...says, text: text === "" ? "👍" : text };
  if (wamid === null || message === undefined)
    throw new Problem("AUTOMATION_STATE", "No message has gone out yet. Take the test on first.");
  if (does === "taps") {
    const title = text === "" ? (payload ?? "") : text;
    const id = payload ?? title;
    const tap =
      message.type === "template"
        ? { button: { payload: id, text: title } }
        : message.kind === "list"
          ? { list_reply: { id, title } }
          : { button_reply: { id, title } };
    return { ...says, reply_to: wamid, ...tap };
  }
  return {
    do: "status",
    status: does,
    of: wamid,
    to: wa_id,
    ...(does === "failed" ? { code: UNDELIVERABLE } : {}),
  };
}
