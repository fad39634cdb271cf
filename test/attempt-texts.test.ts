import { join } from "node:path";
import { expect, test } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { ATTEMPT_ERROR_CODES } from "../src/delivery/delivery.ts";

interface Failed {
  error: string | null;
  error_code: string | null;
  status: number | null;
}
const { adviceOfAttempt, saysOfAttempt, saysOfLast } = (await import(
  join(projectDir, "web/src/lib/words/attempt-texts.ts")
)) as {
  saysOfAttempt: (attempt: Failed) => string;
  saysOfLast: (delivery: {
    last_error: string | null;
    last_error_code: string | null;
    last_status: number | null;
  }) => string;
  adviceOfAttempt: (attempt: Omit<Failed, "error">, endpoint: { timeout_ms: number }) => string | null;
};

const sentence = "The server's own sentence.";
/** Their sentence names an address, a host or what is wrong with the answer, so the server's is shown. */
const NAMED_BY_THE_SERVER = ["invalid_response", "redirect", "tls_wrong_host"];

test("every code by which an attempt can fail has a sentence for people; the server's own is for codes from later", () => {
  const said = ATTEMPT_ERROR_CODES.map((error_code) => [
    error_code,
    saysOfAttempt({ error: sentence, error_code, status: 503 }),
  ]);
  expect(said.filter(([, says]) => says === sentence).map(([code]) => code)).toEqual(NAMED_BY_THE_SERVER);
  expect(said.filter(([, says]) => !/^[A-Z].*\.$/.test(says!))).toEqual([]);
  expect(saysOfAttempt({ error: sentence, error_code: "of_a_later_version", status: null })).toBe(sentence);
  // Failed before codes were kept.
  expect(saysOfLast({ last_error: sentence, last_error_code: null, last_status: null })).toBe(sentence);
});

test("what to do is said by code and status", () => {
  const endpoint = { timeout_ms: 15_000 };
  expect(adviceOfAttempt({ error_code: "timeout", status: null }, endpoint)).toContain("Wharf waits 15 s");
  expect(adviceOfAttempt({ error_code: "http_status", status: 401 }, endpoint)).toContain("current secret");
  expect(adviceOfAttempt({ error_code: "tls_expired", status: null }, endpoint)).toContain("Renew");
  expect(adviceOfAttempt({ error_code: "of_a_later_version", status: null }, endpoint)).toBeNull();
});
