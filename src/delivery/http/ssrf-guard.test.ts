import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import ipaddr from "ipaddr.js";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORBIDDEN_HOSTS } from "../../../test/support/forbidden-hosts.ts";
import { systemClock } from "../../base/base.ts";
import { createAttempter } from "./attempt.ts";
import { createGuard } from "./ssrf-guard.ts";
import { readTargetUrl } from "./target-url.ts";

describe("an endpoint's URL", () => {
  const guard = createGuard();

  test.each(FORBIDDEN_HOSTS)("is refused for %s", (host) => {
    expect(() => readTargetUrl(`https://${host}/hook`, guard)).toThrow(
      expect.objectContaining({ code: "TARGET_NOT_ALLOWED" }),
    );
    expect(() => readTargetUrl(`http://${host}:8080`, guard)).toThrow(
      expect.objectContaining({ code: "TARGET_NOT_ALLOWED" }),
    );
  });

  test("is refused when it names a scope inside the machine, or is no URL at all", () => {
    for (const url of [
      "http://[fe80::1%25eth0]/",
      "http://[::1",
      "http://256.1.1.1/",
      "http://",
      "https:///",
    ])
      expect(() => readTargetUrl(url, guard)).toThrow(expect.objectContaining({ code: "INVALID_URL" }));
  });

  test("passes for public addresses and names", () => {
    for (const host of [
      "example.com",
      "example.com:8443",
      "xn--bcher-kva.example",
      "bücher.example",
      "8.8.8.8",
      "134744072",
      "[2606:4700:4700::1111]",
      "[::ffff:8.8.8.8]",
      // A NAT64 gateway dials the public address that is inside.
      "[64:ff9b::8.8.8.8]",
      "localhost.example.com",
      "mylocalhost",
    ])
      expect(() => readTargetUrl(`https://${host}/`, guard)).not.toThrow();
  });

  test("must start with http:// or https://, in these words", () => {
    for (const url of ["", "example.com", "ftp://example.com", "//example.com", "javascript:1"])
      expect(() => readTargetUrl(url, guard)).toThrow("URL must start with http:// or https://");
    expect(() => readTargetUrl("HTTPS://example.com", guard)).not.toThrow();
  });

  test("is read without the spaces and line breaks around it, and with none inside", () => {
    for (const url of [
      " https://example.com/a",
      "https://example.com/a ",
      "\n\thttps://example.com/a\u00a0\r\n",
    ])
      expect(readTargetUrl(url, guard)).toBe("https://example.com/a");
    for (const url of ["https://example.com/a b", "https://exa\nmple.com"])
      expect(() => readTargetUrl(url, guard)).toThrow("contains a space or a line break");
  });

  test("has at most 512 characters", () => {
    const start = "https://example.com/";
    expect(() => readTargetUrl(start + "ü".repeat(512 - start.length), guard)).not.toThrow();
    expect(() => readTargetUrl(start + "ü".repeat(513 - start.length), guard)).toThrow(
      expect.objectContaining({ code: "URL_TOO_LONG" }),
    );
  });

  test("holds no password, no space and no line break", () => {
    for (const url of [
      "https://a:b@example.com/",
      "https://a@example.com/",
      "https://exam\nple.com/",
      "https://example.com/ x",
    ])
      expect(() => readTargetUrl(url, guard)).toThrow(expect.objectContaining({ code: "INVALID_URL" }));
  });
});

