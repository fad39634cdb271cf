import { z } from "zod";
import { type Body, unknownObject } from "../protocol/protocol.ts";
import {
  chosen,
  Download,
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  invalidParameter,
  type NodeType,
  readParameters,
  required,
  requireProduct,
} from "../calls/calls.ts";

/** How a number shows itself: its profile, its settings, its shop, its greetings, its name. */
export function profilePart(world: GraphWorld): GraphPart {
  const state = ({ id }: GraphRequest) => world.numberStates.of(id);
  return {
    // Files that are open to all, as profile pictures are in WhatsApp.
    kindOf: (id) => (id === "public" ? id : undefined),
    open: ["public"],
    rows: {
      "GET number whatsapp_business_profile"(request) {
        const { profile, picture } = state(request);
        const url = `${request.base_url}/public/pictures/${request.id}`;
        const shown = { ...profile, ...(picture ? { profile_picture_url: url } : {}) };
        return { data: [{ ...chosen(request, shown, PROFILE), messaging_product: "whatsapp" }] };
      },
      async "POST number whatsapp_business_profile"(request) {
        requireProduct(await request.parameters());
        const { profile_picture_handle: handle, ...changed } = await readParameters(request, profileChange);
        const number = state(request);
        if (handle !== undefined && handle !== "") number.picture = pictureOf(world, handle);
        Object.assign(number.profile, changed);
        // What is set to nothing isn't shown.
        for (const [name, value] of Object.entries(number.profile))
          if (value === "" || (Array.isArray(value) && value.length === 0)) delete number.profile[name];
        return { success: true };
      },
      "GET public pictures/*"({ rest: [, id = ""] }) {
        const { picture } = world.numberStates.of(id);
        if (!picture) throw unknownObject("GET", id);
        return new Download(picture);
      },
      "GET number settings"(request) {
        const { settings } = state(request);
        return chosen(request, structuredClone(settings), SETTINGS);
      },
      async "POST number settings"(request) {
        const changed = await readParameters(request, settingsChange);
        const number = state(request);
        for (const [name, part] of Object.entries(changed))
          number.settings[name] =
            typeof part === "object" ? { ...(number.settings[name] as Body | undefined), ...part } : part;
        return { success: true };
      },
      "GET number whatsapp_commerce_settings"(request) {
        const commerce = { ...state(request).commerce, id: catalogOf(request.id) };
        return { data: [chosen(request, commerce, COMMERCE)] };
      },
      async "POST number whatsapp_commerce_settings"(request) {
        Object.assign(state(request).commerce, await readParameters(request, commerceChange));
        return { success: true };
      },
      async "POST number conversational_automation"(request) {
        const changed = await readParameters(request, automationChange);
        Object.assign(state(request).conversational_automation, changed);
        return { success: true };
      },
      "GET number whatsapp_business_encryption"(request) {
        const { public_key } = state(request);
        if (public_key === null) return { data: [] };
        return {
          data: [
            {
              business_public_key: public_key,
              business_public_key_signature_status: "VALID",
            },
          ],
        };
      },
      async "POST number whatsapp_business_encryption"(request) {
        const key = required(await request.parameters(), "business_public_key");
        if (!key.includes("BEGIN PUBLIC KEY"))
          throw invalidParameter("business_public_key", "must be an RSA public key in PEM");
        state(request).public_key = key;
        return { success: true };
      },
    },
  };
}

const PROFILE: NodeType = {
  name: "WhatsAppBusinessProfile",
  more: ["about", "address", "description", "email", "profile_picture_url", "websites", "vertical"],
};
const SETTINGS: NodeType = {
  name: "WhatsAppBusinessPhoneNumberSettings",
  more: [
    "calling",
    "storage_configuration",
    "user_identity_change",
    "payload_encryption",
    "fallback_language",
  ],
};
const COMMERCE: NodeType = { name: "WhatsAppCommerceSettings", more: ["catalog_id"] };

/** By its handle, of a resumable upload. */
function pictureOf({ uploads }: GraphWorld, handle: string) {
  const found = uploads.byHandle(handle);
  if (!found) throw invalidParameter("profile_picture_handle", "is no handle of an uploaded file");
  if (!/^image\/(?:jpe?g|png)$/.test(found.mime_type))
    throw invalidParameter("profile_picture_handle", "must be the handle of a JPEG or PNG image");
  return found;
}

const catalogOf = (phone_number_id: string) => `7${phone_number_id.slice(1)}`;

/** Source: Meta's page of business profiles. */
const profileChange = z.object({
  about: z.string().max(139).optional(),
  address: z.string().max(256).optional(),
  description: z.string().max(512).optional(),
  email: z.union([z.literal(""), z.email().max(128)]).optional(),
  profile_picture_handle: z.string().optional(),
  vertical: z
    .enum([
      "UNDEFINED", "OTHER", "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY",
      "GOVT", "HOTEL", "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "ALCOHOL",
      "ONLINE_GAMBLING", "PHYSICAL_GAMBLING", "OTC_DRUGS", "MATRIMONY_SERVICE", "NOT_A_BIZ",
    ])
    .optional(),
  websites: z
    .union([z.literal(""), z.array(z.union([z.literal(""), z.url({ protocol: /^https?$/ })])).max(2)])
    .optional(),
}); // prettier-ignore

const onOff = z.enum(["ENABLED", "DISABLED"]);
const hours = z.looseObject({
  status: onOff,
  timezone_id: z.string().optional(),
  weekly_operating_hours: z
    .array(z.object({ day_of_week: z.string(), open_time: z.string(), close_time: z.string() }))
    .optional(),
});
const settingsChange = z.object({
  calling: z
    .looseObject({
      status: onOff.optional(),
      call_icon_visibility: z.enum(["DEFAULT", "DISABLE_ALL"]).optional(),
      callback_permission_status: onOff.optional(),
      call_hours: hours.optional(),
    })
    .optional(),
  storage_configuration: z
    .looseObject({
      status: z.enum(["DEFAULT", "IN_COUNTRY_STORAGE_ENABLED", "NO_STORAGE_ENABLED"]),
      retention_minutes: z.coerce.number().int().positive().optional(),
    })
    .optional(),
  user_identity_change: z.object({ enable_identity_key_check: z.boolean() }).optional(),
  payload_encryption: z.looseObject({ status: onOff }).optional(),
  fallback_language: z.string().optional(),
});

const yesNo = z.union([z.boolean(), z.stringbool()]).optional();
const commerceChange = z.object({ is_cart_enabled: yesNo, is_catalog_visible: yesNo });

const automationChange = z.object({
  prompts: z.array(z.string().min(1).max(80)).max(4).optional(),
  commands: z
    .array(
      z.object({
        command_name: z.string().min(1).max(32),
        command_description: z.string().min(1).max(256),
      }),
    )
    .max(30)
    .optional(),
  enable_welcome_message: yesNo,
});
