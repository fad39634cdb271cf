import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { appendTo, type Clock, systemClock } from "../../base/base.ts";
import {
  createRandom,
  type Fate,
  type Odds,
  type Timing,
  type Update,
  USUAL_ODDS,
  USUAL_TIMING,
} from "../world/world.ts";
import {
  type Call,
  type Control,
  createGraphServer,
  createTable,
  type GraphWorld,
  type Parameters,
  parametersOf,
  type StandInSettings,
} from "./calls/calls.ts";
import { GraphFault, unknownField, unknownObject } from "./protocol/protocol.ts";
import {
  type CallBook,
  createCallBook,
  createGroupBook,
  createManagementPace,
  createMediaShelf,
  createNumberStates,
  createPace,
  createTemplateBook,
  createUploadShelf,
  type GroupBook,
  type KnownMedium,
  type Medium,
  META_PACE,
  type StandInTemplate,
} from "./state/state.ts";
import { PARTS } from "./graph-parts.ts";
import type { Simulator } from "../webhooks/webhooks.ts";

export { failureOf } from "./protocol/protocol.ts";
export { type KnownMedium, type StandInTemplate } from "./state/state.ts";

export type { StandInSettings } from "./calls/calls.ts";
export const USUAL: StandInSettings = {
  odds: USUAL_ODDS,
  timing: USUAL_TIMING,
  throughput: META_PACE.throughput,
  management_calls_per_h: null,
  windows: false,
  approved: 0.9,
};
export type SettingsChange = Partial<Omit<StandInSettings, "odds" | "timing">> & {
  odds?: Partial<Odds>;
  timing?: Partial<Timing>;
};

export interface GraphStandInOptions extends SettingsChange {
  /** Decides the outcomes of messages and templates; its people and numbers are the stand-in's. */
  simulator: Simulator;
  /** How its webhooks leave; as they are, one by one, when left out. */
  deliver?: (updates: readonly Update[]) => Promise<unknown>;
  /** The only token that is taken; any, when left out. */
  token?: string;
  /** Any secret is the app's when left out. */
  app?: { id: string; name?: string; secret?: string };
  clock?: Clock;
  /** Of outages; the clock when left out. */
  elapsed_ms?: () => number;
  /** How it waits between the steps of a message; tests hand in one that doesn't. Rejects when the signal aborts. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  seed?: number;
  /** Calls that are none of Meta's: how it is driven. */
  control?: Control;
  /** Told of each message that is taken, at the moment at which it is. */
  onMessage?: (message: {
    wamid: string;
    phone_number_id: string;
    to: string;
    callback_data: string | null;
  }) => void;
}

