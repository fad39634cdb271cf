import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import {
  type BusinessNumber,
  type Fate,
  findPerson,
  type Persona,
  planOf,
  status,
  type Step,
  userIdBehind,
  waIdOf,
} from "../../world/world.ts";
import {
  BAD_GATEWAY,
  type GraphPart,
  type GraphWorld,
  NO_ANSWER,
  numberOf,
  personOf,
} from "../calls/calls.ts";
import { failureOf, GraphFault, graphFault } from "../protocol/protocol.ts";
import { sendToGroup } from "./graph-group-messages.ts";
import { type StandInTemplate, takeMessage, type Taken } from "../state/state.ts";

/** Messages, and what follows them. */
export function messagePart(world: GraphWorld): GraphPart {
  return {
    rows: {
      async "POST number messages"({ id, parameters }) {
        const message = takeMessage(await parameters());
        return message.kind === "read"
          ? { success: true }
          : sendMessage(world, numberOf(world, id)!, message);
      },
    },
  };
}

/** What the call answers; its statuses follow by webhook. Throws a GraphFault. */
export async function sendMessage(
  world: GraphWorld,
  number: BusinessNumber,
  message: Taken & { kind: "message" },
) {
  const { simulator, media, templates, settings, random } = world;
  if (!world.numberStates.of(number.phone_number_id).registered) throw new GraphFault(133010);
  if (message.isGroup) return sendToGroup(world, number.phone_number_id, message);
  const recipient = recipientOf(message, simulator.personas());
  // Meta says that there is an error, and not which one.
  if (simulator.memory.isBlocked(number.phone_number_id, userIdBehind(recipient)))
    throw new GraphFault(131026, "Your business has blocked this user.");
  if (recipient.wa_id === number.display_phone_number.replace(/\D/g, "")) throw new GraphFault(131021);
  const gone = message.media.find(({ id }) => media.find(id) === null);
  if (gone)
    throw graphFault(
      `(#100) Param ${gone.name} is not a valid whatsapp business account media attachment ID`,
    );
  const template = message.template ? templates.take(number.waba_id, message.template) : null;
  if (template?.category === "AUTHENTICATION" && message.user_id !== null) throw new GraphFault(131062);
  world.pace.take(number.phone_number_id, recipient.wa_id);
  const fate = world.fates.shift() ?? destinyOf(world, number, recipient, template);
  if (fate === "bad_gateway") return BAD_GATEWAY;
  if (typeof fate === "object" && fate !== null && "refuse" in fate)
    throw new GraphFault(fate.refuse, "Asked for by the simulator.");

  world.taken++;
  if (template) world.sends.set(template.id, (world.sends.get(template.id) ?? 0) + 1);
  const wamid = simulator.wamid(recipient.wa_id, "outbound", message.user_id === null ? undefined : true);
  const { phone_number_id } = number;
  const { callback_data } = message;
  world.onMessage?.({ wamid, phone_number_id, to: recipient.wa_id, callback_data });
  const plan = planOf(
    {
      type: message.type,
      voice: message.voice,
      isTemplate: template !== null,
      isMarketing: template?.category === "MARKETING",
    },
    { odds: settings.odds, timing: settings.timing, random, fate },
  );
  const category = template?.category ?? "service";
  const charged = template === null && isCharged(world, phone_number_id);
  const sent_to = message.user_id === null ? ("phone" as const) : ("user_id" as const);
  const going = world.later(() =>
    go(world, { number, wamid, recipient, callback_data, category, charged, sent_to }, plan.steps),
  );
  if (fate === "status_first") await going;
  if (fate === "lost_answer") return NO_ANSWER;
  return {
    messaging_product: "whatsapp",
    contacts: [
      message.user_id === null
        ? { input: message.to, wa_id: recipient.wa_id }
        : { input: message.user_id, user_id: message.user_id },
    ],
    messages: [
      {
        id: wamid,
        ...(template === null
          ? {}
          : { message_status: plan.held ? "held_for_quality_assessment" : "accepted" }),
      },
    ],
  };
}

/** What was said before decides, and the country: a closed window, and marketing that isn't wanted, fail as with Meta. */
function destinyOf(
  { simulator, settings, clock }: GraphWorld,
  number: BusinessNumber,
  recipient: Persona,
  template: StandInTemplate | null,
): Fate | null {
  const { hasWritten, hasStopped } = simulator.memory;
  const user_id = userIdBehind(recipient);
  const now_s = clock.now() / 1_000;
  if (template === null)
    return settings.windows && !hasWritten(number.phone_number_id, user_id, now_s) ? { fail: 131047 } : null;
  if (template.category !== "MARKETING") return null;
  if (hasStopped(number.waba_id, user_id)) return { fail: 131050 };
  // Since 1 April 2025.
  return isAmerican(recipient.wa_id) ? { fail: 131049 } : null;
}

async function go(
  world: GraphWorld,
  about: {
    number: BusinessNumber;
    wamid: string;
    recipient: Persona;
    callback_data: string | null;
    category: string;
    charged: boolean;
    sent_to: "phone" | "user_id";
  },
  steps: readonly Step[],
) {
  const { callback_data, category, recipient, ...rest } = about;
  for (const step of steps) {
    await world.pause(step.after_ms);
    await world.deliver([
      status({
        ...rest,
        // They may have another user id by now.
        recipient: findPerson(world.simulator.personas(), recipient.wa_id),
        status: step.status,
        time: Math.floor(world.clock.now() / 1_000),
        category: category.toLowerCase(),
        ...(callback_data === null ? {} : { callback_data }),
        ...(step.code === null ? {} : { errors: [failureOf(step.code)] }),
      }),
    ]);
  }
}

function recipientOf(message: Taken & { kind: "message" }, personas: readonly Persona[]): Persona {
  if (message.user_id !== null) {
    const known = personOf(personas, message.user_id);
    if (!known) throw new GraphFault(131009, "The recipient is no user id of this business.");
    return known;
  }
  const digits = message.to!.replace(/\D/g, "");
  if (digits.length < 7 || digits.length > 15)
    throw new GraphFault(131009, "Parameter to is not a phone number.");
  return findPerson(personas, waIdOf(digits));
}

const FREE_A_MONTH = 1_000;
const CHARGED_SINCE_MS = Date.UTC(2026, 9, 1);

/** Counts the message. Since October 2026 those beyond the first 1,000 of a number's month are charged. */
function isCharged({ service_sent, clock }: GraphWorld, phone_number_id: string): boolean {
  const now_ms = clock.now();
  if (now_ms < CHARGED_SINCE_MS) return false;
  const key = `${phone_number_id} ${new Date(now_ms).toISOString().slice(0, 7)}`;
  const count = (service_sent.get(key) ?? 0) + 1;
  service_sent.set(key, count);
  return count > FREE_A_MONTH;
}

/** In the United States; other countries have +1 as well. */
const isAmerican = (wa_id: string): boolean =>
  wa_id.startsWith("1") && parsePhoneNumberFromString(`+${wa_id}`)?.country === "US";
