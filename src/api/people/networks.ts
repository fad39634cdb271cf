import { BlockList, isIP, isIPv4 } from "node:net";

/** An address as 203.0.113.7 or 2001:db8::1, or a network of such with its length behind a slash. */
export function isNetwork(text: string): boolean {
  try {
    addTo(new BlockList(), text);
    return true;
  } catch {
    return false;
  }
}

function addTo(list: BlockList, text: string): void {
  const [address = "", length] = text.split("/");
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  if (length === undefined) list.addAddress(address, family);
  else if (/^\d{1,3}$/.test(length)) list.addSubnet(address, Number(length), family);
  else throw new TypeError("no length of a network");
}

/** Whether an address is one of these, or in one of these networks; without any, each is. */
export function isWithin(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true;
  const list = new BlockList();
  for (const network of networks) addTo(list, network);
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(bare) !== 0 && list.check(bare, isIPv4(bare) ? "ipv4" : "ipv6");
}
