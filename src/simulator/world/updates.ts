import { type BusinessNumber, type Persona, userIdBehind } from "./cast.ts";

type Json = Record<string, unknown>;

/** How Meta names a person beside what is told: without the number when it is hidden. */
export function contactOf(person: Persona, withUsername = false): Json {
  const { name, username, hidden, wa_id } = person;
  return {
    profile: { name, ...(withUsername && username !== null ? { username } : {}) },
    ...(hidden ? {} : { wa_id }),
    user_id: userIdBehind(person),
  };
}

/**
 * One thing that Meta tells: an item of a list in the value of a field, or (list null) the value itself. Updates are
 * put into envelopes by `webhooksOf`.
 */
export interface Update {
  waba_id: string;
  number: BusinessNumber | null;
  field: string;
  list: string | null;
  item: Json;
  contact: Json | null;
  /** Unix seconds; template and account webhooks carry it in their entry. */
  time: number;
  /** Items that Meta tells in the same webhook always: what became of one message for each of a group. */
  more?: { item: Json; contact: Json | null }[];
}

export interface Inbound {
  number: BusinessNumber;
  from: Persona;
  wamid: string;
  time: number;
  context_wamid?: string | undefined;
}

/** A message from a person, in the shape of 2026: with the business-scoped id beside the number. */
export function inbound(about: Inbound, type: string, body: Json | Json[]): Update {
  const { number, from, wamid, time, context_wamid } = about;
  return {
    waba_id: number.waba_id,
    number,
    field: "messages",
    list: "messages",
    item: {
      ...(context_wamid === undefined
        ? {}
        : { context: { from: number.display_phone_number, id: context_wamid } }),
      ...(from.hidden ? {} : { from: from.wa_id }),
      from_user_id: userIdBehind(from),
      id: wamid,
      timestamp: String(time),
      type,
      [type]: body,
    },
    contact: contactOf(from, true),
    time,
  };
}

export const text = (about: Inbound, body: string): Update => inbound(about, "text", { body });

/** A tap on a template's quick reply. */
export const button = (about: Inbound, tap: { payload: string; text: string }): Update =>
  inbound(about, "button", { payload: tap.payload, text: tap.text });

/** A tap on a reply button of an interactive message. */
export const buttonReply = (about: Inbound, tap: { id: string; title: string }): Update =>
  inbound(about, "interactive", { type: "button_reply", button_reply: { id: tap.id, title: tap.title } });

/** An empty emoji takes a reaction back: Meta then sends none at all. */
export const reaction = (about: Inbound, message_id: string, emoji: string): Update =>
  inbound(about, "reaction", { message_id, ...(emoji === "" ? {} : { emoji }) });

export const edit = (about: Inbound, original_message_id: string, body: string): Update =>
  inbound(about, "edit", { original_message_id, message: { type: "text", text: { body } } });

export const revoke = (about: Inbound, original_message_id: string): Update =>
  inbound(about, "revoke", { original_message_id });

export const location = (about: Inbound, place: Json): Update => inbound(about, "location", place);

export const MIME_TYPES = {
  image: "image/jpeg",
  video: "video/mp4",
  audio: "audio/ogg; codecs=opus",
  document: "application/pdf",
  sticker: "image/webp",
} as const;

export type MediaType = keyof typeof MIME_TYPES;
export const MEDIA_TYPES = Object.keys(MIME_TYPES) as MediaType[];

/** The person has another number, and with it another id: told by Meta and not by the person, so without a contact. */
export function numberChanged(about: Inbound, wa_id: string): Update {
  const { from } = about;
  const [user_id, previous_user_id] = [userIdBehind({ wa_id }), userIdBehind(from)];
  const body = from.hidden
    ? `User ${from.name} changed from ${previous_user_id} to ${user_id}`
    : `User ${from.name} changed from ${from.wa_id} to ${wa_id}`;
  const numbered = from.hidden ? {} : { wa_id };
  const system = { body, type: "user_changed_number", ...numbered, user_id, previous_user_id };
  return { ...inbound(about, "system", system), contact: null };
}

/** Meta gives the person another id, also without a new number: the ids alone tell of which person. */
export function userIdChanged(about: Inbound, user_id: string): Update {
  const previous_user_id = userIdBehind(about.from);
  const body = `User ${about.from.name} changed from ${previous_user_id} to ${user_id}`;
  const update = inbound(about, "system", { body, type: "user_changed_user_id", user_id, previous_user_id });
  delete update.item["from"];
  delete update.item["from_user_id"];
  return { ...update, contact: null };
}

/** Another person may read the chat now, or the person has a new phone. */
export function identityChanged(about: Inbound, hash: string): Update {
  const system = { body: `User ${about.from.name}'s identity changed`, type: "customer_identity_changed" };
  const update = inbound(about, "system", system);
  update.item["identity"] = { acknowledged: false, created_timestamp: String(about.time), hash };
  return update;
}

