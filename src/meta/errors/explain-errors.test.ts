import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { projectDir } from "../../base/base.ts";
import { CODE_LINES } from "./error-codes.ts";
import { type Behaviour, BEHAVIOURS } from "./behaviours.ts";
import { explainFailure, readGraphError, retryDelay_ms, tellingFailure } from "./explain-errors.ts";

const { codes } = JSON.parse(
  readFileSync(join(projectDir, "test/fixtures/meta-error-codes.json"), "utf8"),
) as { codes: Record<string, string> };

/** What may be done about a class of the study. */
const MAY: Record<string, readonly Behaviour[]> = {
  R: ["retry", "throttle_number", "throttle_pair", "throttle_app"],
  L: ["not_now"],
  P: ["give_up", "unreachable", "opted_out", "close_window", "ask"],
  T: ["fix_template"],
  C: ["pause_number", "pause_connection", "ask"],
  A: ["pause_number", "pause_connection"],
  I: ["note"],
};

const nameOf = ({ code, last, subcode }: (typeof CODE_LINES)[number]) =>
  last !== undefined ? `${code}-${last}` : subcode !== undefined ? `${code}/${subcode}` : String(code);

const answer = (status: number, error?: Record<string, unknown>) =>
  readGraphError({ status, body: error ? ({ error } as never) : undefined, retry_after_ms: null });

describe("the catalogue of Meta's errors", () => {
  test.each(Object.entries(codes))(
    "%s (%s) has exactly one line, which does what its class asks",
    (code, classes) => {
      const lines = CODE_LINES.filter((line) => nameOf(line) === code);
      expect(lines).toHaveLength(1);
      expect(classes.split("").flatMap((letter) => MAY[letter]!)).toContain(lines[0]!.behaviour);
      const first = Number.parseInt(code, 10);
      const explained = explainFailure({ code: first, title: "t", message: "m", details: null, href: null });
      expect(explained.symbol).toBe(lines[0]!.symbol);
    },
  );

  it("has no line beyond the study's but for subcodes, and each symbol once", () => {
    const others = CODE_LINES.map(nameOf).filter((name) => codes[name] === undefined);
    expect(others).toEqual(["100/33", "100/2388024", "100/2388043", "100/2388273"]);
    expect(new Set(CODE_LINES.map(({ symbol }) => symbol)).size).toBe(CODE_LINES.length);
  });

  it("speaks in sentences", () => {
    for (const { says, advice } of CODE_LINES) {
      expect(says).toMatch(/^[A-Z].*[.]$/);
      expect(advice).toMatch(/^[A-Z].*[.]$/);
    }
  });

  it("is what docs/meta-errors.md shows, line for line, and so are the behaviours", () => {
    const rows = readFileSync(join(projectDir, "docs/meta-errors.md"), "utf8")
      .split("\n")
      .filter(
        (line) => /^\| `?[a-z\d]/.test(line) && !line.startsWith("| code") && !line.startsWith("| behaviour"),
      )
      .map((line) => line.replaceAll(/ {2,}/g, " "));
    expect(rows).toEqual([
      ...Object.entries(BEHAVIOURS).map(([name, { does }]) => `| \`${name}\` | ${does} |`),
      ...[...CODE_LINES]
        .sort((left, right) => left.code - right.code || (left.subcode ?? 0) - (right.subcode ?? 0))
        .map(
          (line) =>
            `| ${nameOf(line)} | \`${line.symbol}\` | \`${line.behaviour}\` | ${line.says} | ${line.advice} |`,
        ),
    ]);
  });
});

