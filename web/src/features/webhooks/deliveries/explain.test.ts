import { expect, test } from "vitest";
import { nextTry } from "../../../lib/words/next-attempt.ts";
import type { Attempt, DeliveryDetail } from "../../../lib/types.ts";
import { explain } from "./explain.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
const endpoint = { enabled: true, state: "ok", held_until: null, timeout_ms: 15_000 } as const;
const attempt = (attempt: number, more: Partial<Attempt> = {}) =>
  ({
    attempt,
    started_at: at(attempt - 60),
    status: 500,
    error: "The server answered 500.",
    error_code: "http_status",
    ...more,
  }) as Attempt;
const delivery = (more: Partial<DeliveryDetail>) =>
  ({
    kind: "event",
    state: "pending",
    attempts: more.attempt_log?.length ?? 0,
    under_way: false,
    next_attempt_at: null,
    last_error: null,
    attempt_log: [],
    ...more,
  }) as DeliveryDetail;

test("a failed delivery says how often it was tried, why the last attempt failed, and what to do", () => {
  const { tone, what, advice } = explain(
    delivery({ state: "failed", attempt_log: [attempt(1), attempt(2), attempt(7)] }),
    endpoint,
    now,
  );
  expect(tone).toBe("bad");
  expect(what).toBe(
    "Failed after 3 attempts over 6 min, and is not retried any more. Your server answered 500. Only 2xx counts as received.",
  );
  expect(advice).toContain("log");
});

test("one that waits says what for: its first attempt, the next one, the end of a pause", () => {
  expect(explain(delivery({}), endpoint, now).what).toBe("Waiting for its first attempt.");
  const failed = { attempt_log: [attempt(1)], next_attempt_at: at(5) };
  expect(explain(delivery(failed), endpoint, now).what).toBe(
    "One attempt failed so far. Your server answered 500. Only 2xx counts as received. It is retried.",
  );
  expect(explain(delivery(failed), { ...endpoint, held_until: at(9) }, now).what).toContain(
    "asked for a pause",
  );
  const failing = { ...endpoint, state: "failing", held_until: at(9) } as const;
  expect(explain(delivery(failed), failing, now).what).toContain("paused after failures");
  // The pause ends before its own turn comes.
  expect(explain(delivery(failed), { ...endpoint, held_until: at(2) }, now).what).not.toContain("paused");
  expect(explain(delivery({ ...failed, under_way: true }), endpoint, now).what).toContain("at this moment");
});

test("the next attempt is when its turn comes, and not while its endpoint is paused", () => {
  const waiting = delivery({ next_attempt_at: at(5) });
  expect(nextTry(waiting, endpoint)).toBe(at(5));
  expect(nextTry(waiting, { held_until: at(2) })).toBe(at(5));
  expect(nextTry(waiting, { held_until: at(9) })).toBe(at(9));
  expect(nextTry({ ...waiting, state: "held" }, endpoint)).toBeNull();
});

test("one that is held says who holds it and how it goes on", () => {
  const held = delivery({ state: "held" });
  expect(explain(held, { ...endpoint, enabled: false }, now).what).toContain("off");
  expect(explain(held, { ...endpoint, state: "disabled" }, now).what).toContain("disabled");
  expect(explain(held, { ...endpoint, enabled: false }, now).advice).toContain("Enable the webhook");
});

test("whatever the server answers, the advice fits it", () => {
  const advice = (more: Partial<Attempt>) =>
    explain(delivery({ state: "failed", attempt_log: [attempt(1, more)] }), endpoint, now).advice;
  expect(advice({ status: 401 })).toContain("secret");
  expect(advice({ status: 404 })).toContain("path");
  expect(advice({ status: 413 })).toContain("size");
  expect(advice({ status: 429 })).toContain("rate limit");
  expect(advice({ status: 503 })).toContain("busy");
  expect(advice({ status: 418 })).toContain("2xx");
  expect(advice({ status: null, error_code: "timeout" })).toContain("15 s");
  // Their sentences say what to do.
  for (const error_code of ["tls_wrong_host", "redirect"])
    expect(advice({ status: null, error_code })).toBeNull();
  expect(advice({ status: null, error_code: "something new" })).toBeNull();
});

test("one that was delivered says after how many attempts", () => {
  const received = attempt(2, { status: 204, error: null, error_code: null });
  expect(
    explain(delivery({ state: "delivered", attempt_log: [attempt(1), received] }), endpoint, now).what,
  ).toBe("Delivered with HTTP 204 after 2 attempts over 1 min.");
});
