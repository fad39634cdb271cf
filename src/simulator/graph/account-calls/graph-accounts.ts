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
  // What it posts goes to its target, so that is what the app is subscribed to.
  let subscription: Body | null = {
    object: "whatsapp_business_account",
    callback_url: world.simulator.target_url,
    active: true,
    fields: FIELDS.map((name) => ({ name, version: "v27.0" })),
  };
  const describe = async (request: GraphRequest, waba_id: string): Promise<Body> => {
    const query = new URLSearchParams();
    const account = {
      ...describeAccount(waba_id, app),
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
        const { fields, verify_token, ...rest } = await readParameters(request, subscribed);
        await world.shakeHands(rest.callback_url, verify_token);
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

/** Those of the object whatsapp_business_account, as a new app's dashboard lists them. */
const FIELDS = [
  "account_alerts", "account_review_update", "account_settings_update", "account_update", "automatic_events",
  "business_capability_update", "calls", "flows", "history", "message_echoes", "message_template_components_update",
  "message_template_quality_update", "message_template_status_update", "messages", "messaging_handovers",
  "partner_solutions", "payment_configuration_update", "phone_number_name_update", "phone_number_quality_update",
  "security", "smb_app_state_sync", "smb_message_echoes", "template_category_update", "user_preferences",
]; // prettier-ignore

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

const describeAccount = (id: string, app: GraphWorld["app"]): Body => ({
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
    can_send_message: app.live ? "AVAILABLE" : "LIMITED",
    entities: [
      { entity_type: "WABA", id, can_send_message: "AVAILABLE" },
      { entity_type: "BUSINESS", id: BUSINESS.id, can_send_message: "AVAILABLE" },
      describeHealth(app),
    ],
  },
});

/** An app in development reaches people with a role in it, and no one else. */
const describeHealth = ({ id, live }: GraphWorld["app"]): Body => ({
  entity_type: "APP",
  id,
  can_send_message: live ? "AVAILABLE" : "LIMITED",
  ...(live
    ? {}
    : {
        errors: [
          {
            error_code: 141014,
            error_description: "The app is in development mode.",
            possible_solution: "Switch the app to live mode in the App Dashboard.",
          },
        ],
      }),
});

function checkSecret(app: GraphWorld["app"], id: string, secret: string): void {
  if (id !== app.id) throw graphFault("Error validating application. Invalid application ID.", 101);
  if (app.secret !== undefined && secret !== app.secret)
    throw new GraphFault(1, "Error validating client secret.");
}
