/**
 * How soon the pages are there, beside the same browser painting a line of text that Wharf answers: the time of the
 * largest paint of a first visit with an empty cache, on this machine and over a line of 40 ms and 10 Mbit/s. Each round
 * opens every page once, so what disturbs the machine disturbs them all.
 */
import { parseArgs } from "node:util";
import { launch, signIn } from "../test/browser/support/chromium.ts";
import { createMeta } from "../test/browser/support/meta.ts";
import { measureLoad, type Line, type PageLoad } from "../test/browser/support/page-load.ts";
import { createProduct, eventually } from "../test/support/product.ts";
import { median, printTable, spread } from "./support/print.ts";

const CUSTOMERS = 60;
const LINES: Record<string, Line | undefined> = {
  "this machine": undefined,
  "40 ms, 10 Mbit/s": { rtt_ms: 40, mbit_per_s: 10 },
};
/** What the largest paint of a page may take on this machine. */
const BUDGET_MS = 800;

export default async function pages(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: "string", default: "5" } } });
  const product = await createProduct({ sandbox: true });
  const undo: (() => Promise<unknown>)[] = [() => product.remove()];
  try {
    await product.start();
    const meta = createMeta(product);
    undo.push(() => meta.stop());
    const { context, close } = await launch({ baseURL: product.url });
    undo.push(close);
    await signIn(product, context);
    const { conversation_id, endpoint_id } = await fill(product, meta);

    const list = [
      { name: "a line of text", path: "/healthz", ready: "pre" },
      { name: "Inbox", path: "/inbox", ready: "a[href*='/inbox/']" },
      {
        name: "a conversation",
        path: `/inbox/${conversation_id}`,
        ready: "[role=log] [id^='m-']",
      },
      { name: "Journal", path: "/journal", ready: "main a[href*='journal']" },
      { name: "Webhooks", path: "/settings/webhooks", ready: `main a[href*='${endpoint_id}']` },
      { name: "an endpoint", path: `/settings/webhooks/${endpoint_id}?tab=overview`, ready: "main h1" },
      { name: "Sandbox", path: "/sandbox", ready: "main h1" },
      { name: "Simulator", path: "/simulator", ready: "main h1" },
    ];
    for (const [line_name, line] of Object.entries(LINES)) {
      const loads = new Map<string, PageLoad[]>(list.map(({ name }) => [name, []]));
      for (let round = 0; round < Number(values.rounds); round++)
        for (const { name, path, ready } of list)
          loads.get(name)!.push(await measureLoad(context, path, (page) => page.locator(ready), { line }));
      const base_ms = median(loads.get("a line of text")!.map(({ lcp_ms }) => lcp_ms));
      console.log(`First visit, ${line_name}:\n`);
      printTable(
        list.map(({ name }) => {
          const measured = loads.get(name)!;
          const times = measured.map(({ lcp_ms }) => lcp_ms);
          return {
            page: name,
            "largest paint ms": spread(times),
            "× a line": (median(times) / base_ms).toFixed(1),
            "layout shift": median(measured.map(({ layout_shift }) => layout_shift)).toFixed(3),
            "kB on the wire": (median(measured.map(({ wire_bytes }) => wire_bytes)) / 1_000).toFixed(0),
            requests: median(measured.map(({ requests }) => requests)),
            ...(line ? {} : { [`≤ ${BUDGET_MS} ms`]: median(times) <= BUDGET_MS ? "yes" : "NO" }),
          };
        }),
      );
    }
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

async function fill(
  product: Awaited<ReturnType<typeof createProduct>>,
  meta: ReturnType<typeof createMeta>,
): Promise<{ conversation_id: string; endpoint_id: string }> {
  const endpoint = await product.api("POST", "/api/v1/endpoints", {
    url: `${product.url}/healthz`,
    description: "Orders and stock",
    enabled: false,
    events: ["messages", "statuses"],
  });
  for (let index = 0; index < CUSTOMERS; index++) {
    const wa_id = `4915550${String(index).padStart(6, "0")}`;
    await meta
      .person({ wa_id, name: `Customer ${index}`, username: null })
      .writes(`Message ${index}: is the blue raincoat back in stock, and in which sizes?`, {
        ago_s: 60 * (CUSTOMERS - index),
      });
  }
  const found = async () =>
    (await product.api("GET", "/api/v1/conversations?limit=200")).body["data"] as { id: string }[];
  await eventually("the conversations", async () => (await found()).length >= CUSTOMERS);
  return { conversation_id: (await found())[0]!.id, endpoint_id: String(endpoint.body["id"]) };
}
