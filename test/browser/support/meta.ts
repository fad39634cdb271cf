import {
  createSimulator,
  edit,
  NUMBERS,
  reaction,
  revoke,
  button,
  status,
  text,
  type Inbound,
  type Persona,
  type Update,
} from "../../../src/simulator/simulator.ts";
import { eventually, type Product } from "../../support/product.ts";

/** Of the simulator: each message that is sent is delivered. */
export const WITHOUT_CHANCE = { graph: { odds: { failed: 0, delivered: 1, read_at_once: 0 } } };

/** Meta, from outside of the product: signed webhooks over HTTP, none of them through the product's own API. */
export function createMeta(product: Product) {
  const number = NUMBERS[0]!;
  const meta = createSimulator({
    target_url: `${product.url}/webhooks/meta`,
    app_secret: product.app_secret,
    // No second try: a test says itself when something has to be sent again.
    retry: { tries: 1, base_ms: 1, cap_ms: 1 },
  });
  let last_time = 0;
  // Times are whole seconds, and a thread is sorted by them: what comes later has a later one.
  const time = (ago_s = 0) => {
    const now = Math.floor(Date.now() / 1_000) - ago_s;
    if (ago_s > 0) return now;
    return (last_time = Math.max(now, last_time + 1));
  };
  const send = async (...updates: Update[]) => {
    for (const { status: answered } of await meta.deliver(updates, { batch: 50 })) {
      if (answered !== 200) throw new Error(`Wharf answered ${answered}`);
    }
  };

  const person = (from: Persona) => {
    const about = (ago_s = 0, context_wamid?: string): Inbound => ({
      number,
      from,
      wamid: meta.wamid(from.wa_id, "inbound"),
      time: time(ago_s),
      context_wamid,
    });
    const say = async (update: Update, { wamid }: Inbound) => {
      await send(update);
      return wamid;
    };
    return {
      ...from,
      about,
      async writes(body: string, options: { ago_s?: number; quoting?: string } = {}): Promise<string> {
        const told = about(options.ago_s, options.quoting);
        return say(text(told, body), told);
      },
      async writesAll(bodies: string[], ago_s: number): Promise<void> {
        await send(...bodies.map((body, index) => text(about(ago_s - index), body)));
      },
      async taps(title: string): Promise<string> {
        const told = about();
        return say(button(told, { payload: title.toUpperCase(), text: title }), told);
      },
      reacts: (wamid: string, emoji: string) => send(reaction(about(), wamid, emoji)),
      edits: (wamid: string, body: string) => send(edit(about(), wamid, body)),
      deletes: (wamid: string) => send(revoke(about(), wamid)),
    };
  };
  /** What the business itself wrote in its phone app, and how far it came. */
  const answers = async (
    to: Persona,
    body: string,
    options: { ago_s?: number; quoting?: string; come?: ("delivered" | "read")[] } = {},
  ): Promise<string> => {
    const wamid = meta.wamid(to.wa_id, "outbound");
    const at = time(options.ago_s);
    const echo: Update = {
      waba_id: number.waba_id,
      number,
      field: "smb_message_echoes",
      list: "message_echoes",
      contact: null,
      time: at,
      item: {
        ...(options.quoting ? { context: { from: to.wa_id, id: options.quoting } } : {}),
        from: number.display_phone_number,
        to: to.wa_id,
        id: wamid,
        timestamp: String(at),
        type: "text",
        text: { body },
      },
    };
    const come = options.come ?? [];
    await send(echo, ...come.map((each) => status({ number, wamid, recipient: to, status: each, time: at })));
    return wamid;
  };
  /** Resolves when everything that was sent has been worked through. */
  const drained = () =>
    eventually("the pipeline", async () => {
      const { body } = await product.api("GET", "/api/v1/journal?state=pending&limit=1");
      return Array.isArray(body["data"]) && body["data"].length === 0;
    });
  return {
    number,
    person,
    answers,
    send,
    drained,
    status,
    time,
    wamid: meta.wamid.bind(meta),
    stop: () => meta.stop(),
  };
}
export type Meta = ReturnType<typeof createMeta>;
export type Person = ReturnType<Meta["person"]>;
