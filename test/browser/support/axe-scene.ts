import { afterAll } from "vitest";
import { eventually } from "../../support/product.ts";
import { signIn } from "./chromium.ts";
import { createMeta } from "./meta.ts";
import { startSuite, type Suite } from "./suite.ts";

export interface AxeScene extends Suite {
  /** With a question, a reaction, and an answer that quotes it. */
  conversation_id: string;
  /** In which Meta refused what was sent. */
  failed_id: string;
  /** Of an endpoint that nothing answers at. */
  endpoint_path: string;
}

/** A workspace in which every page has something to show; for one test file, which awaits it at its top. */
export async function startAxeScene(): Promise<AxeScene> {
  const { product, browser } = await startSuite();
  const meta = createMeta(product);
  afterAll(() => meta.stop());
  await signIn(product, browser.context);

  const broken = '{"object":"whatsapp_business_account","entry":';
  await product.post(broken);
  const chloe = meta.person({ wa_id: "33639980142", name: "Chloé Bérard", username: "chloe_b" });
  const question = await chloe.writes("Bonjour ! *Est-ce que* la tente rouge est là ?");
  await chloe.reacts(question, "👍");
  await meta.answers(chloe, "Oui !", { quoting: question, come: ["delivered", "read"] });
  await meta
    .person({ wa_id: "972525550177", name: "נועה לוי", username: null })
    .writes("שלום, מתי אתם פותחים מחר?");
  const { body: endpoint } = await product.api("POST", "/api/v1/endpoints", {
    url: `${product.url}/nothing-takes-this`,
    description: "Orders and stock",
    enabled: true,
    events: ["messages", "statuses"],
  });
  await product.api("POST", `/api/v1/endpoints/${String(endpoint["id"])}/test`, { event: "statuses" });
  await meta.drained();
  const conversation_id = await eventually("the conversations", async () => {
    const { body } = await product.api("GET", "/api/v1/conversations");
    const rows = body["data"] as { id: string; contact: { display_name: string } }[];
    return rows.find(({ contact }) => contact.display_name === "Chloé Bérard")?.id;
  });

  // Meta refuses what is sent to this one.
  const omar = meta.person({ wa_id: "971501234567", name: "عمر الفارسي", username: null });
  await omar.writes("مرحبا");
  await meta.drained();
  const { body: found } = await product.api("GET", "/api/v1/conversations?search=971501234567");
  const failed_id = (found["data"] as { id: string }[])[0]!.id;
  await product.api("POST", "/api/v1/sandbox/simulator/steps", { next: [{ refuse: 131047 }] });
  await product.api("POST", `/api/v1/conversations/${failed_id}/messages`, {
    content: { type: "text", body: "أهلاً" },
  });
  await eventually("the failure", async () => {
    const { body } = await product.api("GET", "/api/v1/conversations?failed=true");
    return (body["data"] as object[]).length > 0;
  });
  return {
    product,
    browser,
    conversation_id,
    failed_id,
    endpoint_path: `/settings/webhooks/${String(endpoint["id"])}`,
  };
}
