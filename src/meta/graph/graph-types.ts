import type { Readable } from "node:stream";
import type { GraphError } from "../errors/errors.ts";
import type { Outgoing } from "../message/message.ts";
import type { z } from "zod";
import type {
  accountShape,
  appSubscriptionsShape,
  GraphGroup,
  GraphMedium,
  GraphNumber,
  GraphNumberState,
  GraphProfile,
  GraphSubscription,
  GraphTemplate,
  GraphToken,
} from "./graph-shapes.ts";

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
  inspectToken(app: AppSecret): Promise<Called<GraphToken>>;
  /** The account's name, and whether Meta lets it send. */
  account(waba_id: string): Promise<Called<z.infer<typeof accountShape>>>;
  /** What the app is told of, and where: its own callback URL and fields. */
  appSubscriptions(app: AppSecret): Promise<Called<z.infer<typeof appSubscriptionsShape>["data"]>>;
  /** Meta asks the URL for the verify token while it answers this. */
  subscribeApp(
    app: AppSecret,
    to: { callback_url: string; verify_token: string; fields: readonly string[] },
  ): Promise<Called<null>>;

  numberState(phone_number_id: string): Promise<Called<GraphNumberState>>;
  profile(phone_number_id: string): Promise<Called<GraphProfile>>;
  changeProfile(phone_number_id: string, changes: BusinessProfileChange): Promise<Called<null>>;
  /** With the Cloud API. `pin`: of two-step verification; the first one sets it. At most 10 times in 72 h. */
  register(phone_number_id: string, pin: string): Promise<Called<null>>;
  deregister(phone_number_id: string): Promise<Called<null>>;
  setPin(phone_number_id: string, pin: string): Promise<Called<null>>;
  /** Meta sends a code to the number, which `verifyCode` gives back. */
  requestCode(phone_number_id: string, method: "SMS" | "VOICE", language: string): Promise<Called<null>>;
  verifyCode(phone_number_id: string, code: string): Promise<Called<null>>;
  /** The number's webhooks of messages go there; null: where those of its account go. */
  overrideNumber(
    phone_number_id: string,
    override: { callback_url: string; verify_token: string } | null,
  ): Promise<Called<null>>;
  stop(): Promise<void>;
}

export interface AppSecret {
  id: string;
  secret: string;
}

/** What is left out stays; an empty text or list takes it away. */
export interface BusinessProfileChange {
  about?: string | undefined;
  address?: string | undefined;
  description?: string | undefined;
  email?: string | undefined;
  websites?: readonly string[] | undefined;
  vertical?: string | undefined;
  profile_picture_handle?: string | undefined;
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
