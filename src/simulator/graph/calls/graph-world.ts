import type { Clock } from "../../../base/base.ts";
import type {
  CallBook,
  GroupBook,
  MediaShelf,
  NumberStates,
  Pace,
  TemplateBook,
  UploadShelf,
} from "../state/state.ts";
import type { BusinessNumber, Fate, Odds, Timing, Update } from "../../world/world.ts";
import type { Body } from "../protocol/protocol.ts";
import type { Simulator } from "../../webhooks/webhooks.ts";
import type { Parameters } from "./graph-parameters.ts";
import type { Call } from "./graph-server.ts";

/** What can be changed while it runs. */
export interface StandInSettings {
  odds: Odds;
  timing: Timing;
  /** Messages a second by one number. */
  throughput: number;
  /** Calls an hour and account that manage and don't send; Meta's 200 for a new account. Null: no limit. */
  management_calls_per_h: number | null;
  /** Free-form messages fail when the person has not written within 24 h. Off, where no one plays the customers. */
  windows: boolean;
  /** The share of templates that review approves. */
  approved: number;
}

/** How the app and its token stand with Meta. */
export interface AppState {
  /** What the token was given. */
  scopes: string[];
  /** Not live: it is in development. */
  live: boolean;
}

/** What the parts of the stand-in share. */
export interface GraphWorld {
  simulator: Simulator;
  numbers: readonly BusinessNumber[];
  addNumber: (number: BusinessNumber) => void;
  waba_ids: readonly string[];
  settings: StandInSettings;
  app: { id: string; name: string; secret?: string } & AppState;
  /** Throws a GraphFault unless the callback URL knows the verify token. */
  shakeHands: (callback_url: string, verify_token: string) => Promise<void>;
  /** The only token that is taken; any, when undefined. */
  token: string | undefined;
  clock: Clock;
  random: () => number;
  media: MediaShelf;
  templates: TemplateBook;
  uploads: UploadShelf;
  numberStates: NumberStates;
  groups: GroupBook;
  calls: CallBook;
  pace: Pace;
  /** Those that no message has met yet. */
  fates: Fate[];
  /** How many messages were taken. */
  taken: number;
  /** How many of them were of each template, by its id. */
  sends: Map<string, number>;
  /** Messages of the customer service window, by number and month: the first 1,000 are free. */
  service_sent: Map<string, number>;
  onMessage?:
    | ((message: {
        wamid: string;
        phone_number_id: string;
        to: string;
        callback_data: string | null;
      }) => void)
    | undefined;
  /** An id as Meta gives them. */
  newNumber: () => string;
  /** Posts webhooks. */
  deliver: (updates: readonly Update[]) => Promise<unknown>;
  /** Rejects when the stand-in stops. */
  pause: (ms: number) => Promise<void>;
  /** Work that goes on after the answer; `drain` waits for it. */
  later: (work: () => Promise<void>) => Promise<void>;
  /** Answers a call inside of another, as those of a batch. Throws a GraphFault. */
  answer: (call: Call) => Promise<unknown>;
}

/** A call whose row was found. */
export interface GraphRequest extends Call {
  /** What the path names first. */
  id: string;
  /** The path's parts behind it. */
  rest: readonly string[];
  /** What the call says: its query, and its body as JSON, a form, or a form with files. Null counts as left out. */
  parameters: () => Promise<Body>;
  /** Those of a form, by its names. */
  files: () => Promise<Parameters["files"]>;
}

export type GraphRow = (request: GraphRequest) => unknown;

/** A part of the Graph API. */
export interface GraphPart {
  /** What kind of object this id is: the second word of a row. Undefined: none of this part's. */
  kindOf?: (id: string) => string | undefined;
  /** The account whose management limit a call to this object counts for. */
  accountOf?: (id: string) => string | undefined;
  /**
   * Rows by method, kind of object and edge: `POST number messages`, `GET media`, `DELETE number codes/*`. A call
   * that names no object has the kind `root`.
   */
  rows: Readonly<Record<string, GraphRow>>;
  /** Kinds that want no access token: the call proves itself in another way. */
  open?: readonly string[];
}

export const numberOf = (world: Pick<GraphWorld, "numbers">, id: string): BusinessNumber | undefined =>
  world.numbers.find(({ phone_number_id }) => phone_number_id === id);

/** Finds the row of a call among those of all parts. */
export function createTable(parts: readonly GraphPart[]) {
  const rows = new Map<string, GraphRow>();
  for (const part of parts)
    for (const [key, row] of Object.entries(part.rows)) {
      if (rows.has(key)) throw new Error(`two rows of the Graph API for ${key}`);
      rows.set(key, row);
    }
  const first = <T>(read: (part: GraphPart) => T | undefined): T | undefined => {
    for (const part of parts) {
      const found = read(part);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    names: [...rows.keys()],
    /** Undefined: no object has this id. */
    kindOf: (id: string | undefined) => (id === undefined ? "root" : first((part) => part.kindOf?.(id))),
    accountOf: (id: string) => first((part) => part.accountOf?.(id)),
    isOpen: (kind: string | undefined) => parts.some(({ open }) => open?.includes(kind ?? "")),
    find(method: string, kind: string, rest: readonly string[]): GraphRow | undefined {
      const key = (edge: readonly string[]) => [`${method} ${kind}`, edge.join("/")].join(" ").trim();
      return (
        rows.get(key(rest)) ?? (rest.length > 0 ? rows.get(key([...rest.slice(0, -1), "*"])) : undefined)
      );
    },
  };
}
