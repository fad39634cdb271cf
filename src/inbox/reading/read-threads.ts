import { idOf } from "../../base/base.ts";
import type { EventData, Person } from "../../meta/events.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import type { Facts, GroupFact, Handle } from "../facts/facts.ts";
import { addLine, NO_PERSON } from "./read-lines.ts";
import { about, see, seeGroup, stampOf } from "./read-people.ts";

type Data<Kind extends EventData["kind"]> = Extract<EventData, { kind: Kind }>;

/** A line of WhatsApp's own, without words. */
const SYSTEM_LINE = {
  origin: "system",
  direction: "INBOUND",
  source: "CUSTOMER",
  type: "system",
  wamid: null,
  author: null,
  text: null,
  context_wamid: null,
  context_from: null,
  reply: null,
} as const;

/** Only the business makes, deletes and sets up its groups; members come and go, and WhatsApp suspends. */
const OUR_CHANGES: ReadonlySet<string> = new Set(["group_create", "group_delete", "group_settings_update"]);
const BY_US = { direction: "OUTBOUND", source: "OTHER_APP" } as const;

/**
 * What stands in threads beside messages: calls, groups, handovers, payments, and what is told of threads that another
 * responder has; `read` reads an event of any kind, as `readEvent`. Undefined for other kinds, else as that.
 */
export function readThreadEvent(
  event: RoutedEvent,
  facts: Facts,
  read: (event: RoutedEvent) => string | null,
): string | null | undefined {
  const { data } = event.event;
  switch (data.kind) {
    case "call":
      return readCall(event, data, facts);
    case "group":
      return readGroup(event, data, facts);
    case "handover":
      return readHandover(event, data, facts);
    case "payment_status":
      return readPayment(event, data, facts);
    case "standby":
      return readStandby(event, data, facts, read);
    default:
      return undefined;
  }
}

/** Each event of a call tells the same line; a transcription may come without saying whose it is. */
function readCall(event: RoutedEvent, data: Data<"call">, facts: Facts): string | null {
  const identity = see(event, data.person, facts);
  facts.calls.push({
    ...stampOf(event),
    wamid_hash: idOf(data.call_id),
    phone_number: event.phone_number,
    received_at: event.received_at,
    event: data.event,
    detail: { ...data.end, ...(data.file === null ? {} : { file: data.file }) },
  });
  if (!identity) return data.file === null ? NO_PERSON : null;
  return addLine(facts, event, {
    origin: "call",
    direction: data.by_business === true ? "OUTBOUND" : "INBOUND",
    source: data.by_business === true ? "OTHER_APP" : "CUSTOMER",
    type: "call",
    wamid: data.call_id,
    identity,
    author: null,
    text: null,
    context_wamid: null,
    context_from: null,
    reply: null,
    content: {},
  });
}

/** Who speaks in a group is in it at that time. */
export function addParticipation(
  event: RoutedEvent,
  group_id: string,
  identity: Handle,
  present: boolean,
  facts: Facts,
): void {
  facts.participations.push({ ...stampOf(event), group_id, identity, present });
}

function readGroup(
  event: RoutedEvent,
  { group_id, event: type, change }: Data<"group">,
  facts: Facts,
): string | null {
  const { subject, description, joined, left, asking, picture, initiated_by, reason } = change;
  const [error] = change.errors;
  // A group that was not made keeps the names that it was to have.
  const whole = type === "group_create" || type === "group_delete";
  const empty = subject === null && description === null && !picture && joined.length + left.length === 0;
  if (error && (whole || empty))
    return `WhatsApp did not do it: ${error.title ?? error.message ?? "an error"}`;

  const identity = seeGroup(event, group_id, facts, subject);
  const fact = (name: GroupFact["fact"], value: string | boolean | null) => {
    if (value !== null) facts.group_facts.push({ ...stampOf(event), group_id, fact: name, value });
  };
  fact("description", description);
  fact("join_approval_mode", change.join_approval_mode);
  fact("invite_link", change.invite_link);
  if (type === "group_suspend" || type === "group_suspend_cleared")
    fact("suspended", type === "group_suspend");
  if (type === "group_create" || type === "group_delete") fact("deleted", type === "group_delete");
  // Names are told apart by their event: two people of one event are two.
  const handlesOf = (people: readonly Person[]) =>
    people
      .map((person) => see({ ...event, id: idOf(`${event.id}:${JSON.stringify(person)}`) }, person, facts))
      .filter((handle) => handle !== null);
  const came = handlesOf(joined);
  const gone = handlesOf(left);
  const asked = asking === null ? [] : handlesOf([asking]);
  for (const handle of came) addParticipation(event, group_id, handle, true, facts);
  for (const handle of gone) addParticipation(event, group_id, handle, false, facts);

  return addLine(facts, event, {
    ...SYSTEM_LINE,
    ...(OUR_CHANGES.has(type) || initiated_by === "business" ? BY_US : {}),
    identity,
    content: {
      type,
      ...given({ subject, description, initiated_by, reason }),
      ...(picture ? { picture } : {}),
      ...(came.length + gone.length + asked.length > 0 ? { people: [...came, ...gone, ...asked] } : {}),
    },
  });
}

function readHandover(event: RoutedEvent, data: Data<"handover">, facts: Facts): string | null {
  const identity = see(event, data.person, facts);
  if (!identity) return NO_PERSON;
  const { handover_type: type, from_role, to_role, note, summary } = data;
  return addLine(facts, event, {
    ...SYSTEM_LINE,
    identity,
    content: { type, ...given({ from_role, to_role, note, summary }) },
  });
}

function readPayment(event: RoutedEvent, data: Data<"payment_status">, facts: Facts): string | null {
  const { wamid, status, payment } = data;
  if (wamid === null || status === null) return "it names no message, or no status";
  facts.payments.push({ ...about(event, wamid), status, detail: payment });
  return null;
}

/**
 * A copy of what another responder received or sent. It counts as the thing itself (a STOP stops, a window opens); only
 * its lines ask nothing of us, and are ours as soon as they are told as ours.
 */
function readStandby(
  event: RoutedEvent,
  { told }: Data<"standby">,
  facts: Facts,
  read: (event: RoutedEvent) => string | null,
): string | null {
  const before = facts.lines.length;
  const reason = read({ ...event, event: { ...event.event, data: told } });
  for (const line of facts.lines.slice(before)) {
    if (line.origin !== "message" && line.origin !== "echo") continue;
    line.origin = "standby";
    if (line.direction === "OUTBOUND") line.source = "OTHER_APP";
  }
  return reason;
}

function given(parts: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).filter((part): part is [string, string] => part[1] !== null),
  );
}
