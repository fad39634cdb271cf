import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { appendTo, type Clock, systemClock } from "../base/base.ts";
import type { BusinessNumber, Persona } from "./cast.ts";
import { countryOf, findPerson } from "./cast.ts";
import { type Fate, type Odds, planOf, type Step, type Timing, USUAL_ODDS, USUAL_TIMING } from "./fates.ts";
import { failureOf, GraphFault } from "./graph-faults.ts";
import { createMediaShelf, type KnownMedium, type Medium } from "./graph-media.ts";
import { type Taken, takeMessage } from "./graph-messages.ts";
import { BAD_GATEWAY, type Call, type Control, createGraphServer, NO_ANSWER } from "./graph-server.ts";
import { createTemplateBook, type StandInTemplate } from "./graph-templates.ts";
import { createManagementPace, createPace, META_PACE } from "./pace.ts";
import { createRandom } from "./random.ts";
import type { Simulator } from "./deliver.ts";
import { status, templateStatus, type Update } from "./updates.ts";
import { userIdOf } from "./wire.ts";

/** What can be changed while it runs. */
export interface StandInSettings {
  odds: Odds;
  timing: Timing;
  /** Messages a second by one number. */
  throughput: number;
  /** Calls an hour and account that manage and don't send; Meta's 200 for a new account. Null: no limit. */
  management_calls_per_h: number | null;
  /** Free-form messages fail when the person has not written within 24 h. Off, where nobody plays the people. */
  windows: boolean;
  /** The share of templates that review approves. */
  approved: number;
}
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
  /** Says what becomes of messages and templates; its people and numbers are the stand-in's. */
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
  /** How many messages were taken. */
  taken(): number;
  /** Waits until every message and template has come to its end and its webhooks were answered. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

type Body = Record<string, unknown>;
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
  const settings: StandInSettings = {
    odds: { ...USUAL.odds, ...options.odds },
    timing: { ...USUAL.timing, ...options.timing },
    throughput: options.throughput ?? USUAL.throughput,
    management_calls_per_h: options.management_calls_per_h ?? USUAL.management_calls_per_h,
    windows: options.windows ?? USUAL.windows,
    approved: options.approved ?? USUAL.approved,
  };
  const random = createRandom(seed ?? Math.floor(Math.random() * 2 ** 32));
  const numbers = simulator.numbers();
  const waba_ids = [...new Set(numbers.map(({ waba_id }) => waba_id))];
  let last_number = 1_037_543_291_543_636 + Math.floor(random() * 1e12);
  const newNumber = () => String((last_number += 7));
  const media = createMediaShelf(clock, newNumber);
  const templates = createTemplateBook(waba_ids, newNumber);
  const pace = createPace(clock, settings);
  const management = createManagementPace(clock, settings);
  const out_until_ms = new Map<StandInOutage, number>();
  const outageLeft_ms = (of: StandInOutage) => Math.max(0, (out_until_ms.get(of) ?? 0) - elapsed_ms());
  const subscribed = new Map<string, string | null>(waba_ids.map((id) => [id, null]));
  const fates: Fate[] = [];
  const stopping = new AbortController();
  // As many wait as are on their way.
  setMaxListeners(0, stopping.signal);
  const background = new Set<Promise<void>>();
  let taken = 0;

  const later = (work: () => Promise<void>) => {
    const running = work()
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      })
      .finally(() => background.delete(running));
    background.add(running);
    return running;
  };

  async function send(number: BusinessNumber, message: Taken & { kind: "message" }) {
    const recipient = recipientOf(message, simulator.personas());
    if (recipient.wa_id === number.display_phone_number.replace(/\D/g, "")) throw new GraphFault(131021);
    const gone = message.media_ids.find((id) => media.find(id) === null);
    if (gone !== undefined) throw new GraphFault(131009, `Media with id ${gone} does not exist.`);
    const template = message.template ? templates.take(number.waba_id, message.template) : null;
    if (template?.category === "AUTHENTICATION" && message.user_id !== null) throw new GraphFault(131062);
    pace.take(number.phone_number_id, recipient.wa_id);
    const fate = fates.shift() ?? destinyOf(number, recipient, template);
    if (fate === "bad_gateway") return BAD_GATEWAY;
    if (typeof fate === "object" && fate !== null && "refuse" in fate)
      throw new GraphFault(fate.refuse, "Asked for by the simulator.");

    taken++;
    const wamid = simulator.wamid(recipient.wa_id, "outbound");
    const { phone_number_id } = number;
    const { callback_data } = message;
    options.onMessage?.({ wamid, phone_number_id, to: recipient.wa_id, callback_data });
    const plan = planOf(
      { type: message.type, voice: message.voice, isTemplate: template !== null },
      { odds: settings.odds, timing: settings.timing, random, fate },
    );
    const about = {
      number,
      wamid,
      recipient,
      callback_data: message.callback_data,
      category: template?.category ?? "service",
    };
    const going = later(() => go(about, plan.steps));
    if (fate === "status_first") await going;
    if (fate === "lost_answer") return NO_ANSWER;
    return {
      messaging_product: "whatsapp",
      contacts: [
        message.user_id === null
          ? { input: message.to, wa_id: recipient.wa_id }
          : { input: message.user_id, user_id: message.user_id },
      ],
      messages: [
        {
          id: wamid,
          ...(template === null
            ? {}
            : { message_status: plan.held ? "held_for_quality_assessment" : "accepted" }),
        },
      ],
    };
  }

  /** What was said before decides: a closed window, and marketing to somebody who stopped it, fail as with Meta. */
  function destinyOf(
    number: BusinessNumber,
    { wa_id }: Persona,
    template: StandInTemplate | null,
  ): Fate | null {
    const { isWindowOpen, hasStopped } = simulator.memory;
    const now_s = clock.now() / 1_000;
    if (template === null)
      return settings.windows && !isWindowOpen(number.phone_number_id, wa_id, now_s)
        ? { fail: 131047 }
        : null;
    return template.category === "MARKETING" && hasStopped(number.waba_id, wa_id) ? { fail: 131050 } : null;
  }

  async function go(
    about: {
      number: BusinessNumber;
      wamid: string;
      recipient: Persona;
      callback_data: string | null;
      category: string;
    },
    steps: readonly Step[],
  ) {
    const { callback_data, category, ...rest } = about;
    for (const step of steps) {
      await pause(step.after_ms, stopping.signal);
      await deliver([
        status({
          ...rest,
          status: step.status,
          time: Math.floor(clock.now() / 1_000),
          category: category.toLowerCase(),
          ...(callback_data === null ? {} : { callback_data }),
          ...(step.code === null ? {} : { errors: [failureOf(step.code)] }),
        }),
      ]);
    }
  }

  const review = (template: StandInTemplate) =>
    later(async () => {
      const [low, high] = settings.timing.review_ms;
      await pause(Math.round(low + random() * (high - low)), stopping.signal);
      // It may have been deleted meanwhile.
      if (templates.find(template.id) !== template) return;
      const isApproved = random() < settings.approved;
      template.status = isApproved ? "APPROVED" : "REJECTED";
      template.rejected_reason = isApproved ? "NONE" : "INVALID_FORMAT";
      await deliver([
        templateStatus({
          ...template,
          template_id: Number(template.id),
          event: template.status,
          reason: template.rejected_reason,
          time: Math.floor(clock.now() / 1_000),
        }),
      ]);
    });

  /** What the call answers; throws a GraphFault. */
  async function answer(call: Call): Promise<unknown> {
    const { method, path, query } = call;
    if (outageLeft_ms("graph") > 0) throw new GraphFault(2, "Service temporarily unavailable");
    const [id = "", edge] = path;
    const json = async (): Promise<Body> => {
      try {
        return JSON.parse((await call.read()).toString()) as Body;
      } catch {
        throw new GraphFault(100, "The request's body is not valid JSON.");
      }
    };
    if (id === "debug_token") return inspect(call);
    if (token !== undefined && call.token !== token)
      throw new GraphFault(190, "Invalid OAuth access token - Cannot parse access token");
    if (call.token === "")
      throw new GraphFault(
        190,
        "An active access token must be used to query information about the current user.",
      );
    if (id === "app") return { id: app.id, name: app.name ?? "Wharf's simulator" };

    const number = numbers.find((known) => known.phone_number_id === id);
    const isAccount = waba_ids.includes(id);
    const managed = isAccount
      ? id
      : (templates.find(id)?.waba_id ?? (edge === undefined ? number?.waba_id : undefined));
    if (managed !== undefined) management.take(managed);
    switch (
      `${method} ${number ? "number" : isAccount ? "account" : templates.find(id) ? "template" : media.find(id) ? "media" : "?"} ${edge ?? ""}`.trim()
    ) {
      case "POST number messages": {
        const message = takeMessage(await json());
        return message.kind === "read" ? { success: true } : send(number!, message);
      }
      case "POST number media":
        return { id: await upload(call) };
      case "GET number":
        return chosen(describeNumber(number!, levelOf(settings)), query);
      case "GET account phone_numbers":
        return {
          data: numbers
            .filter(({ waba_id }) => waba_id === id)
            .map((one) => chosen(describeNumber(one, levelOf(settings)), query)),
          paging: { cursors: {} },
        };
      case "GET account message_templates":
        return page(
          templates.list(id, query).map((template) => chosen(describeTemplate(template), query)),
          query,
        );
      case "POST account message_templates": {
        const template = templates.create(id, await json());
        void review(template);
        return { id: template.id, status: "PENDING", category: template.category };
      }
      case "DELETE account message_templates":
        templates.delete(id, query.get("name") ?? "", query.get("hsm_id"));
        return { success: true };
      case "GET template":
        return chosen(describeTemplate(templates.find(id)!), query);
      case "POST template":
        void review(templates.edit(id, await json()));
        return { success: true };
      case "GET media":
        return media.describe(id, call.base_url);
      case "DELETE media":
        media.delete(id);
        return { success: true };
      case "GET account subscribed_apps":
        return { data: subscribed.has(id) ? [describeApp(id)] : [] };
      case "POST account subscribed_apps": {
        const body = (await call.read()).length === 0 ? {} : await json();
        const override = body["override_callback_uri"];
        if (typeof override === "string" && override.length > 200)
          throw new GraphFault(100, "override_callback_uri must be at most 200 characters long.");
        subscribed.set(id, typeof override === "string" ? override : null);
        return { success: true };
      }
      case "DELETE account subscribed_apps":
        subscribed.delete(id);
        return { success: true };
      default:
        throw new GraphFault(
          100,
          `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
          { subcode: 33, type: "GraphMethodException" },
        );
    }
  }

  const describeApp = (waba_id: string) => {
    const override = subscribed.get(waba_id);
    return {
      whatsapp_business_api_data: {
        id: app.id,
        name: app.name ?? "Wharf's simulator",
        link: "https://example.org/",
      },
      ...(override ? { override_callback_uri: override } : {}),
    };
  };

  function inspect({ query, token: given }: Call) {
    const [id, secret] = given.split("|");
    if (id !== app.id || (app.secret !== undefined && secret !== app.secret))
      throw new GraphFault(
        190,
        "Error validating application. Cannot get application info due to a system error.",
      );
    const scopes = ["whatsapp_business_management", "whatsapp_business_messaging"];
    const isValid = token === undefined || query.get("input_token") === token;
    return {
      data: {
        app_id: app.id,
        type: "SYSTEM_USER",
        application: app.name ?? "Wharf's simulator",
        is_valid: isValid,
        ...(isValid
          ? {
              expires_at: 0,
              scopes,
              granular_scopes: scopes.map((scope) => ({ scope, target_ids: waba_ids })),
            }
          : { scopes: [], error: { code: 190, message: "Invalid OAuth access token." } }),
      },
    };
  }

  async function upload(call: Call): Promise<string> {
    let form: FormData;
    try {
      const bytes = await call.read();
      form = await new Response(new Uint8Array(bytes), {
        headers: { "content-type": call.content_type },
      }).formData();
    } catch {
      throw new GraphFault(100, "(#100) The parameter file is required.");
    }
    if ((form.get("messaging_product") ?? call.query.get("messaging_product")) !== "whatsapp")
      throw new GraphFault(100, "(#100) The parameter messaging_product is required.");
    const file = form.get("file");
    if (file === null || typeof file === "string")
      throw new GraphFault(100, "(#100) The parameter file is required.");
    return media.put({ bytes: Buffer.from(await file.arrayBuffer()), mime_type: file.type });
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

  return {
    handle: (req, res) => server.handle(req, res),
    listen: (port, host) => server.listen(port, host),
    next: (...more) => void appendTo(fates, more),
    waitingFates: () => [...fates],
    forgetFates: () => void fates.splice(0),
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
    putMedia: (medium) => media.receive(medium),
    findMedia: (id) => media.find(id),
    taken: () => taken,
    async settle() {
      while (background.size > 0) await Promise.allSettled(background);
      await simulator.settle();
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

/** Digits, as WhatsApp knows the person: in Brazil without the ninth digit that was added to mobile numbers. */
function recipientOf(message: Taken & { kind: "message" }, personas: readonly Persona[]): Persona {
  if (message.user_id !== null) {
    const known = personas.find(({ wa_id }) => userIdOf(wa_id, countryOf(wa_id)) === message.user_id);
    if (!known) throw new GraphFault(131009, "(#131009) The recipient is no user id of this business.");
    return known;
  }
  const digits = message.to!.replace(/\D/g, "");
  if (digits.length < 7 || digits.length > 15)
    throw new GraphFault(131009, "Parameter to is not a phone number.");
  const wa_id = digits.replace(/^55(\d\d)9(\d{8})$/, "55$1$2");
  return findPerson(personas, wa_id);
}

const levelOf = ({ throughput }: StandInSettings) =>
  throughput > META_PACE.throughput ? "HIGH" : "STANDARD";

function describeNumber(
  { phone_number_id, display_phone_number }: BusinessNumber,
  level: "STANDARD" | "HIGH",
): Body {
  return {
    id: phone_number_id,
    display_phone_number: `+${display_phone_number}`,
    verified_name: "Wharf's simulator",
    quality_rating: "GREEN",
    throughput: { level },
    whatsapp_business_manager_messaging_limit: "TIER_1K",
    name_status: "APPROVED",
    code_verification_status: "VERIFIED",
  };
}

/** Whose it is, the path says. */
const describeTemplate = (template: StandInTemplate): Body => ({ ...template, waba_id: undefined });

/** What `fields` asks for; the id always. */
function chosen(node: Body, query: URLSearchParams): Body {
  const fields = query
    .get("fields")
    ?.replaceAll(/\{[^}]*\}/g, "")
    .split(",")
    .map((field) => field.trim());
  if (fields === undefined) return node;
  return Object.fromEntries(Object.entries(node).filter(([name]) => name === "id" || fields.includes(name)));
}

/** A page as Graph cuts it: by a cursor, with a whole URL to the next. */
function page(items: readonly unknown[], query: URLSearchParams): Body {
  const limit = Math.max(1, Math.min(100, Number(query.get("limit") ?? 25) || 25));
  const from = Number(Buffer.from(query.get("after") ?? "", "base64url").toString() || 0);
  const cursor = (at: number) => Buffer.from(String(at)).toString("base64url");
  const to = Math.min(items.length, from + limit);
  return {
    data: items.slice(from, to),
    paging: {
      cursors: { before: cursor(from), after: cursor(to) },
      ...(to < items.length ? { next: `https://graph.facebook.com/next?after=${cursor(to)}` } : {}),
    },
  };
}
