import type { BusinessNumber } from "../../world/world.ts";
import type { Body } from "../protocol/protocol.ts";
import {
  chosen,
  type GraphPart,
  type GraphWorld,
  type NodeType,
  numberOf,
  page,
  type StandInSettings,
} from "../calls/calls.ts";
import { META_PACE } from "../state/state.ts";

/** The accounts and their numbers. */
export function numberPart(world: GraphWorld): GraphPart {
  const { numbers, waba_ids, settings } = world;
  const isAccount = (id: string) => waba_ids.includes(id);
  const described = (number: BusinessNumber): Body => ({
    ...describeNumber(number, levelOf(settings)),
    ...describeState(world, number),
  });
  return {
    kindOf: (id) => (numberOf(world, id) ? "number" : isAccount(id) ? "account" : undefined),
    accountOf: (id) => (isAccount(id) ? id : numberOf(world, id)?.waba_id),
    rows: {
      "GET number": (request) => chosen(request, described(numberOf(world, request.id)!), NUMBER),
      "GET account phone_numbers": (request) =>
        page(
          request,
          numbers
            .filter(({ waba_id }) => waba_id === request.id)
            .map((one) => chosen(request, described(one), NUMBER)),
        ),
    },
  };
}

/** Source: Meta's page of the phone number node. */
const NUMBER: NodeType = {
  name: "WhatsAppBusinessPhoneNumber",
  usual: [
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "last_onboarded_time",
  ],
  more: [
    "certificate",
    "conversational_automation",
    "eligibility_for_api_business_global_search",
    "health_status",
    "host_platform",
    "messaging_limit_tier",
    "new_certificate",
    "new_display_name",
    "new_name_status",
    "quality_score",
    "search_visibility",
    "country_code",
    "official_business_account",
    "username",
    "webhook_configuration",
  ],
};

const levelOf = ({ throughput }: StandInSettings) =>
  throughput > META_PACE.throughput ? "HIGH" : "STANDARD";

function describeNumber(
  { phone_number_id, display_phone_number }: BusinessNumber,
  level: "STANDARD" | "HIGH",
): Body {
  return {
    id: phone_number_id,
    display_phone_number: `+${display_phone_number}`,
    verified_name: "Wharf's simulator",
    quality_rating: "GREEN",
    platform_type: "CLOUD_API",
    throughput: { level },
    last_onboarded_time: "2026-01-05T09:00:00+0000",
    account_mode: "SANDBOX",
    country_dial_code: "1",
    is_official_business_account: false,
    is_on_biz_app: false,
    is_pin_enabled: false,
    is_preverified_number: false,
    status: "CONNECTED",
    whatsapp_business_manager_messaging_limit: "TIER_1K",
    name_status: "APPROVED",
    code_verification_status: "VERIFIED",
  };
}

/** What of a number can be changed, as it is now. */
function describeState(world: GraphWorld, { phone_number_id }: BusinessNumber): Body {
  const state = world.numberStates.of(phone_number_id);
  const { prompts, commands } = state.conversational_automation;
  return {
    verified_name: state.verified_name,
    name_status: "APPROVED",
    ...(state.new_display_name === null
      ? {}
      : { new_display_name: state.new_display_name, new_name_status: "PENDING_REVIEW" }),
    code_verification_status: state.verified ? "VERIFIED" : "NOT_VERIFIED",
    status: state.registered ? "CONNECTED" : "DISCONNECTED",
    is_pin_enabled: state.pin !== null,
    ...(state.username === null ? {} : { username: state.username }),
    ...(prompts.length + commands.length === 0
      ? {}
      : { conversational_automation: { id: phone_number_id, prompts, commands } }),
    webhook_configuration: {
      ...(state.override_callback_uri === null ? {} : { phone_number: state.override_callback_uri }),
      application: world.simulator.target_url,
    },
  };
}
