import { createHmac } from "node:crypto";
import { sign, verify } from "@octokit/webhooks-methods";
import { assert, property, string, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { signBody, verifySignature } from "../meta.ts";

const SECRET = "test_app_secret";
const BODY = Buffer.from('{"object":"whatsapp_business_account","entry":[]}');

describe("Meta's signature", () => {
  test("is the HMAC of the raw bytes: one space more is another signature", () => {
    expect(signBody(BODY, SECRET)).toBe(
      "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    );
    expect(signBody(Buffer.from('{"object": "whatsapp_business_account", "entry": []}'), SECRET)).toBe(
      "sha256=56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
    );
  });

  test("agrees with node:crypto for every body and secret, longer than a block too", () => {
    assert(
      property(uint8Array(), string({ unit: "binary", maxLength: 200 }), (bytes, secret) => {
        const body = Buffer.from(bytes);
        const expected = createHmac("sha256", secret).update(body).digest("hex");
        expect(signBody(body, secret)).toBe(`sha256=${expected}`);
      }),
    );
  });

  test("@octokit/webhooks-methods accepts what we sign, and we accept what it signs", async () => {
    expect(await verify(SECRET, BODY.toString(), signBody(BODY, SECRET))).toBe(true);
    expect(verifySignature(BODY, await sign(SECRET, BODY.toString()), [SECRET])).toBe(true);
  });

  test("any of several secrets may have signed, while one is being rotated", () => {
    const signature = signBody(BODY, SECRET);
    expect(verifySignature(BODY, signature, ["new", SECRET])).toBe(true);
    expect(verifySignature(BODY, signature, [SECRET, "new"])).toBe(true);
    expect(verifySignature(BODY, signature, ["new"])).toBe(false);
    expect(verifySignature(BODY, signature, [])).toBe(false);
  });

  test("an empty secret signs nothing", () => {
    expect(verifySignature(BODY, signBody(BODY, ""), [""])).toBe(false);
  });

  test("one changed bit of the body or of the signature is refused", () => {
    const signature = signBody(BODY, SECRET);
    for (let bit = 0; bit < BODY.length * 8; bit++) {
      const changed = Buffer.from(BODY);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifySignature(changed, signature, [SECRET])).toBe(false);
    }
    for (let at = 7; at < signature.length; at++) {
      const digit = signature[at] === "0" ? "1" : "0";
      expect(verifySignature(BODY, signature.slice(0, at) + digit + signature.slice(at + 1), [SECRET])).toBe(
        false,
      );
    }
  });

  const good = signBody(BODY, SECRET);
  test.each([
    ["none", undefined],
    ["an empty one", ""],
    ["another algorithm", good.replace("sha256", "sha1")],
    ["no prefix", good.slice(7)],
    ["upper-case digits", `sha256=${good.slice(7).toUpperCase()}`],
    ["a digit short", good.slice(0, -1)],
    ["a digit more", `${good}0`],
    ["a line break behind", `${good}\n`],
    ["two joined", `${good}, ${good}`],
    ["no hex", `sha256=${"g".repeat(64)}`],
  ])("a header is refused that is malformed: %s", (_, header) => {
    expect(verifySignature(BODY, header, [SECRET])).toBe(false);
  });
});
