import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReceiver } from "../../../test/support/delivery.ts";
import { systemClock } from "../../base/base.ts";
import { createAttempter, type Attempter } from "./attempt.ts";
import { createGuard } from "./ssrf-guard.ts";
import { readLocation } from "./redirect.ts";

describe("a redirect", () => {
  let attempter: Attempter;
  beforeAll(() => {
    attempter = createAttempter({ guard: createGuard({ allowed: ["127.0.0.0/8"] }), clock: systemClock });
  });
  afterAll(() => attempter.stop());

  const errorOf = async (status: number, location?: string, hidden: string[] = []) => {
    const { url } = await createReceiver((_request, res) => {
      res.writeHead(status, location === undefined ? {} : { location }).end();
    });
    const attempt = await attempter.attempt({
      url: new URL(url),
      headers: {},
      hidden,
      body: Buffer.from("{}"),
      timeout_ms: 5_000,
    });
    expect(attempt).toMatchObject({ status, error_code: "redirect" });
    return { error: attempt!.error!, url };
  };

  test.each([
    [300, /several addresses, and prefers https:\/\/www\.shop\.example\/hook\. Enter the one/],
    [
      301,
      /moved for good to https:\/\/www\.shop\.example\/hook\. Redirects are not followed; enter that URL/,
    ],
    [302, /for now to https:\/\/www\.shop\.example\/hook\. Redirects are not followed; enter that URL/],
    [303, /sends on to https:\/\/www\.shop\.example\/hook, as a page does after a form\. Make it answer 2xx/],
    [307, /for now to https:\/\/www\.shop\.example\/hook\. Redirects are not followed; enter that URL/],
    [
      308,
      /moved for good to https:\/\/www\.shop\.example\/hook\. Redirects are not followed; enter that URL/,
    ],
    [304, /Not Modified.*a cache or a proxy/],
    [305, /no longer in use/],
    [306, /no longer in use/],
    [399, /for now to https:\/\/www\.shop\.example\/hook/],
  ])("%d says where to, and what to do (F41)", async (status, words) => {
    const { error } = await errorOf(status, "https://www.shop.example/hook");
    expect(error).toMatch(new RegExp(`^The server answered ${status}`));
    expect(error).toMatch(words);
    // Without a Location it is a whole sentence too.
    const without = await errorOf(status);
    expect(without.error).toMatch(/^The server answered \d{3}.*\.$/);
    expect(without.error).not.toMatch(/null|undefined|www/);
  });

  test("is told with the whole address that it stands for: relative, in UTF-8, without a password (F41)", async () => {
    const told = async (location: string) => {
      const { error, url } = await errorOf(308, location);
      return /for good to (\S+)\. /.exec(error)?.[1]?.replace(new URL(url).origin, "");
    };
    expect(await told("/api/hook/?k=1")).toBe("/api/hook/?k=1");
    expect(await told("?k=1#part")).toBe("/hook?k=1");
    expect(await told("//www.shop.example/x")).toBe("http://www.shop.example/x");
    expect(await told("https://user:word@www.shop.example/")).toBe("https://www.shop.example/");
    expect(await told(Buffer.from("/grüezi").toString("latin1"))).toBe("/gr%C3%BCezi");
    expect(await told("/gr\xfcezi")).toBe("/gr%C3%BCezi");
    expect(await told("https://\u0061.example/<script>")).toBe("https://a.example/%3Cscript%3E");
    const long = await told(`/${"x".repeat(5_000)}`);
    expect(long).toMatch(/^\/x+…$/);
    expect(long!.length).toBeLessThan(310);
  });

  test("that no endpoint could have, that leads nowhere, or back to the same URL, says so (F41)", async () => {
    expect((await errorOf(302, "http://169.254.169.254/latest")).error).toMatch(/not allowed as an endpoint/);
    expect((await errorOf(301, "javascript:alert(1)")).error).toMatch(/does not say where to/);
    expect((await errorOf(301, "http://[nowhere")).error).toMatch(/does not say where to/);
    expect((await errorOf(307, "/hook")).error).toMatch(/the very same URL/);
  });

  test("that repeats a custom header's value does not show it (F41)", async () => {
    for (const [secret, location] of [
      ["s3cret-token", "https://www.shop.example/?auth=s3cret-token"],
      ["Bearer 123456", "/hook/Bearer%20123456"],
      ["a+b/c=d&12345", `/hook?auth=${encodeURIComponent("a+b/c=d&12345")}`],
    ] as const) {
      const { error } = await errorOf(301, location, [secret]);
      expect(error).toMatch(/repeats a secret header's value/);
      expect(error).not.toMatch(/s3cret|123456|12345/);
    }
  });

  test("answers more than one Location: the first counts", () => {
    const url = new URL("https://example.com/");
    expect(readLocation(["/a", "/b"], { url }, createGuard())).toMatchObject({
      url: "https://example.com/a",
    });
    expect(readLocation(undefined, { url }, createGuard())).toBeNull();
  });
});
