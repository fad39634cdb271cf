import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { z } from "zod";
import { type GraphError, readGraphError } from "../errors/errors.ts";
import { createGraphHttp, type Exchange } from "./graph-http.ts";
import {
  appShape,
  type GraphGroup,
  groupShape,
  createdTemplateShape,
  type GraphMedium,
  type GraphNumber,
  type GraphSubscription,
  type GraphTemplate,
  type GraphToken,
  handleShape,
  idShape,
  mediaShape,
  numberShape,
  pageOf,
  sentShape,
  SESSION,
  sessionShape,
  subscriptionsShape,
  successShape,
  templateShape,
  tokenShape,
} from "./graph-shapes.ts";
import { asObject, type Json, plain, readJson } from "../json/json.ts";
import { type Outgoing, wireOf } from "../message/message.ts";

export { type GraphGroup, type GraphTemplate } from "./graph-shapes.ts";

/** July 2026; supported until 2028. */
export const GRAPH_VERSION = "v27.0";

export interface GraphOptions {
  /** `https://graph.facebook.com`; may have a path. */
  base_url: string;
  version?: string;
  token: () => string | Promise<string>;
  /** Each call's time, from its start to the last byte of the answer. */
  timeout_ms?: number;
  connect_timeout_ms?: number;
  /** A file's time, up or down. */
  media_timeout_ms?: number;
  connections?: number;
}

/**
 * How a call ended when it did not end well. `refused`: Meta said no, nothing happened. `not_sent`: the request never
 * left, so it may be repeated. `unknown`: it may have been carried out; the answer was lost.
 */
export type Failed =
  | { outcome: "refused"; error: GraphError }
  | { outcome: "unknown"; reason: string }
  | { outcome: "not_sent"; reason: string };
export type Called<Value> = { outcome: "done"; value: Value } | Failed;

export interface Sent {
  outcome: "sent";
  wamid: string;
  /** accepted, held_for_quality_assessment or paused; null when Meta does not say. */
  message_status: string | null;
  /** The recipient as we wrote it, and as WhatsApp knows it: they may differ. */
  input: string | null;
  wa_id: string | null;
  user_id: string | null;
}

export interface Graph {
  send(phone_number_id: string, message: Outgoing): Promise<Sent | Failed>;
  /** Marks the message and those before it as read; `typing` shows for 25 s or until something is sent. */
  markRead(phone_number_id: string, wamid: string, options?: { typing?: boolean }): Promise<Called<null>>;

  uploadMedia(phone_number_id: string, file: UploadedFile): Promise<Called<{ id: string }>>;
  /** The URL holds for five minutes. */
  findMedia(media_id: string): Promise<Called<GraphMedium>>;
  /** The body must be read to its end or destroyed. The token goes along only to hosts of Meta's. */
  downloadMedia(url: string): Promise<Called<{ body: Readable; mime_type: string | null }>>;
  deleteMedia(media_id: string): Promise<Called<null>>;

  /** Page by page; a page that could not be had is the last. */
  templates(waba_id: string): AsyncIterable<Called<GraphTemplate[]>>;
  createTemplate(
    waba_id: string,
    template: NewTemplate,
  ): Promise<Called<{ id: string; status: string; category: string | null }>>;
  editTemplate(
    template_id: string,
    changes: Partial<Pick<NewTemplate, "category" | "components" | "message_send_ttl_seconds">>,
  ): Promise<Called<null>>;
  /** A file as the sample of a template's header, by a resumable upload; its handle is for one template. */
  uploadSample(file: UploadedFile): Promise<Called<{ handle: string }>>;
  /** All languages of the name, or the one with this id. */
  deleteTemplate(waba_id: string, name: string, template_id?: string): Promise<Called<null>>;

  phoneNumbers(waba_id: string): AsyncIterable<Called<GraphNumber[]>>;
  phoneNumber(phone_number_id: string): Promise<Called<GraphNumber>>;

  group(group_id: string): Promise<Called<GraphGroup>>;

  /** Sends the account's webhooks to the token's app; with an override, those of messages to another address. */
  subscribe(
    waba_id: string,
    override?: { callback_url: string; verify_token: string },
  ): Promise<Called<null>>;
  subscriptions(waba_id: string): Promise<Called<GraphSubscription[]>>;
  unsubscribe(waba_id: string): Promise<Called<null>>;

