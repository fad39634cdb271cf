import { createHash } from "node:crypto";
import { signBody } from "../../src/meta/meta.ts";

/**
 * Webhooks as Meta sends them, of about 825 bytes: nine statuses to one message, the mix of a campaign whose every
 * third reader answers. Each is unique. `run` keeps several generators apart.
 */
export function makeBody(i: number, run: string): Buffer {
  const wamid = `wamid.${createHash("sha256").update(`${run}:${i}`).digest("base64").repeat(2).slice(0, 56)}`;
  const wa_id = String(15_550_000_000 + (i % 20_000));
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const metadata = { display_phone_number: "15550783881", phone_number_id: "106540352242922" };
  const pricing = { billable: true, pricing_model: "PMP", category: "marketing", type: "regular" };
  const conversation = { id: `${run}${i}`.padStart(32, "0"), origin: { type: "marketing" } };
  const value =
    i % 10 === 0
      ? {
          messaging_product: "whatsapp",
          metadata,
          contacts: [{ profile: { name: "Bench Customer" }, wa_id, user_id: `US.${wa_id}918273645` }],
          messages: [
            {
              from: wa_id,
              from_user_id: `US.${wa_id}918273645`,
              id: wamid,
              timestamp,
              context: { from: metadata.display_phone_number, id: `${wamid.slice(0, -4)}ctx=` },
              type: "text",
              text: {
                body: `Yes please, and could it come on Friday? My order is ${i}. `.padEnd(170, "Thanks! "),
              },
            },
          ],
        }
      : {
          messaging_product: "whatsapp",
          metadata,
          contacts: [{ profile: { name: "Bench Customer" }, wa_id, user_id: `US.${wa_id}918273645` }],
          statuses: [
            {
              id: wamid,
              status: (["sent", "delivered", "read"] as const)[i % 3],
              timestamp,
              recipient_id: wa_id,
              recipient_user_id: `US.${wa_id}918273645`,
              conversation,
              pricing,
              biz_opaque_callback_data: `${run}-${i}-01935d2e-7c1a-7000-8000-3f1c5a9e7b21`,
            },
          ],
        };
  return Buffer.from(
    JSON.stringify({
      object: "whatsapp_business_account",
      entry: [{ id: "102290129340398", changes: [{ value, field: "messages" }] }],
    }),
  );
}

/** People whose numbers are known after the first webhooks of a chain. */
export const CHAIN_PEOPLE = 2_000;
/** How many groups later than `sent` a message is reported delivered, and read. */
const CHAIN_LAGS = [0, 400, 1_600] as const;

/**
 * Three statuses to a message, as an inbox that also sends sees them: each of our messages is reported sent, some
 * time later delivered, later still read; people who are known write to us. `bench-<due>-<number>` travels in each,
 * so that its receiver knows which it is, and how late (`due_us`: Unix time at which it is to be posted).
 */
export function makeChainBody(i: number, run: string, due_us: number): Buffer {
  const token = `bench-${due_us}-${i}`;
  const timestamp = String(Math.floor(due_us / 1e6));
  const metadata = { display_phone_number: "15550783881", phone_number_id: "106540352242922" };
  const personOf = (n: number) => String(15_550_000_000 + (n % CHAIN_PEOPLE));
  const wamidOf = (kind: string, n: number) =>
    `wamid.${createHash("sha256").update(`${run}:${kind}:${n}`).digest("base64").repeat(2).slice(0, 56)}`;
  const group = i >> 2;
  const at = i & 3;
  let value: object;
  if (at === 3) {
    const wa_id = personOf(group * 7);
    value = {
      contacts: [{ profile: { name: "Bench Customer" }, wa_id }],
      messages: [
        {
          from: wa_id,
          id: wamidOf("in", group),
          timestamp,
          type: "text",
          text: { body: `Yes please, and could it come on Friday? ${token} `.padEnd(170, "Thanks! ") },
        },
      ],
    };
  } else {
    const n = group - CHAIN_LAGS[at as 0 | 1 | 2];
    const wa_id = personOf(Math.abs(n));
    value = {
      contacts: [{ profile: { name: "Bench Customer" }, wa_id }],
      statuses: [
        {
          id: wamidOf("out", n),
          status: (["sent", "delivered", "read"] as const)[at as 0 | 1 | 2],
          timestamp,
          recipient_id: wa_id,
          conversation: { id: `${run}${n}`.padStart(32, "0"), origin: { type: "marketing" } },
          pricing: { billable: true, pricing_model: "PMP", category: "marketing", type: "regular" },
          biz_opaque_callback_data: token,
        },
      ],
    };
  }
  const change = { value: { messaging_product: "whatsapp", metadata, ...value }, field: "messages" };
  return Buffer.from(
    JSON.stringify({
      object: "whatsapp_business_account",
      entry: [{ id: "102290129340398", changes: [change] }],
    }),
  );
}

/** A whole signed HTTP request, ready to be written to a socket. */
export function makeRequest(url: URL, secret: string, body: Buffer): Buffer {
  const head =
    `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: facebookexternalua\r\n` +
    `Accept: */*\r\nContent-Type: application/json\r\nX-Hub-Signature-256: ${signBody(body, secret)}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
