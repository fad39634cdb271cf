import { z } from "zod";
import { type Body, GraphFault, graphFault } from "../protocol/protocol.ts";
import {
  chosen,
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  type NodeType,
  page,
  readParameters,
  required,
} from "../calls/calls.ts";

/** The business portfolio that owns the accounts. */
export const BUSINESS = { id: "506914307656634", name: "Fjord & Fell" };

/** The account itself, the business that owns it, and the app's own token and subscription. */
export function accountPart(world: GraphWorld): GraphPart {
  const { waba_ids, app } = world;
  const changed = new Map<string, Body>();
  let subscription: Body | null = null;
  const describe = async (request: GraphRequest, waba_id: string): Promise<Body> => {
    const query = new URLSearchParams();
    const account = {
      ...describeAccount(waba_id),
      ...changed.get(waba_id),
      subscribed_apps: await world.answer({ ...request, path: [waba_id, "subscribed_apps"], query }),
    };
    return chosen(request, account, ACCOUNT);
  };
  return {
    kindOf: (id) => (id === BUSINESS.id ? "business" : id === "oauth" ? id : undefined),
    open: ["oauth"],
    rows: {
      "GET account": (request) => describe(request, request.id),
      async "POST account"(request) {
        const { name, ...rest } = await readParameters(request, accountChange);
        changed.set(request.id, {
          ...changed.get(request.id),
          ...rest,
          ...(name === undefined ? {} : { name }),
        });
        return { id: request.id, success: true };
      },
      "GET business": (request) => chosen(request, BUSINESS, { name: "Business" }),
      "GET business owned_whatsapp_business_accounts": async (request) =>
        page(request, await Promise.all(waba_ids.map((id) => describe(request, id)))),
      "GET business client_whatsapp_business_accounts": (request) => page(request, []),
      async "GET oauth access_token"(request) {
        const body = await request.parameters();
        checkSecret(app, required(body, "client_id"), required(body, "client_secret"));
        if (body["grant_type"] === "client_credentials")
          return { access_token: `${app.id}|${String(body["client_secret"])}`, token_type: "bearer" };
        required(body, "code");
        return { access_token: world.token ?? "EAAsimulator", token_type: "bearer" };
      },
      "GET application subscriptions": () => ({ data: subscription === null ? [] : [subscription] }),
      async "POST application subscriptions"(request) {
        const { fields, verify_token: _, ...rest } = await readParameters(request, subscribed);
        subscription = { ...rest, active: true, fields: fields.map((name) => ({ name, version: "v27.0" })) };
        return { success: true };
      },
      "DELETE application subscriptions"() {
        subscription = null;
        return { success: true };
      },
    },
  };
}

const accountChange = z.object({
  name: z.string().min(1).optional(),
  timezone_id: z.string().optional(),
  disable_marketing_messages_on_cloud_api: z.union([z.boolean(), z.stringbool()]).optional(),
  degrees_of_freedom_spec: z.looseObject({}).optional(),
  is_enabled_for_insights: z.union([z.boolean(), z.stringbool()]).optional(),
});

const subscribed = z.object({
  object: z.literal("whatsapp_business_account"),
  callback_url: z.url({ protocol: /^https?$/ }),
  verify_token: z.string().min(1),
  fields: z.union([
    z.array(z.string()),
    z.string().transform((fields) => fields.split(",").map((field) => field.trim())),
  ]),
});

/** Source: Meta's reference of the WhatsApp Business Account node. */
const ACCOUNT: NodeType = {
  name: "WhatsAppBusinessAccount",
  usual: ["id", "name", "timezone_id", "message_template_namespace"],
  more: [
    "analytics",
    "auth_international_rate_eligibility",
    "conversation_analytics",
    "degrees_of_freedom_spec",
    "disable_marketing_messages_on_cloud_api",
    "on_behalf_of_business_info",
    "pricing_analytics",
    "purchase_order_number",
  ],
};

const describeAccount = (id: string): Body => ({
  id,
  name: BUSINESS.name,
  timezone_id: "1",
  message_template_namespace: "8f2b1c3e_5d4a_4c2f_9b7e_1a2b3c4d5e6f",
  currency: "USD",
  country: "US",
  status: "ACTIVE",
  account_review_status: "APPROVED",
  business_verification_status: "verified",
  ownership_type: "SELF",
  owner_business_info: BUSINESS,
  is_enabled_for_insights: true,
  marketing_messages_lite_api_status: "ONBOARDED",
  marketing_messages_onboarding_status: "ONBOARDED",
  health_status: {
    can_send_message: "AVAILABLE",
    entities: [
      { entity_type: "WABA", id, can_send_message: "AVAILABLE" },
      { entity_type: "BUSINESS", id: BUSINESS.id, can_send_message: "AVAILABLE" },
    ],
  },
});

function checkSecret(app: GraphWorld["app"], id: string, secret: string): void {
  if (id !== app.id) throw graphFault("Error validating application. Invalid application ID.", 101);
  if (app.secret !== undefined && secret !== app.secret)
    throw new GraphFault(1, "Error validating client secret.");
}
