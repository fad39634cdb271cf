import type { BusinessNumber } from "./cast.ts";
import { type Body, type GraphPart, type GraphWorld, numberOf, type StandInSettings } from "./graph-calls.ts";
import { chosen } from "./graph-page.ts";
import { META_PACE } from "./pace.ts";

/** The accounts and their numbers. */
export function numberPart(world: GraphWorld): GraphPart {
  const { numbers, waba_ids, settings } = world;
  const isAccount = (id: string) => waba_ids.includes(id);
  return {
    kindOf: (id) => (numberOf(world, id) ? "number" : isAccount(id) ? "account" : undefined),
    accountOf: (id) => (isAccount(id) ? id : numberOf(world, id)?.waba_id),
    rows: {
      "GET number": ({ id, query }) => chosen(describeNumber(numberOf(world, id)!, levelOf(settings)), query),
      "GET account phone_numbers": ({ id, query }) => ({
        data: numbers
          .filter(({ waba_id }) => waba_id === id)
          .map((one) => chosen(describeNumber(one, levelOf(settings)), query)),
        paging: { cursors: {} },
      }),
    },
  };
}

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
    throughput: { level },
    whatsapp_business_manager_messaging_limit: "TIER_1K",
    name_status: "APPROVED",
    code_verification_status: "VERIFIED",
  };
}
