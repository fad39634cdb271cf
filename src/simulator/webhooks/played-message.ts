import { Problem } from "../../base/base.ts";
import {
  type BusinessNumber,
  button,
  buttonReply,
  contacts,
  edit,
  identityChanged,
  type Inbound,
  inbound,
  location,
  media,
  MEDIA_TYPES,
  numberChanged,
  type Persona,
  reaction,
  revoke,
  text,
  unsupported,
  type Update,
  userIdChanged,
} from "../world/world.ts";

/** A file that is on the stand-in's shelf, or anywhere else. */
export interface PlayedMedium {
  id: string;
  /** Of the bytes, in base64. */
  sha256: string;
  mime_type?: string | undefined;
  caption?: string | undefined;
  filename?: string | undefined;
  /** Of audio: recorded in the chat. */
  voice?: boolean | undefined;
  /** Of a sticker. */
  animated?: boolean | undefined;
  /** Where it can be fetched, for some minutes. */
  url?: string | undefined;
}

type Content = Record<string, unknown>;

/** What a person does on the phone; the sandbox's `POST /api/v1/sandbox/messages` takes a part of it. */
export interface PlayInput {
  from: string;
  profile_name?: string | undefined;
  phone_number_id: string;
  text?: string | undefined;
  button?: { payload: string; text: string } | undefined;
  reaction?: { message_id: string; emoji: string } | undefined;
  revoke?: string | undefined;
  edit?: { message_id: string; text: string } | undefined;
  location?:
    | {
        latitude: number;
        longitude: number;
        name?: string | undefined;
        address?: string | undefined;
        url?: string | undefined;
      }
    | undefined;
  image?: PlayedMedium | undefined;
  video?: PlayedMedium | undefined;
  audio?: PlayedMedium | undefined;
  document?: PlayedMedium | undefined;
  sticker?: PlayedMedium | undefined;
  contacts?: Content[] | undefined;
  button_reply?: { id: string; title: string } | undefined;
  list_reply?: { id: string; title: string; description?: string | undefined } | undefined;
  /** What a flow's screens were filled in with. */
  flow_reply?: Content | undefined;
  call_permission?: "accept" | "reject" | undefined;
  order?: Content | undefined;
  /** The person has another number now. */
  new_number?: string | undefined;
  /** Meta's id of the person is another now. */
  new_user_id?: string | undefined;
  /** The chat has another security code: its hash. */
  new_identity?: string | undefined;
  /** Of something that Meta doesn't pass on, the name: `poll_creation`, `view_once`, … */
  unsupported?: string | undefined;
  /** The ad or post that was tapped before. */
  referral?: Content | undefined;
  forwarded?: boolean | undefined;
  context_wamid?: string | undefined;
}

/** The webhook's update for one thing that a person does on the phone. */
export function updateOf(
  input: PlayInput,
  cast: { personas: readonly Persona[]; numbers: readonly BusinessNumber[] },
  wamid: string,
  time: number,
): Update {
  const number = cast.numbers.find((known) => known.phone_number_id === input.phone_number_id);
  if (!number) throw new Problem("INVALID_REQUEST", "phone_number_id is none of the sandbox's numbers.");
  const known = cast.personas.find((persona) => persona.wa_id === input.from);
  const from: Persona = {
    wa_id: input.from,
    name: input.profile_name ?? known?.name ?? `+${input.from}`,
    username: known?.username ?? null,
    user_id: known?.user_id,
    hidden: known?.hidden,
  };
  const about: Inbound = { number, from, wamid, time, context_wamid: input.context_wamid };
  const update = contentOf(input, about);
  if (input.referral) update.item["referral"] = input.referral;
  if (input.forwarded) update.item["context"] = { forwarded: true };
  return update;
}

function contentOf(input: PlayInput, about: Inbound): Update {
  if (input.text !== undefined) return text(about, input.text);
  if (input.button) return button(about, input.button);
  if (input.reaction) return reaction(about, input.reaction.message_id, input.reaction.emoji);
  if (input.revoke !== undefined) return revoke(about, input.revoke);
  if (input.edit) return edit(about, input.edit.message_id, input.edit.text);
  if (input.location) return location(about, { ...input.location });
  for (const type of MEDIA_TYPES) {
    const file = input[type];
    if (file) return media(about, type, { ...file });
  }
  if (input.contacts) return contacts(about, input.contacts);
  if (input.button_reply) return buttonReply(about, input.button_reply);
  if (input.list_reply)
    return inbound(about, "interactive", { type: "list_reply", list_reply: input.list_reply });
  if (input.flow_reply)
    return inbound(about, "interactive", {
      type: "nfm_reply",
      nfm_reply: { name: "flow", body: "Sent", response_json: JSON.stringify(input.flow_reply) },
    });
  if (input.call_permission)
    return inbound(about, "interactive", {
      type: "call_permission_reply",
      call_permission_reply: {
        response: input.call_permission,
        is_permanent: false,
        // Calls are allowed for a week at a time.
        ...(input.call_permission === "accept" ? { expiration_timestamp: about.time + 604_800 } : {}),
        response_source: "user_action",
      },
    });
  if (input.order) return inbound(about, "order", input.order);
  if (input.new_number !== undefined) return numberChanged(about, input.new_number);
  if (input.new_user_id !== undefined) return userIdChanged(about, input.new_user_id);
  if (input.new_identity !== undefined) return identityChanged(about, input.new_identity);
  if (input.unsupported !== undefined) return unsupported(about, input.unsupported);
  throw new Problem(
    "INVALID_REQUEST",
    "Say what to play: a text, a file, a location, contacts, an order, a tap, a reaction, an edit or a revoke.",
  );
}
