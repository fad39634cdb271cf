import { z } from "zod";
import { type Body, GraphFault, missing, parsedJson } from "../protocol/protocol.ts";
import {
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  invalidParameter,
  numberOf,
  readParameters,
  required,
  requireProduct,
  word,
} from "../calls/calls.ts";
import type { NumberState } from "../state/state.ts";
import { fieldUpdate } from "../../world/world.ts";

/** The one that a phone would be told by SMS or call. */
export const VERIFICATION_CODE = "123456";
const WITHIN_MS = 72 * 3_600_000;
const MOST_REGISTRATIONS = 10;

/** A number's way into the Cloud API and out of it, and what else is set at the number itself. */
export function registrationPart(world: GraphWorld): GraphPart {
  const state = ({ id }: GraphRequest) => world.numberStates.of(id);
  return {
    rows: {
      async "POST account phone_numbers"(request) {
        const { cc, phone_number, verified_name } = await readParameters(request, newNumber);
        const digits = phone_number.replace(/\D/g, "");
        const display_phone_number = digits.startsWith(cc) ? digits : `${cc}${digits}`;
        if (world.numbers.some((known) => known.display_phone_number === display_phone_number))
          throw new GraphFault(100, "The phone number is in use already.", {
            user_title: "Phone number is taken",
          });
        const phone_number_id = world.newNumber();
        world.addNumber({ phone_number_id, display_phone_number, waba_id: request.id });
        Object.assign(world.numberStates.of(phone_number_id), {
          registered: false,
          verified: false,
          verified_name,
        });
        return { id: phone_number_id };
      },
      async "POST number register"(request) {
        const body = await request.parameters();
        requireProduct(body);
        const pin = sixDigits(body, "pin");
        const number = state(request);
        countRegistration(number, world.clock.now());
        if (!number.verified) throw new GraphFault(133006, "The phone number has to be verified again.");
        if (number.pin !== null && number.pin !== pin)
          throw new GraphFault(133005, "The PIN is not the one of two-step verification.");
        number.pin = pin;
        number.registered = true;
        const { data_localization_region: region } = body;
        number.data_localization_region = typeof region === "string" ? region : null;
        return { success: true };
      },
      "POST number deregister"(request) {
        const number = state(request);
        countRegistration(number, world.clock.now());
        if (!number.registered) throw new GraphFault(133010);
        number.registered = false;
        number.data_localization_region = null;
        return { success: true };
      },
      async "POST number request_code"(request) {
        await readParameters(request, codeAsked);
        state(request).code = VERIFICATION_CODE;
        return { success: true };
      },
      async "POST number verify_code"(request) {
        const code = required(await request.parameters(), "code").replace("-", "");
        const number = state(request);
        if (number.code === null || code !== number.code)
          throw new GraphFault(100, "The code is not the one that was sent; ask for a new one.", {
            user_title: "Code couldn't be verified",
          });
        number.code = null;
        number.verified = true;
        return { success: true };
      },
      "POST number": (request) => change(world, request, state(request)),
    },
  };
}

/** Meta's name of it is `cc`; its older pages and some clients say `country_code`. */
const withCc = (given: unknown): unknown =>
  typeof given === "object" && given !== null && "country_code" in given
    ? { cc: given.country_code, ...given }
    : given;
const newNumber = z.preprocess(
  withCc,
  z.object({
    cc: word.transform((code) => code.replace(/^\+/, "")),
    phone_number: word,
    verified_name: z.string().min(3),
  }),
);
const codeAsked = z.object({
  code_method: z
    .string()
    .transform((method) => method.toUpperCase())
    .pipe(z.enum(["SMS", "VOICE"])),
  language: z.string().regex(/^[a-z]{2,3}(?:[_-][A-Za-z]{2})?$/),
});

function sixDigits(body: Body, name: string): string {
  const given = required(body, name);
  if (!/^\d{6}$/.test(given)) throw invalidParameter(name, "must be a number of 6 digits");
  return given;
}

function countRegistration(number: NumberState, now_ms: number): void {
  number.registrations = number.registrations.filter((at_ms) => at_ms > now_ms - WITHIN_MS);
  if (number.registrations.length >= MOST_REGISTRATIONS)
    throw new GraphFault(
      133016,
      "There were too many attempts for this phone number in a short period of time.",
    );
  number.registrations.push(now_ms);
}

/** `POST /{number}`: the PIN, the display name, or where its webhooks go. */
async function change(world: GraphWorld, request: GraphRequest, number: NumberState) {
  const body = await request.parameters();
  const { webhook_configuration: webhook, new_display_name: name } = body;
  if (webhook !== undefined) {
    const { uri, verify_token } = overrideOf(webhook);
    if (uri !== "") await world.shakeHands(uri, verify_token);
    number.override_callback_uri = uri === "" ? null : uri;
  } else if (name !== undefined) {
    if (typeof name !== "string" || name.length < 3)
      throw invalidParameter("new_display_name", "must be a name of at least 3 characters");
    number.new_display_name = name;
    void reviewName(world, request.id, number);
  } else number.pin = sixDigits(body, "pin");
  return { success: true };
}

/** An empty address takes the override away. */
function overrideOf(webhook: unknown): { uri: string; verify_token: string } {
  const shape = z.object({ override_callback_uri: z.string().max(200), verify_token: z.string().optional() });
  const read = shape.safeParse(typeof webhook === "string" ? parsedJson(webhook) : webhook);
  if (!read.success) throw invalidParameter("webhook_configuration", "must name override_callback_uri");
  const { override_callback_uri: uri, verify_token = "" } = read.data;
  if (uri !== "" && verify_token === "") throw missing("verify_token");
  return { uri, verify_token };
}

const reviewName = (world: GraphWorld, phone_number_id: string, number: NumberState): Promise<void> =>
  world.later(async () => {
    const [low, high] = world.settings.timing.review_ms;
    await world.pause(Math.round(low + world.random() * (high - low)));
    const { new_display_name: name } = number;
    if (name === null) return;
    number.verified_name = name;
    number.new_display_name = null;
    const { waba_id, display_phone_number } = numberOf(world, phone_number_id)!;
    await world.deliver([
      fieldUpdate({
        waba_id,
        number: null,
        field: "phone_number_name_update",
        value: {
          display_phone_number,
          decision: "APPROVED",
          requested_verified_name: name,
          rejection_reason: null,
        },
        time: Math.floor(world.clock.now() / 1_000),
      }),
    ]);
  });
