import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectDir } from "../../base/base.ts";
import { type ItemPath, readWebhook, sliceWebhook, type Subscription } from "../meta.ts";

const at = (entry: number, change: number, list: string | null, index = 0): ItemPath => ({
  entry,
  change,
  list,
  index,
});

/** Everything an endpoint sees of a webhook that subscribes to these. */
function slicedTo(text: string, ...subscriptions: Subscription[]): string {
  const body = Buffer.from(text);
  const read = readWebhook(body);
  if (!read.ok) throw new Error(read.reason);
  const kept = read.events.filter((event) => subscriptions.includes(event.subscription));
  return sliceWebhook(
    body,
    kept.map((event) => event.path),
  ).toString();
}

const MIXED = `{
  "object": "whatsapp_business_account", "gs_app_id": 1.50,
  "entry": [
    {"id": "1", "time": 12345678901234567890, "changes": [
      {"value": {"messaging_product":"whatsapp", "metadata": {"phone_number_id" :"7"},
        "contacts": [ {"wa_id":"4915"} ],
        "messages": [ {"id":"wamid.A","from":"4915","type":"text","text":{"body":"caf\\u00e9 \\/"}, "big": 12345678901234567890},
                      {"id":"wamid.B","from":"4915","type":"text","text":{"body":"two"}} ],
        "statuses": [ {"id" : "wamid.C", "status":"read"} ]},
       "field": "messages"},
      {"field":"account_update", "value":{"event":"DISABLED_UPDATE","restriction_info":[{"a":1}]}}
    ]},
    {"id":"2","changes":[{"field":"messages","value":{"statuses":[{"id":"wamid.D","status":"sent"}]}}]}
  ]
}`;

describe("a slice", () => {
  test("keeps the envelope and the asked-for items byte for byte, and leaves out what holds none", () => {
    expect(slicedTo(MIXED, "messages")).toBe(
      '{"object":"whatsapp_business_account","gs_app_id":1.50,"entry":[{"id":"1","time":12345678901234567890,' +
        '"changes":[{"value":{"messaging_product":"whatsapp","metadata":{"phone_number_id" :"7"},' +
        '"contacts":[ {"wa_id":"4915"} ],' +
        '"messages":[{"id":"wamid.A","from":"4915","type":"text","text":{"body":"caf\\u00e9 \\/"}, "big": 12345678901234567890},' +
        '{"id":"wamid.B","from":"4915","type":"text","text":{"body":"two"}}]},"field":"messages"}]}]}',
    );
    expect(slicedTo(MIXED, "statuses")).toBe(
      '{"object":"whatsapp_business_account","gs_app_id":1.50,"entry":[{"id":"1","time":12345678901234567890,' +
        '"changes":[{"value":{"messaging_product":"whatsapp","metadata":{"phone_number_id" :"7"},' +
        '"contacts":[ {"wa_id":"4915"} ],"statuses":[{"id" : "wamid.C", "status":"read"}]},"field":"messages"}]},' +
        '{"id":"2","changes":[{"field":"messages","value":{"statuses":[{"id":"wamid.D","status":"sent"}]}}]}]}',
    );
    expect(slicedTo(MIXED, "account")).toBe(
      '{"object":"whatsapp_business_account","gs_app_id":1.50,"entry":[{"id":"1","time":12345678901234567890,' +
        '"changes":[{"field":"account_update", "value":{"event":"DISABLED_UPDATE","restriction_info":[{"a":1}]}}]}]}',
    );
  });

  test("keeps single items of a list, in their order", () => {
    const body = Buffer.from(MIXED);
    expect(sliceWebhook(body, [at(0, 0, "messages", 1), at(0, 0, "statuses")]).toString()).toContain(
      '"messages":[{"id":"wamid.B","from":"4915","type":"text","text":{"body":"two"}}],"statuses":[{"id" : "wamid.C", "status":"read"}]',
    );
    expect(sliceWebhook(body, []).toString()).toBe(
      '{"object":"whatsapp_business_account","gs_app_id":1.50,"entry":[]}',
    );
  });

  test("of a member that comes twice takes the one that was read, and never lets the other through", () => {
    const text =
      '{"entry":[{"id":"secret"}],"entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":[{"id":"x","status":"sent"}],"statuses":[{"id":"y","status":"read"}]}}]}]}';
    expect(slicedTo(text, "statuses")).toBe(
      '{"entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":[{"id":"y","status":"read"}]}}]}]}',
    );
  });

  test("leaves out the lists that no one asked for, also those that Meta has yet to invent", () => {
    const text = readFileSync(
      join(projectDir, "test/fixtures/meta/messages.extra-unknown-keys.synthetic.json"),
      "utf8",
    );
    expect(slicedTo(text, "messages")).not.toContain("future_block");
    expect(slicedTo(text, "messages")).toContain("brand_new_key");
    expect(JSON.parse(slicedTo(text, "other")).entry[0].changes[0].value.future_block).toEqual([{ x: 1 }]);
  });

  test("keeps a chunk of history whole when one of its messages is asked for", () => {
    const text =
      '{"entry":[{"id":"1","changes":[{"field":"history","value":{"history":[{"threads":[{"id":"49","messages":[{"id":"a","from":"49","type":"text","text":{"body":"x"}},{"id":"b","from":"49","type":"text","text":{"body":"y"}}]}]}]}}]}]}';
    const read = readWebhook(Buffer.from(text));
    expect(read.ok && read.events.map((event) => event.key)).toEqual(["history:a", "history:b"]);
    expect(sliceWebhook(Buffer.from(text), [at(0, 0, "history")]).toString()).toBe(text);
  });

  test("a body that is no webhook can't be sliced", () => {
    expect(() => sliceWebhook(Buffer.from("[]"), [])).toThrow("can be sliced");
  });
});