describe("reading an error", () => {
  it("knows it by code, and keeps Meta's words and trace", () => {
    expect(
      answer(400, {
        message: "(#131056) (Business Account, Consumer Account) pair rate limit hit",
        type: "OAuthException",
        code: 131056,
        error_data: { messaging_product: "whatsapp", details: "Message failed to send because …" },
        fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam",
      }),
    ).toMatchObject({
      symbol: "PAIR_RATE_LIMIT",
      behaviour: "throttle_pair",
      code: 131056,
      details: "Message failed to send because …",
      fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam",
      type: "OAuthException",
      http_status: 400,
    });
  });

  it("knows what comes as a subcode of 100", () => {
    const template = { code: 100, error_subcode: 2388023, error_user_title: "Name", error_user_msg: "wait" };
    expect(answer(400, template)).toMatchObject({
      symbol: "TEMPLATE_LANGUAGE_DELETED",
      title: "Name",
      details: "wait",
    });
    expect(answer(400, { code: 100, error_subcode: 33 })).toMatchObject({ symbol: "OBJECT_NOT_VISIBLE" });
    expect(answer(400, { code: 100, error_subcode: 7 })).toMatchObject({ symbol: "INVALID_PARAMETER" });
  });

  it("a range covers what is in it", () => {
    expect(answer(403, { code: 254 })).toMatchObject({ symbol: "API_PERMISSION" });
    expect(answer(403, { code: 300 })).toMatchObject({ symbol: "UNKNOWN", behaviour: "pause_connection" });
  });

  it("a linked file whose host was slow is tried again", () => {
    const failure = { code: 131053, title: null, message: null, href: null };
    expect(explainFailure({ ...failure, details: "Media download timed out" }).behaviour).toBe("retry");
    expect(explainFailure({ ...failure, details: "HTTP code 503 for the link" }).behaviour).toBe("retry");
    expect(explainFailure({ ...failure, details: "mime type text/html" }).behaviour).toBe("give_up");
  });

  test.each([
    [400, { type: "OAuthException" }, "give_up"],
    [400, { type: "GraphMethodException" }, "ask"],
    [401, {}, "pause_connection"],
    [403, {}, "pause_connection"],
    [404, {}, "give_up"],
    [429, {}, "throttle_app"],
    [400, { is_transient: true }, "retry"],
    [500, { is_transient: true }, "retry"],
    [500, {}, "unknown_outcome"],
    [503, {}, "retry"],
  ] as const)("an unknown code with %i and %j is: %s; Meta's own words stay", (status, more, behaviour) => {
    expect(
      answer(status, { code: 999_999, message: "New", error_data: { details: "Why" }, ...more }),
    ).toMatchObject({
      symbol: "UNKNOWN",
      behaviour,
      says: "New",
      advice: "Why",
      code: 999_999,
    });
  });

  test.each([
    [302, "pause_connection"],
    [413, "give_up"],
    [429, "throttle_app"],
    [502, "unknown_outcome"],
  ] as const)("an answer that is none of Meta's, %i, is: %s", (status, behaviour) => {
    expect(answer(status)).toMatchObject({
      symbol: "UNKNOWN",
      behaviour,
      says: `Something answered ${status}, and not as Meta does.`,
    });
  });

  it("an unknown failure of a status gives up the message, and says Meta's title", () => {
    expect(
      explainFailure({ code: 777, title: "Odd", message: "Odd", details: null, href: null }),
    ).toMatchObject({
      symbol: "UNKNOWN",
      behaviour: "give_up",
      says: "Odd",
    });
    expect(
      explainFailure({ code: null, title: null, message: null, details: null, href: null }).says,
    ).toMatch(/\.$/);
  });
});

describe("of several errors of one failure", () => {
  const failed = (...codes: (number | null)[]) =>
    codes.map((code) => ({ code, title: null, message: null, details: null, href: null }));

  test.each([
    [[131000, 131053], 131053],
    [[131053, 131000], 131053],
    [[135000, 131026, 131051], 131051],
    [[131026, 131000], 131026],
    [[131000, 777_777], 777_777],
    [[777_777, 131009], 131009],
    [[null, 131000], 131000],
    [[131049, 131050], 131049],
    [[null], null],
  ])("%j: the one that says why is %s (F23)", (codes, telling) => {
    expect(tellingFailure(failed(...codes))?.code).toBe(telling);
  });

  it("none at all is none (F23)", () => {
    expect(tellingFailure([])).toBeNull();
  });
});

describe("how long to wait", () => {
  const delays = (code: number, retry_after_ms: number | null = null) =>
    [1, 2, 3, 4].map((attempt) =>
      retryDelay_ms({ ...answer(400, { code }), retry_after_ms }, attempt, () => 0),
    );

  it("grows by four for a pair, as Meta advises", () => {
    expect(delays(131056)).toEqual([1_000, 4_000, 16_000, 64_000]);
  });

  it("ends when the tries are used up, and never begins where nothing is to be sent again", () => {
    expect(delays(131000)).toEqual([2_000, 4_000, 8_000, null]);
    expect(delays(131026)).toEqual([null, null, null, null]);
    expect(delays(131050, 1_000)).toEqual([null, null, null, null]);
  });

  it("is at least a day for what Meta held back, and what Meta says when that is longer", () => {
    expect(delays(131049)[0]).toBe(86_400_000);
    expect(delays(4, 600_000)).toEqual([600_000, 600_000, 600_000, 600_000]);
  });

  it("is spread a little, never shortened", () => {
    expect(retryDelay_ms(answer(400, { code: 131056 }), 1, () => 1)).toBe(1_250);
  });
});
