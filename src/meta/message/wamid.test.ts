import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wamidOver } from "../../../test/support/inbox.ts";
import { idOf } from "../../base/base.ts";
import { messageHash, readWamid } from "./wamid.ts";

const TOKEN = "7047A546F10368488BE7F5370501A840";
const NUMBER = "0190e6b2-0000-7000-8000-000000000001";
const OTHER = "0190e6b2-0000-7000-8000-000000000002";

describe("the parts of a message id (F1)", () => {
  it.each([
    [
      "of what a customer wrote, over the number",
      "wamid.HBgMMjAxMDAxMjM0NTY3FQIAEhggNzA0N0E1NDZGMTAzNjg0OEJFN0Y1MzcwNTAxQTg0MEYA",
      { kind: "wa_id", value: "201001234567" },
      false,
      "7047A546F1036848BE7F5370501A840F",
    ],
    [
      "of the same message, over the user id",
      "wamid.HBgTRUcuODg0MjczODIzMDk0MTAwNxUUABIYIDcwNDdBNTQ2RjEwMzY4NDhCRTdGNTM3MDUwMUE4NDBGAA==",
      { kind: "bsuid", value: "EG.8842738230941007" },
      false,
      "7047A546F1036848BE7F5370501A840F",
    ],
    [
      "of what the business wrote on its phone",
      "wamid.HBgNNTUyMTk4NzY1NDMyMRUCABEYEjZBQzRBREY5MDA2RjJFQTQ2RQA=",
      { kind: "wa_id", value: "5521987654321" },
      true,
      "6AC4ADF9006F2EA46E",
    ],
    [
      "of the same, as the customer's side has it",
      "wamid.HBgLMTU1NTAxMDc4OTAVAgARGBI2QUM0QURGOTAwNkYyRUE0NkUA",
      { kind: "wa_id", value: "15550107890" },
      true,
      "6AC4ADF9006F2EA46E",
    ],
    [
      "as Meta's reference shows it",
      "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA=",
      { kind: "wa_id", value: "14125550829" },
      false,
      "3ACB699D505FF1FD3EAD",
    ],
  ])("%s", (_, wamid, identity, from_business, token) => {
    expect(readWamid(wamid)).toEqual({ identity, from_business, token });
  });

  it.each([
    ["an opaque one", "wamid.TEXT123"],
    ["none at all", ""],
    ["a stand-in of ours", "no-id.0123456789abcdef0123456789abcdef"],
    ["a call's", `wacid.${wamidOver("16505551234", TOKEN).slice(6)}`],
    ["one with a line break", `${wamidOver("16505551234", TOKEN)}\n`],
    ["one cut short", wamidOver("16505551234", TOKEN).slice(0, -8)],
    ["one with more behind the token", `wamid.${withMore()}`],
    ["one whose token is no text", "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBJ00000000000000000001882DA"],
    ["one with a token that is too short to prove anything", wamidOver("16505551234", "A1B2")],
    ["one over an identity of an unknown form", wamidOver("someone@lid", TOKEN)],
  ])("are not guessed: %s is its whole text", (_, wamid) => {
    expect(readWamid(wamid)).toBeNull();
    expect(messageHash(NUMBER, wamid)).toBe(idOf(wamid));
  });

  it("are found in whatever they were built from, and nothing else throws", () => {
    const hex = fc.constantFrom(...Array.from("0123456789ABCDEF"));
    const token = fc.string({ unit: hex, minLength: 16, maxLength: 32 });
    const identity = fc.oneof(
      fc.stringMatching(/^[1-9]\d{6,14}$/),
      fc.stringMatching(/^[A-Z]{2}\.[A-Za-z0-9]{10,40}$/),
    );
    fc.assert(
      fc.property(identity, identity, token, fc.boolean(), (one, other, token, from_business) => {
        expect(readWamid(wamidOver(one, token, { from_business }))).toEqual({
          identity: { kind: /^\d/.test(one) ? "wa_id" : "bsuid", value: one },
          from_business,
          token,
        });
        expect(messageHash(NUMBER, wamidOver(one, token))).toBe(messageHash(NUMBER, wamidOver(other, token)));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(messageHash(NUMBER, text)).toMatch(/^[0-9a-f-]{36}$/);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        readWamid(`wamid.${Buffer.from(bytes).toString("base64")}`);
      }),
    );
  });
});

it("the same token of another business number, or of none, is another message (F1)", () => {
  const wamid = wamidOver("201001234567", TOKEN);
  const hashes = [NUMBER, OTHER, null].map((number) => messageHash(number, wamid));
  expect(new Set(hashes).size).toBe(3);
  expect(messageHash(null, wamid)).toBe(idOf(wamid));
});

function withMore(): string {
  const bytes = Buffer.from(wamidOver("16505551234", TOKEN).slice(6), "base64");
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from([0x11, 0x00])]).toString("base64");
}
