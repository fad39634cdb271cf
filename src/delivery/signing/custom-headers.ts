import { MasterKeyMissingError, Problem, type SecretBox, tableOf } from "../../base/base.ts";
import { remember } from "./memo.ts";

/** Headers that a user wants on every request to an endpoint: names as spelled by the user, in the order of entry. */
export type CustomHeaders = Record<string, string>;
/** Sets these; null removes one; those that are not named stay. Names are compared without regard to case. */
export type HeaderChanges = Record<string, string | null>;

const MAX_HEADERS = 20;
const MAX_NAME = 100;
const MAX_VALUE = 2_048;

/** A token of RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What HTTP/1.1 carries without question: visible ASCII and Latin-1, and the space. */
const PRINTABLE = /^[\x20-\x7e\xa0-\xff]*$/;

const CONNECTION = "it belongs to the connection, which Wharf keeps";
const BODY = "it describes the body, which Wharf writes";
const SIGNATURE = "it is part of Wharf's signature";
const RESERVED = tableOf<string>({
  host: "it follows from the URL",
  accept: "Wharf sets it itself",
  "accept-encoding": "Wharf sets it itself",
  "content-length": BODY,
  "content-type": BODY,
  "content-encoding": BODY,
  "transfer-encoding": BODY,
  trailer: BODY,
  connection: CONNECTION,
  "keep-alive": CONNECTION,
  te: CONNECTION,
  upgrade: CONNECTION,
  "http2-settings": CONNECTION,
  expect: CONNECTION,
  "webhook-id": SIGNATURE,
  "webhook-timestamp": SIGNATURE,
  "webhook-signature": SIGNATURE,
});
const RESERVED_BEGINNINGS = tableOf<string>({
  "proxy-": "it is meant for proxies on the way",
  "x-hub-signature": SIGNATURE,
});

function reasonAgainst(name: string, value: string | null): string | null {
  if (name === "") return "a header needs a name";
  if (name.length > MAX_NAME) return `its name is longer than ${MAX_NAME} characters`;
  if (!TOKEN.test(name)) return "a name has letters, digits and !#$%&'*+-.^_`|~ only";
  const lower = name.toLowerCase();
  const reserved =
    (Object.hasOwn(RESERVED, lower) ? RESERVED[lower] : undefined) ??
    Object.entries(RESERVED_BEGINNINGS).find(([beginning]) => lower.startsWith(beginning))?.[1];
  if (reserved !== undefined) return reserved;
  if (value === null) return null;
  if (value === "") return "its value is empty; send null to remove the header";
  if (value.length > MAX_VALUE) return `its value is longer than ${MAX_VALUE} characters`;
  if (value !== value.trim()) return "its value begins or ends with a space";
  if (!PRINTABLE.test(value))
    return "its value has a line break, a control character or a letter beyond Latin-1";
  return null;
}

/** What an endpoint's headers are after `changes`. Throws HEADER_NOT_ALLOWED; its detail never quotes a value. */
export function changeHeaders(before: CustomHeaders, changes: HeaderChanges): CustomHeaders {
  const entries = new Map(Object.entries(before).map((entry) => [entry[0].toLowerCase(), entry]));
  const named = new Set<string>();
  for (const [name, value] of Object.entries(changes)) {
    const shown = JSON.stringify(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name);
    const reason = named.has(name.toLowerCase())
      ? "it is named twice; names that differ in case only are one header"
      : reasonAgainst(name, value);
    if (reason !== null) throw new Problem("HEADER_NOT_ALLOWED", `${shown}: ${reason}.`);
    named.add(name.toLowerCase());
    if (value === null) entries.delete(name.toLowerCase());
    else entries.set(name.toLowerCase(), [name, value]);
  }
  if (entries.size > MAX_HEADERS) {
    const [name] = [...entries.values()].at(-1)!;
    throw new Problem(
      "HEADER_NOT_ALLOWED",
      `${JSON.stringify(name)}: an endpoint has ${MAX_HEADERS} headers at most.`,
    );
  }
  return Object.fromEntries(entries.values());
}

/** An endpoint's headers as they are stored: their values are often secrets, so they are sealed. */
export interface SealedHeaders {
  id: string;
  headers: Buffer | null;
}

const contextOf = (endpoint_id: string) => `endpoint:${endpoint_id}:headers`;

export function sealHeaders(box: SecretBox, endpoint_id: string, headers: CustomHeaders): Buffer | null {
  return Object.keys(headers).length === 0 ? null : box.seal(JSON.stringify(headers), contextOf(endpoint_id));
}

/** Throws MasterKeyMissingError. */
export function openHeaders(box: SecretBox, { id, headers }: SealedHeaders): CustomHeaders {
  return headers === null ? {} : (JSON.parse(box.open(headers, contextOf(id))) as CustomHeaders);
}

/** The same for a caller that asks at every attempt: each sealed value is opened once. */
export function createHeaderReader(
  box: SecretBox,
  limit = 1_000,
): (endpoint: SealedHeaders) => CustomHeaders {
  const once = remember<CustomHeaders>(limit);
  return (endpoint) =>
    endpoint.headers === null
      ? {}
      : once(`${endpoint.id} ${endpoint.headers.toString("base64")}`, () => openHeaders(box, endpoint));
}

/**
 * The new headers of an endpoint, sealed, and their names. When the present ones can't be opened, as their master
 * key is gone, naming all of them makes them good again; else throws MASTER_KEY_MISSING.
 */
export function reseal(
  box: SecretBox,
  endpoint: SealedHeaders & { header_names: readonly string[] },
  changes: HeaderChanges,
): { headers: Buffer | null; header_names: string[]; before: CustomHeaders; after: CustomHeaders } {
  const named = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const isReplaced = endpoint.header_names.every((name) => named.has(name.toLowerCase()));
  const before = isReplaced ? openOrNothing(box, endpoint) : openOrProblem(box, endpoint);
  const after = changeHeaders(before, changes);
  return { headers: sealHeaders(box, endpoint.id, after), header_names: Object.keys(after), before, after };
}

function openOrNothing(box: SecretBox, endpoint: SealedHeaders): CustomHeaders {
  try {
    return openHeaders(box, endpoint);
  } catch {
    return {};
  }
}

function openOrProblem(box: SecretBox, endpoint: SealedHeaders): CustomHeaders {
  try {
    return openHeaders(box, endpoint);
  } catch (error) {
    if (error instanceof MasterKeyMissingError)
      throw new Problem("MASTER_KEY_MISSING", undefined, { cause: error });
    throw error;
  }
}