/** Meta's Graph API in a box: the calls of a WhatsApp business, in Meta's forms, and the webhooks that follow. */
export interface GraphStandIn {
  /** For a server of one's own. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Opens a server; the URL is what a client takes for Meta's. */
  listen(port: number, host?: string): Promise<string>;
  /** What shall happen to the next messages, one each. */
  next(...fates: Fate[]): void;
  /** Those that no message has met yet. */
  waitingFates(): Fate[];
  forgetFates(): void;
  settings(): StandInSettings;
  change(change: SettingsChange): void;
  /** So long every call, or every file, is answered 503. 0 ends it. */
  outage(of: StandInOutage, for_ms: number): void;
  outageLeft_ms(of: StandInOutage): number;
  templates(): StandInTemplate[];
  /** Takes over what is told of a template in other ways than by its review. */
  noteTemplate(id: string, event: string, reason: string | null): void;
  /** A file that a person sends: a webhook may name its id. */
  putMedia(medium: Medium): KnownMedium;
  /** Null for a file that is not there, or no longer. */
  findMedia(id: string): KnownMedium | null;
  /** The rows of its calls, as `POST number messages`. */
  rows: readonly string[];
  /** What people do to groups, and their calls. */
  groups: GroupBook;
  calls: CallBook;
  /** A person has another user id: also in groups and calls. */
  rename(previous: string, user_id: string): void;
  /** How many messages were taken. */
  taken(): number;
  /** Waits until every message and template has come to its end and its webhooks were answered. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** What can be down: the whole of the Graph API, or the host of the files alone. */
export type StandInOutage = "graph" | "media";

export function createGraphStandIn(options: GraphStandInOptions): GraphStandIn {
  const {
    simulator,
    token,
    app = { id: "670843887433847" },
    clock = systemClock,
    elapsed_ms = () => clock.now(),
    deliver = (updates) => simulator.deliver(updates),
    pause = (ms, signal) => sleep(ms, undefined, { signal }),
    seed,
  } = options;
  const settings = settingsOf(options);
  const random = createRandom(seed ?? Math.floor(Math.random() * 2 ** 32));
  const numbers = simulator.numbers();
  const waba_ids = [...new Set(numbers.map(({ waba_id }) => waba_id))];
  let last_number = 1_037_543_291_543_636 + Math.floor(random() * 1e12);
  const newNumber = () => String((last_number += 7));
  const media = createMediaShelf(clock, newNumber);
  const templates = createTemplateBook(waba_ids, newNumber, () => clock.now());
  const management = createManagementPace(clock, settings);
  const out_until_ms = new Map<StandInOutage, number>();
  const outageLeft_ms = (of: StandInOutage) => Math.max(0, (out_until_ms.get(of) ?? 0) - elapsed_ms());
  const stopping = new AbortController();
  // As many wait as are on their way.
  setMaxListeners(0, stopping.signal);
  const background = new Set<Promise<void>>();

  const world: GraphWorld = {
    simulator,
    numbers,
    addNumber(number) {
      numbers.push(number);
      simulator.addNumber(number);
    },
    waba_ids,
    settings,
    app: { name: "Wharf's simulator", ...app },
    token,
    clock,
    random,
    media,
    templates,
    uploads: createUploadShelf(),
    numberStates: createNumberStates("Wharf's simulator"),
    groups: createGroupBook(),
    calls: createCallBook(),
    pace: createPace(clock, settings),
    fates: [],
    taken: 0,
    sends: new Map(),
    service_sent: new Map(),
    onMessage: options.onMessage,
    newNumber,
    deliver,
    pause: (ms) => pause(ms, stopping.signal),
    later(work) {
      const running = work()
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) throw error;
        })
        .finally(() => background.delete(running));
      background.add(running);
      return running;
    },
    answer,
  };
  const table = createTable(PARTS.map((part) => part(world)));

  /** What the call answers; throws a GraphFault. */
  async function answer(call: Call): Promise<unknown> {
    const { method, path } = call;
    let read: Promise<Parameters> | null = null;
    const parameters = () => (read ??= parametersOf(call));
    if (outageLeft_ms("graph") > 0) throw new GraphFault(2, "Service temporarily unavailable");
    const [id, ...rest] = path;
    const kind = table.kindOf(id);
    const given = call.token === "" && method !== "GET" ? await tokenIn(parameters()) : call.token;
    // The app's own token is as good as a person's.
    const isApp = app.secret !== undefined && given === `${app.id}|${app.secret}`;
    if (!isApp && !table.isOpen(kind)) checkToken(given, token);
    // What a number sends and uploads is no management.
    const managed =
      id === undefined || (kind === "number" && rest.length > 0) ? undefined : table.accountOf(id);
    if (managed !== undefined) management.take(managed);
    const row = kind === undefined ? undefined : table.find(method, kind, rest);
    if (!row)
      throw kind !== undefined && method === "GET" && rest.length > 0
        ? unknownField(rest[0]!, TYPE_NAMES[kind] ?? kind)
        : unknownObject(method, id ?? "");
    return row({
      ...call,
      token: given,
      id: id ?? "",
      rest,
      parameters: async () => (await parameters()).values,
      files: async () => (await parameters()).files,
    });
  }

  const server = createGraphServer({
    answer,
    media,
    token,
    isMediaDown: () => outageLeft_ms("media") > 0,
    ...(options.control ? { control: options.control } : {}),
    account_id: waba_ids[0] ?? "0",
    usage: () => management.usage(waba_ids[0] ?? "0"),
  });

  let address: string | null = null;
  const withUrl = (known: KnownMedium): KnownMedium =>
    address === null ? known : { ...known, url: media.urlOf(known.id, address)! };

  return {
    handle: (req, res) => server.handle(req, res),
    async listen(port, host) {
      return (address = await server.listen(port, host));
    },
    next: (...more) => appendTo(world.fates, more),
    waitingFates: () => [...world.fates],
    forgetFates: () => void world.fates.splice(0),
    settings: () => structuredClone(settings),
    change({ odds, timing, ...others }) {
      Object.assign(settings, others);
      Object.assign(settings.odds, odds);
      Object.assign(settings.timing, timing);
    },
    outage: (of, for_ms) => void out_until_ms.set(of, elapsed_ms() + for_ms),
    outageLeft_ms,
    templates: () => waba_ids.flatMap((id) => templates.list(id, new URLSearchParams())),
    noteTemplate(id, event, reason) {
      const template = templates.find(id);
      const status = STATUS_AFTER[event] ?? event;
      if (!template || !STATUSES.has(status)) return;
      template.status = status;
      template.rejected_reason = reason ?? "NONE";
    },
    putMedia: (medium) => withUrl(media.receive(medium)),
    findMedia(id) {
      const known = media.find(id);
      return known && withUrl(known);
    },
    rows: table.names,
    groups: world.groups,
    calls: world.calls,
    rename(previous, user_id) {
      world.groups.rename(previous, user_id);
      world.calls.rename(previous, user_id);
    },
    taken: () => world.taken,
    async drain() {
      while (background.size > 0) await Promise.allSettled(background);
      await simulator.drain();
    },
    async stop() {
      stopping.abort();
      server.stop();
      await Promise.allSettled(background);
    },
  };
}

const STATUSES = new Set(["APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "ARCHIVED"]);
/** Events that have another name than the status that they lead to. */
const STATUS_AFTER: Readonly<Record<string, string>> = {
  REINSTATED: "APPROVED",
  UNARCHIVED: "APPROVED",
  FLAGGED: "APPROVED",
};

function settingsOf(options: SettingsChange): StandInSettings {
  return {
    odds: { ...USUAL.odds, ...options.odds },
    timing: { ...USUAL.timing, ...options.timing },
    throughput: options.throughput ?? USUAL.throughput,
    management_calls_per_h: options.management_calls_per_h ?? USUAL.management_calls_per_h,
    windows: options.windows ?? USUAL.windows,
    approved: options.approved ?? USUAL.approved,
  };
}

/** As Graph calls them. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: "WhatsAppBusinessPhoneNumber",
  account: "WhatsAppBusinessAccount",
  template: "WhatsAppMessageTemplate",
};

/** A body may hold it, too. */
const tokenIn = (parameters: Promise<Parameters>): Promise<string> =>
  parameters.then(
    ({ values: { access_token } }) => (typeof access_token === "string" ? access_token : ""),
    () => "",
  );

function checkToken(given: string, token: string | undefined): void {
  if (token !== undefined && given !== token)
    throw new GraphFault(190, "Invalid OAuth access token - Cannot parse access token");
  if (given === "")
    throw new GraphFault(
      190,
      "An active access token must be used to query information about the current user.",
    );
}
