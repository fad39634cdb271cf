import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Dispatcher, request } from "undici";
import { isDeeperThan, Problem, type ProblemCode, problems } from "../../base/base.ts";
import type { BusinessNumber, Fate, Odds, Persona } from "../world/world.ts";
import type { StandInTemplate } from "../graph/graph.ts";
import type { Phone } from "./phone.ts";
import type { Posted, TriesCount } from "./posted-webhooks.ts";

type Span = [least: number, most: number];
type Ended = string | null;

/** What drives the simulator, in its own process or from another. Times are in seconds, as in scenarios. */
export interface Control extends Omit<Phone, "describe"> {
  describe(): Promise<Awaited<ReturnType<Phone["describe"]>> & { altered: Altered }>;
  state(): Promise<ControlState>;
  /** `{speed, line, graph}`, each part of which may be left out; see SettingsChange in scenario-file.ts. */
  change(change: unknown): Promise<void>;
  /** One step of a scenario, now. `next: []` forgets the fates that no message has met. */
  take(step: unknown): Promise<void>;
  /** Plays a scenario of the simulator's own by its name, or a given one. */
  start(play: { name?: string | undefined; scenario?: unknown; speed?: number | undefined }): Promise<void>;
  /** Ends the scenario that plays. */
  halt(): Promise<void>;
}

export interface ShownSettings {
  line: { repeat: number; batch: number; reorder: boolean; gather: number };
  graph: {
    odds: Odds;
    timing: Record<"sent" | "delivered" | "read" | "played" | "held" | "review", Span>;
    throughput: number;
    management_calls_per_h: number | null;
    windows: boolean;
    approved: number;
  };
}

/** What any client of Meta's needs to take the simulator for it. */
export interface Access {
  graph_url: string;
  /** Null: any token is taken. */
  access_token: string | null;
  app_id: string;
  numbers: BusinessNumber[];
}

/** What is switched on, so that it does not behave as Meta usually does. */
export interface Altered {
  outages: ControlState["outages"];
  speed: number;
  /** Odds, times, limits or how webhooks leave. */
  settings: boolean;
  /** How many of the next messages have a set outcome. */
  next: number;
  /** A scenario plays, with settings of its own. */
  scenario: boolean;
}

export interface ControlState extends ShownSettings {
  access: Access;
  /** How many times faster than life everything follows. */
  speed: number;
  /** The settings at the beginning. */
  usual: ShownSettings;
  /** Of the messages to come, one each. */
  next: Fate[];
  /** When each ends; null: there is none. */
  outages: { webhooks: Ended; graph: Ended; media: Ended };
  count: TriesCount & { messages: number };
  /** The newest webhooks, newest first. */
  posted: Posted[];
  templates: StandInTemplate[];
  /** Those that it plays, and whether they stopped marketing in WhatsApp itself. */
  people: (Persona & { stopped: boolean })[];
  /** The scenario that plays, or the last that did. */
  playing: {
    /** Null for one that was given and not named. */
    name: string | null;
    about: string | null;
    steps: number;
    step: number;
    /** How long it is and how far it has come, by its own time. */
    seconds: number;
    elapsed: number;
    /** How many of its own were answered or given up, and how many of these acknowledged. */
    webhooks: number;
    acknowledged: number;
    started_at: string;
    ended_at: string | null;
    error: string | null;
  } | null;
  scenarios: { name: string; about: string | null; steps: number; seconds: number }[];
}

const PATH = "/simulator/";
/** Deeper than any scenario, and shallow enough for all that walks through it. */
const BODY_DEPTH = 100;
type Verb = Exclude<keyof Control, "putMedia">;
const VERBS: ReadonlySet<string> = new Set<Verb>([
  "describe",
  "play",
  "state",
  "change",
  "take",
  "start",
  "halt",
]);

/** `POST /simulator/{verb}` with JSON, or the bytes of a file to `/simulator/media`; with the Graph API's token. */
export function createControlDoor(deps: { control: () => Control; token: string | undefined }) {
  const { control, token } = deps;

  async function answer(verb: string, req: IncomingMessage): Promise<unknown> {
    if (token !== undefined && req.headers.authorization !== `Bearer ${token}`)
      throw new Problem("UNAUTHENTICATED");
    if (verb === "media") return control().putMedia(req, { mime_type: req.headers["content-type"] ?? "" });
    if (req.method !== "POST" || !VERBS.has(verb)) throw new Problem("NOT_FOUND");
    const body = await buffer(req);
    const text = body.toString();
    if (isDeeperThan(text, BODY_DEPTH)) throw new Problem("INVALID_REQUEST", "The body is nested too deep.");
    const input = text === "" ? undefined : (JSON.parse(text) as never);
    return (await control()[verb as Verb](input as never)) ?? null;
  }

  return (req: IncomingMessage, res: ServerResponse): boolean => {
    const path = req.url ?? "";
    if (!path.startsWith(PATH)) return false;
    const reply = (status: number, body: unknown) =>
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    answer(path.slice(PATH.length), req).then(
      (value) => reply(200, value),
      (error: unknown) => {
        const problem =
          error instanceof Problem
            ? error
            : new Problem("INVALID_REQUEST", error instanceof Error ? error.message : String(error));
        reply(problem.status, { code: problem.code, detail: problem.detail });
      },
    );
    return true;
  };
}

/** The same from another process. Throws the simulator's own Problems, and SIMULATOR_AWAY when it isn't there. */
export function createControlClient(deps: {
  reach: () => Promise<{ url: string; token: string } | null>;
  dispatcher: Dispatcher;
}): Control {
  const { reach, dispatcher } = deps;

  async function ask<T>(
    verb: string,
    body: AsyncIterable<Uint8Array> | string,
    content_type: string,
  ): Promise<T> {
    const where = await reach();
    if (!where) throw new Problem("SIMULATOR_AWAY");
    let status: number;
    let text: string;
    try {
      const response = await request(`${where.url}${PATH}${verb}`, {
        dispatcher,
        method: "POST",
        headers: { authorization: `Bearer ${where.token}`, "content-type": content_type },
        body: typeof body === "string" ? body : Readable.from(body),
      });
      status = response.statusCode;
      text = await response.body.text();
    } catch (cause) {
      throw new Problem("SIMULATOR_AWAY", undefined, { cause });
    }
    const value = readJson(text);
    if (status === 200) return value as T;
    const { code, detail } = (value ?? {}) as { code?: string; detail?: string };
    // Whatever else answers there is not the simulator.
    if (code === undefined || !Object.hasOwn(problems, code) || code === "UNAUTHENTICATED")
      throw new Problem("SIMULATOR_AWAY");
    throw new Problem(code as ProblemCode, detail);
  }
  const tell =
    <T>(verb: Verb) =>
    (input?: unknown) =>
      ask<T>(verb, JSON.stringify(input ?? {}), "application/json");

  return {
    describe: tell("describe"),
    play: tell("play"),
    putMedia: (body, { mime_type }) => ask("media", body, mime_type),
    state: tell("state"),
    change: tell("change"),
    take: tell("take"),
    start: tell("start"),
    halt: tell("halt"),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
