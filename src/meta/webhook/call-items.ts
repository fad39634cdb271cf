import { tableOf } from "../../base/base.ts";
import type { CallEnd, Person } from "../events.ts";
import { asFailures, asObject, asRecord, asText, asTime_ms, type JsonObject } from "../json/json.ts";
import { completed, isIdentified, personOf, sameNumber } from "./people.ts";
import { type ItemReader, type Reading, type Surroundings, unreadable } from "./reading.ts";

/** Meta's names of what is told after a call, and ours. */
const EVENTS = tableOf<string>({
  call_created: "created",
  call_recording_available: "recording",
  call_transcription_available: "transcription",
  call_transcript_available: "transcription",
});

/** `value.calls[]` of the field `calls`. SDP is the business of who speaks, and is not kept. */
export const readCall: ItemReader = (item, around) => {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const call_id = asText(item["id"]);
  const named = asText(item["event"])?.toLowerCase() ?? null;
  if (call_id === null || named === null) {
    return [unreadable("calls", "calls", "The call has no id, or nothing happened to it.", occurred_at_ms)];
  }
  const event = Object.hasOwn(EVENTS, named) ? EVENTS[named]! : named;
  const file = asObject(item["call_recording"])?.["audio"] ?? asObject(item["call_transcript"])?.["document"];
  const { person, by_business } = partiesOf(item, around);
  return [
    reading(around, occurred_at_ms, {
      call_id,
      person,
      by_business,
      event,
      end: event === "terminate" ? endOf(item, around) : null,
      file: asRecord(file),
    }),
  ];
};

/** `value.statuses[]` of the field `calls`: how a call that the business makes gets on at the person's end. */
export function readCallStatus(item: JsonObject, around: Surroundings): Reading[] {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const call_id = asText(item["id"]);
  const event = asText(item["status"])?.toLowerCase() ?? null;
  if (call_id === null || event === null) {
    return [unreadable("statuses", "calls", "The status names no call, or says nothing.", occurred_at_ms)];
  }
  const own = personOf(
    asText(item["recipient_id"]),
    asText(item["recipient_user_id"]),
    asText(item["recipient_parent_user_id"]) ?? asText(item["parent_recipient_user_id"]),
  );
  const person = completed(own, around.contacts, around.item_count);
  return [
    reading(around, occurred_at_ms, { call_id, person, by_business: true, event, end: null, file: null }),
  ];
}

function reading(
  around: Surroundings,
  occurred_at_ms: number | null,
  call: Omit<Extract<Reading["data"], { kind: "call" }>, "kind">,
): Reading {
  return {
    data: { kind: "call", ...call },
    subscription: "calls",
    occurred_at_ms,
    key: `call:${around.phone_number_id ?? ""}:${call.call_id}:${call.event}`,
  };
}

/**
 * Who is on the line with the business. Meta's own samples disagree on which side of `from` and `to` that is, so the
 * business is told by its number first, then by the direction. Only people have user ids.
 */
function partiesOf(item: JsonObject, around: Surroundings): { person: Person; by_business: boolean | null } {
  const [from, to] = [asText(item["from"]), asText(item["to"])];
  const [from_user, to_user] = [asText(item["from_user_id"]), asText(item["to_user_id"])];
  const direction = asText(item["direction"])?.toUpperCase() ?? null;
  const isOurs = (number: string | null) => sameNumber(number, around.display_phone_number);
  const by_business =
    direction === "BUSINESS_INITIATED"
      ? true
      : direction === "USER_INITIATED"
        ? false
        : isOurs(from) || to_user !== null
          ? true
          : from !== null || from_user !== null
            ? false
            : null;
  const [near, far] = by_business === true ? [to, from] : [from, to];
  const number = near !== null && !isOurs(near) ? near : isOurs(far) ? null : far;
  const own = personOf(
    number,
    to_user ?? from_user,
    asText(item["to_parent_user_id"]) ?? asText(item["from_parent_user_id"]),
  );
  const person = completed(own, around.contacts, around.item_count);
  return { person, by_business: isIdentified(person) ? by_business : null };
}

/** Meta prints COMPLETED and Completed. Times and duration come only with a call that was answered. */
function endOf(item: JsonObject, around: Surroundings): CallEnd {
  const failed = asText(item["status"])?.toUpperCase() === "FAILED";
  const seconds = Number(asText(item["duration"]) ?? Number.NaN);
  const duration_s = Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds) : null;
  const started_at_ms = asTime_ms(item["start_time"]);
  const own = asFailures(item["errors"]);
  return {
    picked_up: started_at_ms !== null || (duration_s ?? 0) > 0,
    failed,
    started_at_ms,
    ended_at_ms: asTime_ms(item["end_time"]),
    duration_s,
    // They stand beside the list; whose they are is clear of a call that is alone.
    errors:
      own.length > 0 ? own : failed && around.item_count === 1 ? asFailures(around.value["errors"]) : [],
  };
}
