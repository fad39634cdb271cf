import { findPerson, planOf, type Step, type Update } from "../../world/world.ts";
import { BAD_GATEWAY, type GraphWorld, NO_ANSWER } from "../calls/calls.ts";
import { failureOf, GraphFault } from "../protocol/protocol.ts";
import { type Group, type Member, named, type Taken } from "../state/state.ts";

interface GroupMessage {
  group: Group;
  wamid: string;
  category: string;
  callback_data: string | null;
}

/** A message to a group: sent once, then delivered and read by each of those who were in it. Throws a GraphFault. */
export async function sendToGroup(
  world: GraphWorld,
  phone_number_id: string,
  message: Taken & { kind: "message" },
) {
  const group = world.groups.find(message.to ?? "");
  if (group?.number.phone_number_id !== phone_number_id) throw new GraphFault(131041);
  if (group.members.size === 0) throw new GraphFault(131020, "Cannot send messages to single member groups.");
  const template = message.template ? world.templates.take(group.number.waba_id, message.template) : null;
  if (template?.category === "AUTHENTICATION")
    throw new GraphFault(131051, "Authentication templates can't be sent to groups.");
  world.pace.take(phone_number_id, group.id);
  const fate = world.fates.shift() ?? null;
  if (fate === "bad_gateway") return BAD_GATEWAY;
  if (typeof fate === "object" && fate !== null && "refuse" in fate)
    throw new GraphFault(fate.refuse, "Asked for by the simulator.");

  world.taken++;
  if (template) world.sends.set(template.id, (world.sends.get(template.id) ?? 0) + 1);
  const wamid = world.simulator.wamid(group.id, "outbound");
  const { callback_data } = message;
  world.onMessage?.({ wamid, phone_number_id, to: group.id, callback_data });
  const { odds, timing } = world.settings;
  const plan = planOf(
    {
      type: message.type,
      voice: message.voice,
      isTemplate: template !== null,
      isMarketing: template?.category === "MARKETING",
    },
    { odds, timing, random: world.random, fate },
  );
  const category = `group_${(template?.category ?? "service").toLowerCase()}`;
  const going = world.later(() => go(world, { group, wamid, category, callback_data }, plan.steps));
  if (fate === "status_first") await going;
  if (fate === "lost_answer") return NO_ANSWER;
  return {
    messaging_product: "whatsapp",
    contacts: [{ input: message.to, wa_id: group.id }],
    messages: [{ id: wamid, group_id: group.id, ...(template ? { message_status: "accepted" } : {}) }],
  };
}

async function go(world: GraphWorld, about: GroupMessage, steps: readonly Step[]): Promise<void> {
  // Who joins later doesn't see it.
  const members = [...about.group.members.values()];
  for (const step of steps) {
    await world.pause(step.after_ms);
    const time = Math.floor(world.clock.now() / 1_000);
    const isForAll = step.status === "sent" || step.status === "failed";
    const [first, ...others] = isForAll
      ? [statusItem(world, about, step, time)]
      : members.map((member) => statusItem(world, about, step, time, member));
    const { number } = about.group;
    const update: Update = {
      waba_id: number.waba_id,
      number,
      field: "messages",
      list: "statuses",
      ...first!,
      time,
      ...(others.length === 0 ? {} : { more: others }),
    };
    await world.deliver([update]);
  }
}

function statusItem(
  { simulator }: GraphWorld,
  { group, wamid, category, callback_data }: GroupMessage,
  { status, code }: Step,
  time: number,
  member?: Member,
): Pick<Update, "item" | "contact"> {
  const person = member && findPerson(simulator.personas(), member.wa_id);
  return {
    item: {
      id: wamid,
      status,
      timestamp: String(time),
      recipient_id: group.id,
      recipient_type: "group",
      ...(member
        ? {
            ...(member.hidden ? {} : { recipient_participant_id: member.wa_id }),
            recipient_participant_user_id: member.user_id,
          }
        : {}),
      ...(callback_data === null ? {} : { biz_opaque_callback_data: callback_data }),
      ...(status === "sent" || status === "delivered"
        ? { pricing: { billable: true, pricing_model: "PMP", type: "regular", category } }
        : {}),
      ...(code === null ? {} : { errors: [failureOf(code)] }),
    },
    contact:
      member && person
        ? {
            profile: {
              name: person.name,
              ...(person.username === null ? {} : { username: person.username }),
            },
            ...named(member),
          }
        : null,
  };
}
