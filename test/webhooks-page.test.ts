import { join } from "node:path";
import { expect, test } from "vitest";
import { Problem, projectDir } from "../src/base/base.ts";
import { MAX_ENDPOINTS } from "../src/delivery/endpoints/endpoints.ts";
import { createGuard } from "../src/delivery/http/ssrf-guard.ts";
import { RETRY_PRESETS } from "../src/delivery/policy/retry-schedule.ts";
import { readTargetUrl } from "../src/delivery/http/target-url.ts";
import { SUBSCRIPTIONS } from "../src/meta/events.ts";

/** Pages and server share no code; what both know is held together here. */
const page = <T>(file: string) => import(join(projectDir, "web/src/features/webhooks", file)) as Promise<T>;
const { urlProblem } = await page<{ urlProblem: (url: string) => string | null }>("model/endpoint-url.ts");
const { SCHEDULES } = await page<{ SCHEDULES: Record<string, { waits_s: number[] }> }>(
  "model/retry-schedules.ts",
);
const { EVENTS } = await page<{ EVENTS: { event: string }[] }>("model/event-kinds.ts");
const { ENDPOINT_LIMIT } = await page<{ ENDPOINT_LIMIT: number }>("model/endpoint-queries.ts");

const guard = createGuard({ allowed: [] });
function serverSays(url: string): string | null {
  try {
    readTargetUrl(url, guard);
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.message;
  }
}
const ofLength = (length: number) => "https://example.com/".padEnd(length, "a");

test.each([
  "https://example.com/hook",
  "HTTPS://EXAMPLE.COM",
  "http://example.com:8080/a?b=c",
  "",
  "example.com/hook",
  "ftp://example.com",
  "http:/example.com",
  ofLength(512),
  ofLength(513),
  `${ofLength(500)}${"😀".repeat(12)}`,
  `${ofLength(500)}${encodeURI("😀".repeat(12))}`,
  `${ofLength(500)}${encodeURI("😀".repeat(13))}`,
  `${ofLength(500)}${"%80".repeat(12)}`,
  "https://exa mple.com",
  "https://example.com/a b",
  "https://",
  "https://example.com:99999/",
  "https://user:word@example.com/",
])("the webhooks page says of %j what the server says", (url) => {
  expect(urlProblem(url)).toBe(serverSays(url));
});

test("the schedules that the webhooks page tells are those by which the dispatcher tries", () => {
  const told = Object.entries(SCHEDULES).map(([preset, { waits_s }]) => [preset, waits_s]);
  expect(Object.fromEntries(told)).toEqual(RETRY_PRESETS);
});

test("the webhooks page offers every event that there is, and knows how many endpoints there may be", () => {
  expect(EVENTS.map(({ event }) => event)).toEqual(SUBSCRIPTIONS);
  expect(ENDPOINT_LIMIT).toBe(MAX_ENDPOINTS);
});