describe("the address guard", () => {
  /** From IANA's special-purpose registries, apart from the code under test. */
  const SPECIAL = [
    ..."0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24".split(
      " ",
    ),
    ..."192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4".split(
      " ",
    ),
    ..."::/96 64:ff9b:1::/48 100::/64 2001::/23 2001::/32 2001:2::/48 2001:10::/28 2001:20::/28 2001:db8::/32".split(
      " ",
    ),
    ..."2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8".split(" "),
  ].map((cidr) => ipaddr.parseCIDR(cidr));

  /** Any address of `range`: its first bits, then `tail`. */
  const inside = ([range, bits]: (typeof SPECIAL)[number], tail: Uint8Array): string =>
    ipaddr
      .fromByteArray(
        range.toByteArray().map((byte, i) => {
          const fixed = Math.min(8, Math.max(0, bits - 8 * i));
          const free = 0xff >> fixed;
          return (byte & ~free & 0xff) | (tail[i]! & free);
        }),
      )
      .toString();
  const tail = fc.uint8Array({ minLength: 16, maxLength: 16 });

  test("refuses every address of every special range", () => {
    const guard = createGuard();
    fc.assert(
      fc.property(fc.constantFrom(...SPECIAL), tail, (range, bytes) => {
        expect(guard.allowsAddress(inside(range, bytes))).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test("decides the same for an IPv4 address in each of its IPv6 disguises, and never lets a tunnel in", () => {
    const guard = createGuard();
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const allowed = guard.allowsAddress(address);
        expect(guard.allowsAddress(`::ffff:${address}`)).toBe(allowed);
        expect(guard.allowsAddress(`64:ff9b::${address}`)).toBe(allowed);
        const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        expect(guard.allowsAddress(`2002:${hex}::1`)).toBe(false);
        expect(guard.allowsAddress(`2001:0:${hex}::1`)).toBe(false);
        expect(guard.allowsAddress(`::${hex}`)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test("allows what the operator's ranges name, in every disguise, and nothing beside", () => {
    const guard = createGuard({ allowed: ["10.1.0.0/16", "127.0.0.1", "fd00:1::/32"] });
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "127.0.0.1", "fd00:1::5"])
      expect(guard.allowsAddress(address)).toBe(true);
    for (const address of ["10.2.0.1", "127.0.0.2", "fd00:2::1", "::1", "no address", "fe80::1%eth0"])
      expect(guard.allowsAddress(address)).toBe(false);
    expect(guard.allowsHost("localhost")).toBe(true);
    expect(() => createGuard({ allowed: ["10.0.0.0/33"] })).toThrow(/not an address range/);
    expect(() => createGuard({ allowed: ["lan"] })).toThrow(/not an address range/);
  });
});

describe("a connection", () => {
  let port = 0;
  let reached = 0;
  const server = createServer((_req, res) => {
    reached++;
    res.end("inside");
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  const answers = (...lists: string[][]) => {
    let call = 0;
    return (_name: string, done: (error: null, addresses: LookupAddress[]) => void) =>
      done(
        null,
        lists[Math.min(call++, lists.length - 1)]!.map((address) => ({
          address,
          family: address.includes(":") ? 6 : 4,
        })),
      );
  };
  const dial = async (guard: ReturnType<typeof createGuard>, host: string) => {
    const agent = new Agent({ connect: guard.connector({ timeout_ms: 500 }) });
    try {
      const { body } = await request(`http://${host}:${port}/`, { dispatcher: agent });
      return await body.text();
    } finally {
      await agent.destroy();
    }
  };

  test("is refused in every spelling, however a name would have resolved, and to what else means this machine", async () => {
    const before = reached;
    // Whatever is left to a resolver leads to the server that counts.
    const guard = createGuard({ resolve: answers(["127.0.0.1"]) });
    const spellings = [...FORBIDDEN_HOSTS, "127.0.0.1..", "metadata", "kubernetes.default.svc", "xn--127-"];
    const dialled = await Promise.allSettled(spellings.map((host) => dial(guard, host)));
    const refused = dialled.map((result) => String((result as PromiseRejectedResult).reason));
    expect(spellings.filter((_, i) => !refused[i]!.includes("not allowed"))).toEqual([]);
    await expect(dial(createGuard(), "localhost")).rejects.toThrow("not allowed");
    expect(reached).toBe(before);
  });

  test("is refused when one of a name's addresses is forbidden, even if others are public", async () => {
    const before = reached;
    const guard = createGuard({ resolve: answers(["93.184.216.34", "127.0.0.1"]) });
    await expect(dial(guard, "mixed.example")).rejects.toThrow("not allowed");
    expect(reached).toBe(before);
  });

  test("goes only where the check looked: a name that changes its mind gains nothing", async () => {
    const before = reached;
    // 192.0.2.1 stands for a public address: it is dialled, and no one answers there.
    const guard = createGuard({ allowed: ["192.0.2.1"], resolve: answers(["192.0.2.1"], ["127.0.0.1"]) });
    expect(guard.allowsHost("rebinding.example")).toBe(true);
    await expect(dial(guard, "rebinding.example")).rejects.not.toThrow("not allowed");
    await expect(dial(guard, "rebinding.example")).rejects.toThrow("not allowed");
    expect(reached).toBe(before);
  });

  test("fails within its own time when no one says what the name's address is, and asks for a name once at a time", async () => {
    let asked = 0;
    const guard = createGuard({ resolve: () => void asked++ });
    const agent = new Agent({ connect: guard.connector({ timeout_ms: 100 }) });
    const attempter = createAttempter({ guard, clock: systemClock });
    const began_ms = performance.now();
    const dialled = Array.from({ length: 20 }, () =>
      request("http://silent.example/", { dispatcher: agent, method: "GET" }),
    );
    for (const result of await Promise.allSettled(dialled))
      expect(result).toMatchObject({ status: "rejected", reason: { code: "UND_ERR_CONNECT_TIMEOUT" } });
    expect(asked).toBe(1);
    // And the deadline of a try is the deadline of everything, the lookup too.
    const attempt = await attempter.attempt({
      url: new URL("http://silent.example/hook"),
      headers: {},
      body: Buffer.from("{}"),
      timeout_ms: 100,
    });
    expect(attempt).toMatchObject({ status: null, error_code: "timeout" });
    expect(performance.now() - began_ms).toBeLessThan(4_000);
    await agent.destroy();
    await attempter.stop();
  });

  test("after a lookup that failed, the name is asked for again", async () => {
    let asked = 0;
    const guard = createGuard({
      resolve: (_name, done) => {
        asked++;
        done(Object.assign(new Error("queryA ETIMEOUT 10.0.0.53"), { code: "EAI_AGAIN" }), []);
      },
    });
    const attempter = createAttempter({ guard, clock: systemClock });
    for (let i = 0; i < 2; i++) {
      const attempt = await attempter.attempt({
        url: new URL("http://flaky.example/hook"),
        headers: {},
        body: Buffer.from("{}"),
        timeout_ms: 2_000,
      });
      expect(attempt).toMatchObject({ status: null, error_code: "name_lookup_failed" });
      // Nothing of our resolver.
      expect(attempt!.error).not.toMatch(/10\.0|queryA|EAI/);
    }
    expect(asked).toBe(2);
    await attempter.stop();
  });

  test("is made when the operator allows the address, and the message of a refusal names none", async () => {
    expect(await dial(createGuard({ allowed: ["127.0.0.0/8"] }), "127.0.0.1")).toBe("inside");
    const guard = createGuard({ resolve: answers(["10.20.30.40"]) });
    await expect(dial(guard, "intranet.example")).rejects.not.toThrow(/10\.20|intranet/);
  });
});
