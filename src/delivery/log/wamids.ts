import { hash } from "node:crypto";

/** What `delivery_wamids` knows a message by: the first 8 bytes of the SHA-256 of its id, as an int8. */
export function hashOfWamid(wamid: string): Buffer {
  return hash("sha256", wamid, "buffer").subarray(0, 8);
}
