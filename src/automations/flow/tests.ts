import type { Atom, Test } from "../../contract/automations.ts";
import { isWithin, nextTime } from "./clock.ts";
import { answeredFrom, answerOf, keyOfCondition, keyOfSegment, messageOf, type Known } from "./known.ts";
import { isSaid } from "./words.ts";

const MINUTE_MS = 60_000;

/** Whether a test is true at a moment, by what had happened until then. An empty group of `all` is true, one of `any` is not. */
export function holdsAt(test: Test, known: Known, at_ms: number): boolean {
  const item = (one: Test["items"][number]): boolean =>
    "items" in one ? holdsAt(one, known, at_ms) : atomAt(one, known, at_ms);
  return test.join === "all" ? test.items.every(item) : test.items.some(item);
}

export function atomAt(atom: Atom, known: Known, at_ms: number): boolean {
  return positiveAt(atom, known, at_ms) !== atom.not;
}

function positiveAt(atom: Atom, known: Known, at_ms: number): boolean {
  const by = (time_ms: number | null) => time_ms !== null && time_ms <= at_ms;
  switch (atom.is) {
    case "delivery_status": {
      const message = messageOf(known, atom.of);
      if (message === null) return false;
      const { sent_ms, delivered_ms, read_ms, played_ms, failed_ms } = message;
      if (atom.status === "sent") return by(sent_ms) && !by(delivered_ms) && !by(failed_ms);
      return by(
        { delivered: delivered_ms, read: read_ms, played: played_ms, failed: failed_ms }[atom.status],
      );
    }
    case "replied": {
      const from_ms = answeredFrom(messageOf(known, atom.of), known);
      const until_ms =
        atom.within_min === null ? at_ms : Math.min(at_ms, from_ms + atom.within_min * MINUTE_MS);
      return known.replies.some(
        (reply) => reply.at_ms >= from_ms && reply.at_ms <= until_ms && isSaid(reply, atom),
      );
    }
    case "contact":
      return known.holds.get(keyOfCondition(atom.condition)) ?? false;
    case "segment":
      return atom.segment_id !== null && (known.holds.get(keyOfSegment(atom.segment_id)) ?? false);
    case "window_open":
      return known.window_until_ms !== null && known.window_until_ms > at_ms;
    case "time":
      return isWithin(atom.hours, known.zone, at_ms);
    case "payload":
      return isValue(valueAt(known.payload, atom.path), atom.test);
    case "answer":
      return isValue(valueAt(answerOf(known, atom.of), atom.path), atom.test);
    case "event":
      return known.events.some((event) => event.name === atom.name && event.at_ms <= at_ms);
  }
}

/** What stands at the path; undefined: nothing. */
export function valueAt(payload: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    payload,
  );
}

/** A value as it stands in a text; null: it is none, or more than a value. */
export function spelledOut(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : null;
}

function isValue(value: unknown, test: Extract<Atom, { is: "payload" }>["test"]): boolean {
  const is_set = value !== undefined && value !== null && value !== "";
  const text = spelledOut(value)?.toLowerCase() ?? null;
  const is = (wanted: string) => is_set && text === wanted.toLowerCase();
  switch (test.op) {
    case "is_set":
      return is_set;
    case "is_not_set":
      return !is_set;
    case "is":
      return is(String(test.value));
    case "is_not":
      return !is(test.value);
    case "in":
      return test.value.some(is);
    case "not_in":
      return !test.value.some(is);
    case "contains":
      return is_set && (text?.includes(test.value.toLowerCase()) ?? false);
    case "starts_with":
      return is_set && (text?.startsWith(test.value.toLowerCase()) ?? false);
    default:
      return isNumber(value, test);
  }
}

function isNumber(
  value: unknown,
  test: { op: "=" | "<" | ">" | "<=" | ">="; value: number } | { op: "between"; value: [number, number] },
): boolean {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) return false;
  switch (test.op) {
    case "=":
      return number === test.value;
    case "<":
      return number < test.value;
    case ">":
      return number > test.value;
    case "<=":
      return number <= test.value;
    case ">=":
      return number >= test.value;
    case "between":
      return number >= test.value[0] && number <= test.value[1];
  }
}

export const atomsOf = (test: Test): Atom[] =>
  test.items.flatMap((one) => ("items" in one ? atomsOf(one as Test) : [one]));

/** The moments in (from, to] at which what a test says may change, by what is known; in order. */
export function momentsOf(test: Test, known: Known, from_ms: number, to_ms: number): number[] {
  const moments = atomsOf(test).flatMap((atom): (number | null)[] => {
    switch (atom.is) {
      case "delivery_status": {
        const message = messageOf(known, atom.of);
        return message === null
          ? []
          : [message.sent_ms, message.delivered_ms, message.read_ms, message.played_ms, message.failed_ms];
      }
      case "replied":
        return known.replies.map(({ at_ms }) => at_ms);
      case "event":
        return known.events.map(({ at_ms }) => at_ms);
      case "window_open":
        return [known.window_until_ms];
      case "time": {
        const { from, to, weekdays } = atom.hours;
        return [
          nextTime({ time: from, weekdays }, known.zone, from_ms),
          nextTime({ time: to, weekdays: null }, known.zone, from_ms),
        ];
      }
      case "contact":
      case "segment":
      case "payload":
      case "answer":
        return [];
    }
  });
  return [...new Set(moments.filter((at) => at !== null))]
    .filter((at) => at > from_ms && at <= to_ms)
    .toSorted((a, b) => a - b);
}

/** What each atom was decided from, for people to see. */
export function explainAt(test: Test, known: Known, at_ms: number): Record<string, unknown>[] {
  return atomsOf(test).map((atom) => ({
    ...atom,
    result: atomAt(atom, known, at_ms),
    ...factsOf(atom, known),
  }));
}

const time = (at_ms: number | null) => (at_ms === null ? null : new Date(at_ms).toISOString());

function factsOf(atom: Atom, known: Known): Record<string, unknown> {
  switch (atom.is) {
    case "delivery_status":
    case "replied": {
      const message = messageOf(known, atom.of);
      const from_ms = answeredFrom(message, known);
      const reply = known.replies.find(
        (one) => one.at_ms >= from_ms && (atom.is !== "replied" || isSaid(one, atom)),
      );
      return { ...messageTimes(message), replied_at: time(reply?.at_ms ?? null) };
    }
    case "payload":
      return { value: valueAt(known.payload, atom.path) ?? null };
    case "answer":
      return { value: valueAt(answerOf(known, atom.of), atom.path) ?? null };
    case "window_open":
      return { until: time(known.window_until_ms) };
    case "event":
      return { occurred_at: time(known.events.find(({ name }) => name === atom.name)?.at_ms ?? null) };
    default:
      return {};
  }
}

export function messageTimes(message: ReturnType<typeof messageOf>): Record<string, unknown> {
  if (message === null) return { message_id: null };
  return {
    message_id: message.id,
    sent_at: time(message.sent_ms),
    delivered_at: time(message.delivered_ms),
    read_at: time(message.read_ms),
    played_at: time(message.played_ms),
    failed_at: time(message.failed_ms),
  };
}
