import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { appendTo, systemClock, tableOf } from "../../base/base.ts";
import { createRandom, type Fate } from "../world/world.ts";
import { answerCall } from "./answer-call.ts";
import {
  type AppState,
  createGraphServer,
  createTable,
  type GraphWorld,
  shakeHands,
  type StandInSettings,
} from "./calls/calls.ts";
import { PARTS } from "./graph-parts.ts";
import { type GraphStandInOptions, type SettingsChange, settingsOf } from "./stand-in-options.ts";
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
  type StandInTemplate,
} from "./state/state.ts";

export { failureOf } from "./protocol/protocol.ts";
export { type KnownMedium, type StandInTemplate } from "./state/state.ts";
export type { StandInSettings } from "./calls/calls.ts";
export { type GraphStandInOptions, type SettingsChange, USUAL } from "./stand-in-options.ts";

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
  changeApp(change: Partial<AppState>): void;
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

/** What runs behind the answers, until it has ended or everything stops. */
interface Background {
  running: Set<Promise<void>>;
  stopping: AbortController;
}

export function createGraphStandIn(options: GraphStandInOptions): GraphStandIn {
  const { simulator, clock = systemClock, elapsed_ms = () => clock.now() } = options;
  const background: Background = { running: new Set(), stopping: new AbortController() };
  // As many wait as are on their way.
  setMaxListeners(0, background.stopping.signal);
  const world = createWorld(options, background, (call) => answerCall(answering, call));
  const { settings, templates, media, waba_ids } = world;
  const out_until_ms = new Map<StandInOutage, number>();
  const outageLeft_ms = (of: StandInOutage) => Math.max(0, (out_until_ms.get(of) ?? 0) - elapsed_ms());
  const table = createTable(PARTS.map((part) => part(world)));
  const management = createManagementPace(clock, settings);
  const answering = { world, table, management, isDown: () => outageLeft_ms("graph") > 0 };
  const account_id = waba_ids[0] ?? "0";
  const server = createGraphServer({
    answer: world.answer,
    media,
    token: world.token,
    isMediaDown: () => outageLeft_ms("media") > 0,
    ...(options.control ? { control: options.control } : {}),
    account_id,
    usage: () => management.usage(account_id),
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
    change: (change) => changeSettings(settings, change),
    changeApp: (change) => void Object.assign(world.app, change),
    outage: (of, for_ms) => void out_until_ms.set(of, elapsed_ms() + for_ms),
    outageLeft_ms,
    templates: () => waba_ids.flatMap((id) => templates.list(id, new URLSearchParams())),
    noteTemplate: (id, event, reason) => noteTemplate(world, id, event, reason),
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
      while (background.running.size > 0) await Promise.allSettled(background.running);
      await simulator.drain();
    },
    async stop() {
      background.stopping.abort();
      server.stop();
      await Promise.allSettled(background.running);
    },
  };
}

function createWorld(
  options: GraphStandInOptions,
  background: Background,
  answer: GraphWorld["answer"],
): GraphWorld {
  const { simulator, clock = systemClock, deliver = (updates) => simulator.deliver(updates) } = options;
  const { pause = (ms, signal) => sleep(ms, undefined, { signal }) } = options;
  const settings = settingsOf(options);
  const random = createRandom(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const numbers = simulator.numbers();
  const waba_ids = [...new Set(numbers.map(({ waba_id }) => waba_id))];
  let last_number = 1_037_543_291_543_636 + Math.floor(random() * 1e12);
  const newNumber = () => String((last_number += 7));
  return {
    simulator,
    numbers,
    addNumber(number) {
      numbers.push(number);
      simulator.addNumber(number);
    },
    waba_ids,
    settings,
    app: {
      name: "Wharf's simulator",
      scopes: ["whatsapp_business_management", "whatsapp_business_messaging"],
      live: true,
      ...(options.app ?? { id: "670843887433847" }),
    },
    shakeHands: options.handshakes === true ? shakeHands : async () => {},
    token: options.token,
    clock,
    random,
    media: createMediaShelf(clock, newNumber),
    templates: createTemplateBook(waba_ids, newNumber, () => clock.now()),
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
    pause: (ms) => pause(ms, background.stopping.signal),
    later: (work) => later(background, work),
    answer,
  };
}

function later({ running, stopping }: Background, work: () => Promise<void>): Promise<void> {
  const done = work()
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    })
    .finally(() => running.delete(done));
  running.add(done);
  return done;
}

function changeSettings(settings: StandInSettings, { odds, timing, ...others }: SettingsChange): void {
  Object.assign(settings, others);
  Object.assign(settings.odds, odds);
  Object.assign(settings.timing, timing);
}

const STATUSES = new Set(["APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "ARCHIVED"]);
/** Events that have another name than the status that they lead to. */
const STATUS_AFTER = tableOf<string>({
  REINSTATED: "APPROVED",
  UNARCHIVED: "APPROVED",
  FLAGGED: "APPROVED",
});

function noteTemplate({ templates }: GraphWorld, id: string, event: string, reason: string | null): void {
  const template = templates.find(id);
  const status = STATUS_AFTER[event] ?? event;
  if (!template || !STATUSES.has(status)) return;
  template.status = status;
  template.rejected_reason = reason ?? "NONE";
}
