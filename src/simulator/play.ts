import { Problem } from "../base/base.ts";
import type { BusinessNumber, Persona } from "./cast.ts";
import { button, edit, type Inbound, location, reaction, revoke, text, type Update } from "./updates.ts";

/** What the sandbox's phone does: the body of `POST /api/v1/sandbox/messages`. */
export interface PlayInput {
  from: string;
  profile_name?: string | undefined;
  phone_number_id: string;
  text?: string | undefined;
  button?: { payload: string; text: string } | undefined;
  reaction?: { message_id: string; emoji: string } | undefined;
  revoke?: string | undefined;
  edit?: { message_id: string; text: string } | undefined;
  location?: { latitude: number; longitude: number; name?: string | undefined } | undefined;
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
  };
  const about: Inbound = { number, from, wamid, time, context_wamid: input.context_wamid };
  if (input.text !== undefined) return text(about, input.text);
  if (input.button) return button(about, input.button);
  if (input.reaction) return reaction(about, input.reaction.message_id, input.reaction.emoji);
  if (input.revoke !== undefined) return revoke(about, input.revoke);
  if (input.edit) return edit(about, input.edit.message_id, input.edit.text);
  if (input.location) return location(about, { ...input.location });
  throw new Problem(
    "INVALID_REQUEST",
    "Say what to play: a text, button, reaction, edit, revoke or location.",
  );
}
