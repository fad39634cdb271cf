import { randomBytes } from "node:crypto";
import { Problem } from "../../../base/base.ts";
import {
  type BusinessNumber,
  contactOf,
  identityShown,
  type Persona,
  type Update,
  userIdBehind,
} from "../../world/world.ts";

export interface VoiceCall {
  id: string;
  number: BusinessNumber;
  person: Persona;
  direction: "BUSINESS_INITIATED" | "USER_INITIATED";
  state: "ringing" | "talking" | "ended";
  callback_data: string | null;
  /** Unix seconds: when it was answered. */
  started_at: number | null;
}

/** The calls of all numbers. What it returns is to be told by webhook. */
export interface CallBook {
  find(id: string): VoiceCall | undefined;
  /** Those of a day, of a number with one person. */
  count(phone_number_id: string, user_id: string, since_s: number): number;
  /** A person calls the business. */
  ring(number: BusinessNumber, person: Persona, time: number): { id: string; told: Update };
  /** The business calls a person. */
  dial(number: BusinessNumber, person: Persona, callback_data: string | null, time: number): VoiceCall;
  /** Either side ends it, or it is never answered. */
  end(call: VoiceCall, time: number): Update;
  /** The person ends it. Problem: INVALID_REQUEST. */
  hangUp(id: string, time: number): Update;
  /** A person has another user id. */
  rename(previous: string, user_id: string): void;
}

/** The media of a simulated call lead nowhere: an address that is kept for documentation. */
export const SDP = [
  "v=0",
  "o=- 7669997803033704573 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "c=IN IP4 192.0.2.1",
  "a=mid:0",
  "a=sendrecv",
  "a=rtpmap:111 opus/48000/2",
  "",
].join("\r\n");

export function createCallBook(): CallBook {
  const kept = new Map<string, VoiceCall & { made_at: number }>();
  const make = (
    call: Pick<VoiceCall, "number" | "person" | "direction" | "callback_data">,
    made_at: number,
  ): VoiceCall => {
    const id = `wacid.${Buffer.from(`${identityShown(call.person)}${randomBytes(16).toString("hex")}`).toString("base64")}`;
    const made = { ...call, id, state: "ringing" as const, started_at: null, made_at };
    kept.set(id, made);
    return made;
  };
  const end = (call: VoiceCall, time: number): Update => {
    const { started_at } = call;
    call.state = "ended";
    return callUpdate(call, time, {
      event: "terminate",
      status: started_at === null ? "FAILED" : "COMPLETED",
      ...(started_at === null
        ? {}
        : {
            start_time: String(started_at),
            end_time: String(time),
            duration: Math.max(1, time - started_at),
          }),
      ...(call.callback_data === null ? {} : { biz_opaque_callback_data: call.callback_data }),
    });
  };
  return {
    find: (id) => kept.get(id),
    count: (phone_number_id, user_id, since_s) =>
      [...kept.values()].filter(
        ({ number, person, made_at }) =>
          number.phone_number_id === phone_number_id &&
          userIdBehind(person) === user_id &&
          made_at >= since_s,
      ).length,
    ring(number, person, time) {
      const call = make({ number, person, direction: "USER_INITIATED", callback_data: null }, time);
      const session = { sdp_type: "offer", sdp: SDP };
      return { id: call.id, told: callUpdate(call, time, { event: "connect", session }) };
    },
    dial: (number, person, callback_data, time) =>
      make({ number, person, direction: "BUSINESS_INITIATED", callback_data }, time),
    end,
    hangUp(id, time) {
      const call = kept.get(id);
      if (!call || call.state === "ended") throw new Problem("INVALID_REQUEST", `There is no call ${id}.`);
      return end(call, time);
    },
    rename(previous, user_id) {
      for (const call of kept.values())
        if (userIdBehind(call.person) === previous) call.person = { ...call.person, user_id };
    },
  };
}

/** `connect` and `terminate`: who called which side, and how it ended. */
export function callUpdate(call: VoiceCall, time: number, about: Record<string, unknown>): Update {
  const { number, person, direction } = call;
  const isOurs = direction === "BUSINESS_INITIATED";
  const business = number.display_phone_number.replace(/\D/g, "");
  const them = person.hidden ? {} : { [isOurs ? "to" : "from"]: person.wa_id };
  return {
    waba_id: number.waba_id,
    number,
    field: "calls",
    list: "calls",
    item: {
      id: call.id,
      [isOurs ? "from" : "to"]: business,
      ...them,
      [isOurs ? "to_user_id" : "from_user_id"]: userIdBehind(person),
      timestamp: String(time),
      direction,
      ...about,
    },
    contact: contactOf(person, true),
    time,
  };
}

/** How a call of the business goes at the person's: RINGING, ACCEPTED or REJECTED. */
export function callStatus(call: VoiceCall, status: string, time: number): Update {
  const { number, person, callback_data } = call;
  return {
    waba_id: number.waba_id,
    number,
    field: "calls",
    list: "statuses",
    item: {
      id: call.id,
      timestamp: String(time),
      type: "call",
      status,
      ...(person.hidden ? {} : { recipient_id: person.wa_id }),
      recipient_user_id: userIdBehind(person),
      ...(callback_data === null ? {} : { biz_opaque_callback_data: callback_data }),
    },
    contact: contactOf(person, true),
    time,
  };
}