  /** The app that the token was made for. */
  app(): Promise<Called<{ id: string; name: string | null }>>;
  /** What the token may do, asked with the app's own token: it proves that the app secret is the app's. */
  inspectToken(app: { id: string; secret: string }): Promise<Called<GraphToken>>;
  stop(): Promise<void>;
}

export interface UploadedFile {
  body: Readable | Buffer;
  size_bytes: number;
  mime_type: string;
  filename: string;
}

export interface NewTemplate {
  name: string;
  language: string;
  category: string;
  parameter_format?: "POSITIONAL" | "NAMED";
  components: readonly Record<string, unknown>[];
  /** Meta may choose another category instead of rejecting it. */
  allow_category_change?: boolean;
  message_send_ttl_seconds?: number;
}

const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;
const TEMPLATE_FIELDS =
  "id,name,language,status,category,parameter_format,components,rejected_reason,quality_score";
const GROUP_FIELDS = "subject,description,suspended,total_participant_count,participants,join_approval_mode";
const NUMBER_FIELDS =
  "id,display_phone_number,verified_name,quality_rating,throughput,whatsapp_business_manager_messaging_limit,name_status,code_verification_status";

/** Meta's hosts of files; a file's URL comes out of an answer, and the token must go nowhere else. */
const MEDIA_HOSTS = new Set(["lookaside.fbsbx.com", "lookaside.facebook.com", "graph.facebook.com"]);