/** What the business wrote to this person in WhatsApp's own app. */
export function echo(about: Inbound, body: string): Update {
  const { number, from: to, wamid, time } = about;
  return {
    waba_id: number.waba_id,
    number,
    field: "smb_message_echoes",
    list: "message_echoes",
    item: {
      from: number.display_phone_number,
      ...(to.hidden ? {} : { to: to.wa_id }),
      to_user_id: userIdBehind(to),
      id: wamid,
      timestamp: String(time),
      type: "text",
      text: { body },
    },
    contact: contactOf(to),
    time,
  };
}

/** Any other field of Meta's, with its value as it is; about a number where the value names one. */
export function fieldUpdate(about: {
  waba_id: string;
  number: BusinessNumber | null;
  field: string;
  value: Json;
  time: number;
}): Update {
  const { waba_id, number, field, value, time } = about;
  const named = number && {
    messaging_product: "whatsapp",
    metadata: {
      display_phone_number: number.display_phone_number,
      phone_number_id: number.phone_number_id,
    },
  };
  return { waba_id, number: null, field, list: null, item: { ...named, ...value }, contact: null, time };
}

/** Something that Meta doesn't pass on. */
export function unsupported(about: Inbound, what: string): Update {
  const update = inbound(about, "unsupported", { type: what });
  update.item["errors"] = [
    {
      code: 131051,
      title: "Message type unknown",
      message: "Message type unknown",
      error_data: { details: "Message type is currently not supported." },
    },
  ];
  return update;
}

/** A contact card, and whence it comes: shared by the person, or the answer to a request for the person's own. */
export function contacts(about: Inbound, cards: readonly Json[]): Update {
  const isOwn = ({ phones }: Json) =>
    Array.isArray(phones) && phones.some((phone: Json) => phone["wa_id"] === about.from.wa_id);
  return inbound(
    about,
    "contacts",
    cards.map((card) => ({
      ...card,
      origin:
        card["origin"] ?? (about.context_wamid !== undefined && isOwn(card) ? "contact_request" : "other"),
    })),
  );
}

/** A file: Meta names an id by which it can be fetched for seven days, and a URL that holds some minutes. */
export function media(
  about: Inbound,
  type: MediaType,
  file: { id: string; sha256: string; mime_type?: string | undefined; [part: string]: unknown },
): Update {
  return inbound(about, type, { ...file, mime_type: file.mime_type ?? MIME_TYPES[type] });
}

export interface StatusOf {
  number: BusinessNumber;
  wamid: string;
  recipient: Persona;
  /** How the business named the person; by the number when left out, if Meta tells it. */
  sent_to?: "phone" | "user_id";
  status: "sent" | "delivered" | "read" | "played" | "failed";
  time: number;
  category?: string;
  /** A message of the customer service window that costs: those beyond the first 1,000 of a number's month. */
  charged?: boolean;
  callback_data?: string;
  errors?: Json[];
}

/** What became of a message of ours. The price comes with `sent` and `delivered`, as Meta sends it since v24. */
export function status(about: StatusOf): Update {
  const { number, recipient, wamid, time, sent_to = recipient.hidden ? "user_id" : "phone" } = about;
  const isFailed = about.status === "failed";
  const isSeen = about.status !== "sent" && !isFailed;
  const priced = about.status === "sent" || about.status === "delivered";
  return {
    waba_id: number.waba_id,
    number,
    field: "messages",
    list: "statuses",
    item: {
      id: wamid,
      status: about.status,
      timestamp: String(time),
      ...(recipient.hidden && sent_to === "user_id" ? {} : { recipient_id: recipient.wa_id }),
      ...(isFailed && sent_to === "phone" ? {} : { recipient_user_id: userIdBehind(recipient) }),
      ...(about.callback_data === undefined ? {} : { biz_opaque_callback_data: about.callback_data }),
      ...(priced ? { pricing: pricingOf(about) } : {}),
      ...(about.errors === undefined ? {} : { errors: about.errors }),
    },
    contact: isFailed ? null : contactOf(recipient, isSeen),
    time,
  };
}

function pricingOf({ category = "service", charged = false }: StatusOf): Json {
  const isFree = category === "service" && !charged;
  return {
    billable: !isFree,
    pricing_model: "PMP",
    type: isFree ? "free_customer_service" : "regular",
    category,
  };
}

export interface TemplateStatusOf {
  waba_id: string;
  template_id: number;
  name: string;
  language: string;
  event: string;
  time: number;
  reason?: string | null;
  category?: string;
  /** Why a template was rejected, and what to do; of an invalid format in the simulator's words when left out. */
  rejection_info?: { reason: string; recommendation: string };
  /** Of PAUSED; the first when left out. */
  pause?: "FIRST_PAUSE" | "SECOND_PAUSE";
}

const REJECTION = {
  reason: "Some parameters of this template have no sample values, or they don't say what they stand for.",
  recommendation:
    "Give each parameter a sample that shows what it will hold, and send the template in again.",
};

