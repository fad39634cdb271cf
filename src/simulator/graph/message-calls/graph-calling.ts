import { z } from "zod";
import { callStatus, callUpdate, SDP, type VoiceCall } from "../state/state.ts";
import { findPerson, type Update } from "../../world/world.ts";
import { type Body, GraphFault } from "../protocol/protocol.ts";
import {
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  numberOf,
  personOf,
  personSaid,
  readParameters,
  required,
  requireProduct,
  word,
} from "../calls/calls.ts";

const session = z.object({ sdp_type: z.enum(["offer", "answer"]), sdp: z.string().min(1) });
const asked = z.object({
  action: z.enum(["connect", "pre_accept", "accept", "reject", "terminate"]),
  to: word.optional(),
  recipient: z.string().optional(),
  call_id: z.string().optional(),
  session: session.optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
});
type Asked = z.infer<typeof asked>;
const DAY_S = 86_400;
const MOST_CALLS_A_DAY = 10;

/** Calls: who may be called, and the signalling. There is no sound: what the media lead to isn't simulated. */
export function callingPart(world: GraphWorld): GraphPart {
  const now_s = () => Math.floor(world.clock.now() / 1_000);
  return {
    rows: {
      "GET number call_permissions": async (request) =>
        permissionsOf(world, request, await request.parameters(), now_s()),
      async "POST number calls"(request) {
        requireProduct(await request.parameters());
        const call = await readParameters(request, asked);
        if (call.action === "connect") return connect(world, request, call, now_s);
        return act(world, request, call, now_s);
      },
    },
  };
}

/** The permission that a person gave, as it is now. */
function permissionsOf(world: GraphWorld, { id }: GraphRequest, body: Body, now_s: number): Body {
  const said = body["recipient"] === undefined ? "user_wa_id" : "recipient";
  const person = personSaid(world, { user: required(body, said) });
  const permission = world.simulator.memory.callPermission(id, person.user_id, now_s);
  const used = world.calls.count(id, person.user_id, now_s - DAY_S);
  return {
    messaging_product: "whatsapp",
    permission,
    actions: [
      {
        action_name: "send_call_permission_request",
        can_perform_action: permission.status === "no_permission",
        limits: [
          { time_period: "PT24H", max_allowed: 1, current_usage: 0 },
          { time_period: "P7D", max_allowed: 2, current_usage: 0 },
        ],
      },
      {
        action_name: "start_call",
        can_perform_action: permission.status !== "no_permission" && used < MOST_CALLS_A_DAY,
        limits: [{ time_period: "PT24H", max_allowed: MOST_CALLS_A_DAY, current_usage: used }],
      },
    ],
  };
}

function connect(world: GraphWorld, { id }: GraphRequest, call: Asked, now_s: () => number) {
  const { to, recipient, biz_opaque_callback_data } = call;
  if (call.session === undefined) throw new GraphFault(131008, "Required parameter is missing: session");
  const said = personSaid(world, { user: to ?? recipient });
  const { simulator } = world;
  if (simulator.memory.callPermission(id, said.user_id, now_s()).status === "no_permission")
    throw new GraphFault(138006);
  const personas = simulator.personas();
  const person = personOf(personas, said.user_id) ?? findPerson(personas, said.wa_id ?? "");
  const number = numberOf(world, id)!;
  const made = world.calls.dial(number, person, biz_opaque_callback_data ?? null, now_s());
  void world.later(() => ringThere(world, made, now_s));
  return { messaging_product: "whatsapp", success: true, calls: [{ id: made.id }] };
}

/** It rings, and is answered as often as messages are read. */
async function ringThere(world: GraphWorld, call: VoiceCall, now_s: () => number): Promise<void> {
  const { odds, timing } = world.settings;
  const tell = (update: Update) => world.deliver([update]);
  const wait = ([low, high]: readonly [number, number]) => world.pause(low + world.random() * (high - low));
  await wait(timing.sent_ms);
  await tell(callUpdate(call, now_s(), { event: "connect", session: { sdp_type: "answer", sdp: SDP } }));
  await tell(callStatus(call, "RINGING", now_s()));
  await wait(timing.delivered_ms);
  if (call.state === "ended") return;
  if (world.random() < odds.read) {
    call.state = "talking";
    call.started_at = now_s();
    await tell(callStatus(call, "ACCEPTED", now_s()));
  } else {
    await tell(callStatus(call, "REJECTED", now_s()));
    await tell(world.calls.end(call, now_s()));
  }
}

/** What a business does with a call that is there. */
function act(world: GraphWorld, { id }: GraphRequest, said: Asked, now_s: () => number) {
  const call = world.calls.find(said.call_id ?? required({}, "call_id"));
  if (call?.number.phone_number_id !== id || call.state === "ended")
    throw new GraphFault(100, "Call ID is not valid, or the call has ended.");
  const isTheirs = call.direction === "USER_INITIATED";
  const wrong = new GraphFault(100, `A call that is ${call.state} can't be answered with ${said.action}.`);
  if (said.action === "terminate") endLater(world, call, now_s);
  else if (!isTheirs || call.state !== "ringing") throw wrong;
  else if (said.action === "reject") endLater(world, call, now_s);
  else if (said.session === undefined) throw new GraphFault(131008, "Required parameter is missing: session");
  else if (said.action === "accept") {
    call.state = "talking";
    call.started_at = now_s();
    call.callback_data = said.biz_opaque_callback_data ?? null;
  }
  return { messaging_product: "whatsapp", success: true };
}

function endLater(world: GraphWorld, call: VoiceCall, now_s: () => number): void {
  const told = world.calls.end(call, now_s());
  void world.later(async () => {
    await world.deliver([told]);
  });
}
