import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { buildConnector } from "undici";
import { readingConnector } from "../../base/base.ts";

/**
 * Where Wharf may not dial. The rule is applied to the address that is really dialled (so a name that changes
 * between check and use gains nothing), and to what a user saves, so that the refusal comes early.
 */
export interface Guard {
  /** May this address be dialled? `address` is a literal, without brackets. */
  allowsAddress(address: string): boolean;
  /** For a form: false when the host is an address, or a name of this machine, that will never be dialled. */
  allowsHost(hostname: string): boolean;
  /** For an undici Agent: refuses literals and every name that has even one forbidden address. */
  connector(options?: { timeout_ms?: number }): buildConnector.connector;
}

/** Its message goes to the user: it says nothing of what a name resolved to. */
export class ForbiddenAddressError extends Error {
  override name = "ForbiddenAddressError";
  readonly code = "ADDRESS_NOT_ALLOWED";
  constructor() {
    super("the address is not allowed");
  }
}

type Address = ReturnType<typeof ipaddr.parse>;
type Range = [Address, number];
type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Only these hold global unicast addresses (RFC 4291); everything else of IPv6 is special or unassigned. */
const GLOBAL_V6 = ipaddr.parseCIDR("2000::/3");
/** RFC 6052: the IPv4 address in its last 32 bits decides, as a NAT64 gateway will dial that. */
const NAT64 = ipaddr.parseCIDR("64:ff9b::/96");
/** Public by its range, but it answers with the secrets of the machine: Azure's virtual public IP. */
const INTERNAL_V4 = ipaddr.parseCIDR("168.63.129.16/32");

/** They name the machine's own secrets, at 169.254.169.254, to any caller inside a cloud. */
const METADATA_NAMES = /^metadata\.(?:google\.internal|goog)$|^instance-data(?:\.ec2\.internal)?$/i;
const LOCAL_NAMES = /(?:^|\.)localhost$|^(?:ip6-)?localhost(?:\.localdomain)?$|^ip6-loopback$/i;

/** `allowed`: CIDRs (or single addresses) that may be dialled although private. Throws on one that can't be read. */
export function createGuard(options: { allowed?: readonly string[]; resolve?: Resolve } = {}): Guard {
  const allowed = (options.allowed ?? []).map(readRange);
  const resolve = shared(options.resolve ?? ((name, done) => systemLookup(name, { all: true }, done)));

  const allowsAddress = (text: string): boolean => {
    // A zone id (`fe80::1%eth0`) only makes sense inside the machine.
    if (text.includes("%") || isIP(text) === 0) return false;
    return allows(ipaddr.process(text), allowed);
  };

  const allowsHost = (hostname: string): boolean => {
    const host = hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0) return allowsAddress(host);
    const name = host.replace(/\.$/, "");
    if (LOCAL_NAMES.test(name)) return allowsAddress("127.0.0.1") || allowsAddress("::1");
    if (METADATA_NAMES.test(name)) return allowsAddress("169.254.169.254");
    return true;
  };

  const lookup: LookupFunction = (hostname, lookupOptions, done) => {
    resolve(hostname, (error, addresses) => {
      if (error) return done(error, "");
      if (addresses.length === 0 || !addresses.every(({ address }) => allowsAddress(address)))
        return done(new ForbiddenAddressError(), "");
      if (lookupOptions.all) return done(null, addresses);
      const first = addresses[0]!;
      done(null, first.address, first.family);
    });
  };

  return {
    allowsAddress,
    allowsHost,
    connector({ timeout_ms = 5_000 } = {}) {
      const connect = readingConnector(buildConnector({ lookup, timeout: timeout_ms, allowH2: false }));
      return (target, done) => {
        // Literals never reach a lookup.
        const host = target.hostname.replace(/^\[|\]$/g, "");
        if (isIP(host) !== 0 && !allowsAddress(host)) return done(new ForbiddenAddressError(), null);
        connect(target, done);
      };
    },
  };
}

/**
 * Those who ask for a name that is being looked up get that answer. The system looks up a few names at a
 * time (libuv's threads): one whose servers are silent would take all of them, and every endpoint's with it.
 */
function shared(resolve: Resolve): Resolve {
  const asking = new Map<string, Parameters<Resolve>[1][]>();
  return (name, done) => {
    const others = asking.get(name);
    if (others) return void others.push(done);
    const all = [done];
    asking.set(name, all);
    resolve(name, (error, addresses) => {
      asking.delete(name);
      for (const each of all) each(error, addresses);
    });
  };
}

function readRange(text: string): Range {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch (cause) {
    throw new Error(`"${text}" is not an address range; write it like 10.0.0.0/8 or fd00::/8`, { cause });
  }
}

const within = (address: Address, [range, bits]: Range): boolean =>
  address.kind() === range.kind() && address.match(range, bits);

/** `address` has been through `process`: an IPv4-mapped one is IPv4 here. */
function allows(address: Address, allowed: readonly Range[]): boolean {
  if (allowed.some((range) => within(address, range))) return true;
  if (address.kind() === "ipv4") return address.range() === "unicast" && !within(address, INTERNAL_V4);
  if (within(address, NAT64)) return allows(new ipaddr.IPv4(address.toByteArray().slice(12)), allowed);
  return address.range() === "unicast" && within(address, GLOBAL_V6);
}
