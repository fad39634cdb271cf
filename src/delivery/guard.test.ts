import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import ipaddr from "ipaddr.js";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGuard } from "./guard.ts";
import { checkTargetUrl } from "./target-url.ts";

/** Hosts of URLs that mean an address inside, in every spelling that a URL parser understands. */
const FORBIDDEN_HOSTS = [
  // This machine.
  "127.0.0.1",
  "127.0.0.1.",
  "127.1",
  "127.0.1",
  "127.255.255.254",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "0177.0x0.1",
  "00000177.0.0.1",
  "%31%32%37.0.0.1",
  "127%2e0%2e0%2e1",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "0.0.0.0",
  "0",
  "0x0",
  "0.1.2.3",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "api.localhost",
  "localhost.localdomain",
  "ip6-localhost",
  "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[0000:0000:0000:0000:0000:0000:0000:0001]",
  "[::]",
  "[::127.0.0.1]",
  "[::7f00:1]",
  "[::ffff:127.0.0.1]",
  "[::FFFF:7F00:0001]",
  "[0:0:0:0:0:ffff:7f00:1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b:1::7f00:1]",
  "[2002:7f00:1::]",
  "[2002:7f00:0001::1]",
  "[2001:0:7f00:1::]",
  // Private networks.
  "10.0.0.1",
  "10.255.255.255",
  "167772161",
  "0xa000001",
  "012.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "2886729729",
  "192.168.0.1",
  "192.168.1",
  "3232235521",
  "0xc0a80001",
  "0300.0250.0.1",
  "[::ffff:10.0.0.1]",
  "[::ffff:192.168.0.1]",
  "[64:ff9b::10.0.0.1]",
  "[64:ff9b::192.168.0.1]",
  "[2002:a00:1::]",
  "[2002:c0a8:1::1]",
  "[fc00::1]",
  "[fd00::1]",
  "[fd12:3456:789a:1::1]",
  "[fec0::1]",
  // The machine's secrets (metadata services) and link-local.
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "169.254.43518",
  "169.254.170.2",
  "[::ffff:169.254.169.254]",
  "[::ffff:a9fe:a9fe]",
  "[64:ff9b::a9fe:a9fe]",
  "[2002:a9fe:a9fe::]",
  "[fd00:ec2::254]",
  "[fe80::1]",
  "[fe80::a9fe:a9fe]",
  "[febf::1]",
  "100.100.100.200",
  "168.63.129.16",
  "[::ffff:168.63.129.16]",
  "192.0.0.192",
  // Shared, documentation, benchmark, multicast, reserved, broadcast.
  "100.64.0.1",
  "100.127.255.254",
  "192.0.0.1",
  "192.0.2.1",
  "198.51.100.1",
  "203.0.113.1",
  "192.88.99.1",
  "198.18.0.1",
  "198.19.255.255",
  "224.0.0.1",
  "239.255.255.250",
  "240.0.0.1",
  "255.255.255.255",
  "4294967295",
  "[ff02::1]",
  "[ff0e::1]",
  "[100::1]",
  "[100:0:0:1::1]",
  "[2001:db8::1]",
  "[3fff::1]",
  "[5f00::1]",
  "[2001:2::1]",
  "[2001:10::1]",
  "[2001:20::1]",
  "[4000::1]",
  "[abcd::1]",
];

describe("an endpoint's URL", () => {
  const guard = createGuard();

  test.each(FORBIDDEN_HOSTS)("is refused for %s", (host) => {
    expect(() => checkTargetUrl(`https://${host}/hook`, guard)).toThrow(
      expect.objectContaining({ code: "TARGET_NOT_ALLOWED" }),
    );
    expect(() => checkTargetUrl(`http://${host}:8080`, guard)).toThrow(
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
      expect(() => checkTargetUrl(url, guard)).toThrow(expect.objectContaining({ code: "INVALID_URL" }));
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
      expect(() => checkTargetUrl(`https://${host}/`, guard)).not.toThrow();
  });

  test("must start with http:// or https://, in these words", () => {
    for (const url of [
      "",
      "example.com",
      "ftp://example.com",
      "//example.com",
      " https://example.com",
      "javascript:1",
    ])
      expect(() => checkTargetUrl(url, guard)).toThrow("URL must start with http:// or https://");
    expect(() => checkTargetUrl("HTTPS://example.com", guard)).not.toThrow();
  });

  test("has at most 512 characters", () => {
    const start = "https://example.com/";
    expect(() => checkTargetUrl(start + "ü".repeat(512 - start.length), guard)).not.toThrow();
    expect(() => checkTargetUrl(start + "ü".repeat(513 - start.length), guard)).toThrow(
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
      expect(() => checkTargetUrl(url, guard)).toThrow(expect.objectContaining({ code: "INVALID_URL" }));
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
    ..."::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:2::/48 2001:10::/28 2001:20::/28 2001:db8::/32".split(
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

  test("is refused to a literal, however it is spelled, and to a name that means this machine", async () => {
    const before = reached;
    for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost"])
      await expect(dial(createGuard(), host)).rejects.toThrow("not allowed");
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
    // 192.0.2.1 stands for a public address: it is dialled, and nobody answers there.
    const guard = createGuard({ allowed: ["192.0.2.1"], resolve: answers(["192.0.2.1"], ["127.0.0.1"]) });
    expect(guard.allowsHost("rebinding.example")).toBe(true);
    await expect(dial(guard, "rebinding.example")).rejects.not.toThrow("not allowed");
    await expect(dial(guard, "rebinding.example")).rejects.toThrow("not allowed");
    expect(reached).toBe(before);
  });

  test("is made when the operator allows the address, and the message of a refusal names none", async () => {
    expect(await dial(createGuard({ allowed: ["127.0.0.0/8"] }), "127.0.0.1")).toBe("inside");
    const guard = createGuard({ resolve: answers(["10.20.30.40"]) });
    await expect(dial(guard, "intranet.example")).rejects.not.toThrow(/10\.20|intranet/);
  });
});