const PAUSES = {
  FIRST_PAUSE: {
    title: "FIRST_PAUSE",
    description: "Your WhatsApp message template has been paused for 3 hours because it had issues.",
  },
  SECOND_PAUSE: {
    title: "SECOND_PAUSE",
    description:
      "Your WhatsApp message template has been paused for 6 hours because it continued to have issues.",
  },
};

export function templateStatus(about: TemplateStatusOf): Update {
  return {
    waba_id: about.waba_id,
    number: null,
    field: "message_template_status_update",
    list: null,
    item: {
      event: about.event,
      message_template_id: about.template_id,
      message_template_name: about.name,
      message_template_language: about.language,
      reason: about.reason === undefined ? "NONE" : about.reason,
      message_template_category: about.category ?? "UTILITY",
      // Meta explains this reason alone; what a scenario says of another is told as well.
      ...(about.rejection_info !== undefined ||
      (about.event === "REJECTED" && about.reason === "INVALID_FORMAT")
        ? { rejection_info: about.rejection_info ?? REJECTION }
        : {}),
      ...(about.event === "PAUSED" ? { other_info: PAUSES[about.pause ?? "FIRST_PAUSE"] } : {}),
    },
    contact: null,
    time: about.time,
  };
}

/** Meta's stop and resume of marketing, set by the person in WhatsApp. */
export function preference(
  about: Omit<Inbound, "wamid" | "context_wamid">,
  value: "stop" | "resume",
): Update {
  const { number, from, time } = about;
  return {
    waba_id: number.waba_id,
    number,
    field: "user_preferences",
    list: "user_preferences",
    item: {
      ...(from.hidden ? {} : { wa_id: from.wa_id }),
      user_id: userIdBehind(from),
      detail: `User requested to ${value} marketing messages`,
      category: "marketing_messages",
      value,
      timestamp: time,
    },
    contact: contactOf(from),
    time,
  };
}

/** What is told of a thread that another app has, or Meta's own agent: the same in the field `standby`. */
export const inStandby = (update: Update): Update => ({ ...update, field: "standby" });

/** A thread goes to another app or agent, or comes back. */
export function handover(
  about: Omit<Inbound, "wamid" | "context_wamid">,
  to: { new_owner_role: string; previous_owner_role: string; metadata?: string | undefined },
): Update {
  const { number, from, time } = about;
  const { metadata, ...roles } = to;
  return {
    waba_id: number.waba_id,
    number: null,
    field: "messaging_handovers",
    list: null,
    item: {
      messaging_product: "whatsapp",
      sender: from.hidden
        ? { user_id: userIdBehind(from) }
        : { phone_number: from.wa_id, user_id: userIdBehind(from) },
      recipient: {
        phone_number_id: number.phone_number_id,
        display_phone_number: number.display_phone_number,
      },
      timestamp: String(time),
      type: "control_passed",
      control_passed: { ...roles, ...(metadata === undefined ? {} : { metadata }) },
    },
    contact: null,
    time,
  };
}

/** Envelopes of at most `size` updates each: an entry an account, a change a number and field. */
export function webhooksOf(updates: readonly Update[], size: number): Json[] {
  return batchesOf(updates, size).map(webhookOf);
}

export function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

/** One envelope with all of these. */
export function webhookOf(updates: readonly Update[]): Json {
  const entries = new Map<string, { id: string; time?: number; changes: Json[] }>();
  const values = new Map<string, Json>();
  for (const { waba_id, number, field, list, item, contact, time, more = [] } of updates) {
    // Only template and account webhooks have a time of their own, so each has an entry of its own.
    const place = list === null ? `${waba_id} ${entries.size}` : waba_id;
    let entry = entries.get(place);
    if (!entry) {
      entry = { id: waba_id, ...(list === null ? { time } : {}), changes: [] };
      entries.set(place, entry);
    }
    if (list === null) {
      entry.changes.push({ value: item, field });
      continue;
    }
    const box = `${waba_id} ${number?.phone_number_id} ${field}`;
    let value = values.get(box);
    if (!value) {
      value = {
        messaging_product: "whatsapp",
        metadata: {
          display_phone_number: number?.display_phone_number,
          phone_number_id: number?.phone_number_id,
        },
      };
      values.set(box, value);
      entry.changes.push({ value, field });
    }
    for (const told of [{ item, contact }, ...more]) {
      if (told.contact) addContact(value, told.contact);
      ((value[list] ??= []) as Json[]).push(told.item);
    }
  }
  return { object: "whatsapp_business_account", entry: [...entries.values()] };
}

/** A person is named once, however much they said: the lists are not aligned. */
function addContact(value: Json, contact: Json): void {
  const contacts = (value["contacts"] ??= []) as Json[];
  const isSame = (other: Json) =>
    contact["user_id"] === undefined
      ? other["wa_id"] === contact["wa_id"]
      : other["user_id"] === contact["user_id"];
  const known = contacts.find(isSame);
  if (!known) contacts.push(contact);
  // Some of what is told names the username, and some doesn't.
  else known["profile"] = { ...(known["profile"] as Json), ...(contact["profile"] as Json) };
}
