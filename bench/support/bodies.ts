import { createHash, randomBytes } from "node:crypto";
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

/** Whole signed HTTP requests, ready to be written to a socket. */
export function makeRequests(options: { url: URL; secret: string; count: number }): Buffer[] {
  const run = randomBytes(4).toString("hex");
  return Array.from({ length: options.count }, (_, i) => {
    const body = makeBody(i, run);
    const head =
      `POST ${options.url.pathname} HTTP/1.1\r\nHost: ${options.url.host}\r\nUser-Agent: facebookexternalua\r\n` +
      `Accept: */*\r\nContent-Type: application/json\r\nX-Hub-Signature-256: ${signBody(body, options.secret)}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
}