/** A client of Meta's Graph API. It never repeats a call, never follows a redirect and never throws for Meta's sake. */
export function createGraph(options: GraphOptions): Graph {
  const {
    base_url,
    version = GRAPH_VERSION,
    token,
    timeout_ms = 30_000,
    connect_timeout_ms = 10_000,
    media_timeout_ms = 10 * 60_000,
    connections = 64,
  } = options;
  const root = `${base_url.replace(/\/+$/, "")}/${version}/`;
  const base_origin = new URL(root).origin;
  const http = createGraphHttp({ connections, connect_timeout_ms });

  interface Call<Shape extends z.ZodType> {
    method: "GET" | "POST" | "DELETE";
    path: string;
    query?: Record<string, string | undefined>;
    json?: unknown;
    file?: { body: Readable; headers: Record<string, string> };
    token?: string;
    shape: Shape;
  }

  async function call<Shape extends z.ZodType>(given: Call<Shape>): Promise<Called<z.infer<Shape>>> {
    // Ids come from outside: none may lead to another path.
    if (!/^[\w-]+(?:\/[a-z_]+)?$/.test(given.path) && !SESSION.test(given.path))
      throw new RangeError("an id of Meta's is of letters and digits");
    const url = new URL(root + given.path);
    for (const [name, value] of Object.entries(given.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, value);
    const body = given.json === undefined ? given.file?.body : Buffer.from(JSON.stringify(given.json));
    const exchange = await http.exchange({
      method: given.method,
      url,
      headers: {
        authorization: `Bearer ${given.token ?? (await token())}`,
        accept: "application/json",
        "user-agent": "wharf",
        ...(given.json === undefined ? {} : { "content-type": "application/json" }),
        ...given.file?.headers,
      },
      ...(body === undefined ? {} : { body }),
      timeout_ms: given.file ? media_timeout_ms : timeout_ms,
      limit_bytes: ANSWER_LIMIT_BYTES,
    });
    return read(exchange, given.shape);
  }

  const done = (answer: Called<unknown>): Called<null> =>
    answer.outcome === "done" ? { outcome: "done", value: null } : answer;

  async function* pages<Item extends z.ZodType>(
    path: string,
    query: Record<string, string>,
    item: Item,
  ): AsyncGenerator<Called<z.infer<Item>[]>> {
    const shape = pageOf(item);
    let after: string | undefined;
    do {
      const page = await call({ method: "GET", path, query: { ...query, after }, shape });
      if (page.outcome !== "done") {
        yield page;
        return;
      }
      const { data, paging } = page.value;
      yield { outcome: "done", value: data };
      if (paging?.next === undefined) return;
      // Meta's `next` is a whole URL, of its own host and with the token in it: the cursor is enough.
      const cursor: string | undefined = paging.cursors?.after;
      if (cursor === undefined || cursor === after) {
        // It must not look as if this were the end.
        yield { outcome: "unknown", reason: "There is more, but the answer does not say where." };
        return;
      }
      after = cursor;
    } while (true);
  }

  return {
    async send(phone_number_id, message) {
      const path = `${phone_number_id}/messages`;
      const answer = await call({ method: "POST", path, json: wireOf(message), shape: sentShape });
      if (answer.outcome !== "done") return answer;
      const [{ id, message_status }] = answer.value.messages;
      const contact = answer.value.contacts?.[0];
      const { input = null, wa_id = null, user_id = null } = contact ?? {};
      return { outcome: "sent", wamid: id, message_status, input, wa_id, user_id };
    },

    async markRead(phone_number_id, wamid, { typing = false } = {}) {
      const json = {
        messaging_product: "whatsapp",
        status: "read",
        message_id: wamid,
        ...(typing ? { typing_indicator: { type: "text" } } : {}),
      };
      const path = `${phone_number_id}/messages`;
      return done(await call({ method: "POST", path, json, shape: successShape }));
    },

    uploadMedia: (phone_number_id, file) =>
      call({ method: "POST", path: `${phone_number_id}/media`, file: multipart(file), shape: idShape }),

    findMedia: (media_id) => call({ method: "GET", path: media_id, shape: mediaShape }),

    async downloadMedia(address) {
      const url = URL.canParse(address) ? new URL(address) : null;
      if (url === null || !mayHaveToken(url, base_origin))
        return { outcome: "not_sent", reason: "The file's URL is none of Meta's." };
      const opened = await http.open({
        method: "GET",
        url,
        headers: { authorization: `Bearer ${await token()}`, "user-agent": "wharf" },
        timeout_ms: media_timeout_ms,
        limit_bytes: ANSWER_LIMIT_BYTES,
      });
      if (opened.reached !== "open") return failed(opened);
      const mime_type = opened.headers["content-type"]?.toString() ?? null;
      return { outcome: "done", value: { body: opened.body, mime_type } };
    },

    deleteMedia: async (media_id) =>
      done(await call({ method: "DELETE", path: media_id, shape: successShape })),

    templates: (waba_id) =>
      pages(`${waba_id}/message_templates`, { fields: TEMPLATE_FIELDS, limit: "100" }, templateShape),

    createTemplate: (waba_id, template) =>
      call({
        method: "POST",
        path: `${waba_id}/message_templates`,
        json: template,
        shape: createdTemplateShape,
      }),

    editTemplate: async (template_id, changes) =>
      done(await call({ method: "POST", path: template_id, json: changes, shape: successShape })),

    async uploadSample({ body, size_bytes, mime_type, filename }) {
      const app = await call({ method: "GET", path: "app", query: { fields: "id,name" }, shape: appShape });
      if (app.outcome !== "done") return app;
      const about = { file_name: filename, file_length: String(size_bytes), file_type: mime_type };
      const path = `${app.value.id}/uploads`;
      const session = await call({ method: "POST", path, query: about, shape: sessionShape });
      if (session.outcome !== "done") return session;
      const headers = {
        authorization: `OAuth ${await token()}`,
        "content-type": "application/octet-stream",
        "content-length": String(size_bytes),
        file_offset: "0",
      };
      const bytes = Buffer.isBuffer(body) ? Readable.from([body]) : body;
      const file = { body: bytes, headers };
      const stored = await call({ method: "POST", path: session.value.id, file, shape: handleShape });
      return stored.outcome === "done" ? { outcome: "done", value: { handle: stored.value.h } } : stored;
    },

    deleteTemplate: async (waba_id, name, template_id) =>
      done(
        await call({
          method: "DELETE",
          path: `${waba_id}/message_templates`,
          query: { name, hsm_id: template_id },
          shape: successShape,
        }),
      ),

    phoneNumbers: (waba_id) =>
      pages(`${waba_id}/phone_numbers`, { fields: NUMBER_FIELDS, limit: "100" }, numberShape),

    phoneNumber: (phone_number_id) =>
      call({
        method: "GET",
        path: phone_number_id,
        query: { fields: NUMBER_FIELDS },
        shape: numberShape,
      }),

    group: (group_id) =>
      call({ method: "GET", path: group_id, query: { fields: GROUP_FIELDS }, shape: groupShape }),

    subscribe: async (waba_id, override) =>
      done(
        await call({
          method: "POST",
          path: `${waba_id}/subscribed_apps`,
          json: override
            ? { override_callback_uri: override.callback_url, verify_token: override.verify_token }
            : {},
          shape: successShape,
        }),
      ),

    async subscriptions(waba_id) {
      const path = `${waba_id}/subscribed_apps`;
      const answer = await call({ method: "GET", path, shape: subscriptionsShape });
      return answer.outcome === "done" ? { outcome: "done", value: answer.value.data } : answer;
    },

    unsubscribe: async (waba_id) =>
      done(await call({ method: "DELETE", path: `${waba_id}/subscribed_apps`, shape: successShape })),

    app: () => call({ method: "GET", path: "app", query: { fields: "id,name" }, shape: appShape }),

    async inspectToken({ id, secret }) {
      const query = { input_token: await token() };
      // An app's own token is its id and secret.
      const app_token = `${id}|${secret}`;
      const answer = await call({
        method: "GET",
        path: "debug_token",
        query,
        token: app_token,
        shape: tokenShape,
      });
      return answer.outcome === "done" ? { outcome: "done", value: answer.value.data } : answer;
    },

    stop: () => http.stop(),
  };
}

function read<Shape extends z.ZodType>(exchange: Exchange, shape: Shape): Called<z.infer<Shape>> {
  if (exchange.reached !== "answered" || exchange.status < 200 || exchange.status > 299)
    return failed(exchange);
  const body = jsonOf(exchange.body);
  if (asObject(asObject(body)?.["error"])) return failed(exchange);
  const value = shape.safeParse(body === undefined ? undefined : plain(body));
  return value.success
    ? { outcome: "done", value: value.data }
    : { outcome: "unknown", reason: `The answer ${exchange.status} is not of the form that Meta describes.` };
}

function failed(exchange: Exchange): Failed {
  if (exchange.reached === "no") return { outcome: "not_sent", reason: exchange.reason };
  if (exchange.reached === "maybe") return { outcome: "unknown", reason: exchange.reason };
  const { status, headers } = exchange;
  const body = jsonOf(exchange.body);
  const ofMeta = asObject(asObject(body)?.["error"]) !== null;
  if (status >= 500 && !ofMeta)
    return { outcome: "unknown", reason: `Something answered ${status}, and not as Meta does.` };
  return { outcome: "refused", error: readGraphError({ status, body, retry_after_ms: waitOf(headers) }) };
}

function jsonOf(bytes: Buffer): Json | undefined {
  const body = readJson(bytes);
  return body.ok ? body.value : undefined;
}

/** `Retry-After` in seconds, or the longest time that Meta's usage header gives for a limit that was reached (minutes). */
function waitOf(headers: Record<string, string | string[] | undefined>): number | null {
  const seconds = Number(headers["retry-after"]?.toString() ?? Number.NaN);
  if (seconds >= 0) return seconds * 1_000;
  const usage = jsonOf(Buffer.from(headers["x-business-use-case-usage"]?.toString() ?? ""));
  const minutes = Object.values(asObject(usage) ?? {})
    .flatMap((uses) => (Array.isArray(uses) ? uses : []))
    .map((use) => Number(asObject(use)?.["estimated_time_to_regain_access"] ?? 0));
  const longest = minutes.reduce((most, one) => Math.max(most, one), 0);
  return longest > 0 ? longest * 60_000 : null;
}

function mayHaveToken(url: URL, base_origin: string): boolean {
  if (url.username !== "" || url.password !== "") return false;
  return (
    url.origin === base_origin ||
    (url.protocol === "https:" && url.port === "" && MEDIA_HOSTS.has(url.hostname))
  );
}

/** One part after another, so that a file is never in memory as a whole. */
function multipart(file: UploadedFile): { body: Readable; headers: Record<string, string> } {
  const boundary = `wharf-${randomBytes(16).toString("hex")}`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const filename = file.filename.replaceAll(/["\r\n]/g, (char) => encodeURIComponent(char));
  const mime_type = file.mime_type.replaceAll(/[\r\n]/g, " ");
  const head = Buffer.from(
    field("messaging_product", "whatsapp") +
      field("type", mime_type) +
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\n` +
      `content-type: ${mime_type}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* parts() {
    yield head;
    if (Buffer.isBuffer(file.body)) yield file.body;
    else yield* file.body as AsyncIterable<Buffer>;
    yield tail;
  }
  return {
    body: Readable.from(parts()),
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.length + file.size_bytes + tail.length),
    },
  };
}
