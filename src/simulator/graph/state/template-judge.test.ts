import fc from "fast-check";
import { expect, it } from "vitest";
import { checkTemplate } from "../../../template-rules/template-rules.ts";
import { judgeTemplate } from "./template-judge.ts";

const name = fc.constantFrom("{{1}}", "{{2}}", "{{3}}", "{{name}}", "{{first_name}}", "{{}}", "{{1");
const words = fc.constantFrom("Hello", "your order", "is on its way", "!", " ", "\n", "🌷", "*bold*", "שלום");
const text = (most: number) =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: words }, name), { maxLength: most })
    .map((parts) => parts.join(" "));
const samples = fc.array(fc.constantFrom("Ada", "4821", ""), { maxLength: 3 });
const example = (place: "body" | "header") =>
  fc.oneof(
    samples.map((row) => (place === "body" ? { body_text: [row] } : { header_text: row })),
    fc.constant({
      [`${place}_text_named_params`]: ["name", "first_name"].map((param_name) => ({
        param_name,
        example: "Ada",
      })),
    }),
    fc.constant({ header_handle: ["4:aW"] }),
  );
const header = fc.record({
  type: fc.constant("HEADER"),
  format: fc.constantFrom("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "AUDIO"),
  text: text(3),
  example: example("header"),
});
const button = fc.record({
  type: fc.constantFrom(
    "QUICK_REPLY",
    "URL",
    "PHONE_NUMBER",
    "COPY_CODE",
    "FLOW",
    "VOICE_CALL",
    "CATALOG",
    "LINK",
  ),
  text: fc.constantFrom("Yes", "No", "Track", "", "x".repeat(26), "{{1}}"),
  url: fc.constantFrom(
    "https://example.com",
    "https://example.com/{{1}}",
    "https://example.com/{{1}}/a",
    "example.com",
    "https://wa.me/1",
  ),
  phone_number: fc.constantFrom("+4915112345678", "0", ""),
  example: fc.constantFrom("SAVE20", "https://example.com/1", "", "x".repeat(16)),
  flow_id: fc.constantFrom("123", ""),
});
const body = fc.record({ type: fc.constant("BODY"), text: text(6), example: example("body") });
const footer = fc.record({
  type: fc.constant("FOOTER"),
  text: fc.constantFrom("Fjord & Fell", "", "for {{1}}", "x".repeat(61)),
});
const buttons = fc.record({ type: fc.constant("BUTTONS"), buttons: fc.array(button, { maxLength: 4 }) });
const maybe = <T>(part: fc.Arbitrary<T>) => fc.option(part, { freq: 2, nil: null });

const template = fc
  .record({
    category: fc.constantFrom("MARKETING", "UTILITY"),
    parameter_format: fc.constantFrom("POSITIONAL" as const, "NAMED" as const),
    parts: fc.tuple(maybe(header), body, maybe(footer), maybe(buttons)),
  })
  .map(({ parts, ...about }) => ({ ...about, components: parts.filter((part) => part !== null) }));

it("what Wharf lets through Meta's form takes, and what Meta's form refuses Wharf has told before", () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(template, (given) => {
      const faults = checkTemplate({ ...given, name: "a", language: "en", message_send_ttl_seconds: null });
      const errors = faults.filter(({ level }) => level === "error");
      let refusal: string | null = null;
      try {
        judgeTemplate(given);
      } catch (error) {
        refusal = (error as { details: string }).details;
      }
      seen[refusal === null ? "taken" : "refused"] += 1;
      // What Wharf only warns of, and what it is stricter about.
      const is_told = errors.length > 0 || /too many parameters for its length/.test(refusal ?? "");
      const own = errors.filter(({ code }) => code !== "TEXT_TWICE" && code !== "SAMPLE_MISSING");
      expect(refusal === null ? own : is_told ? [] : [refusal]).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(20);
});
