import { lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import type { Installation } from "./api/api.ts";
import { OperatorError, projectDir } from "./base/base.ts";
import type { BucketSettings } from "./media/media.ts";
import { GRAPH_VERSION } from "./meta/meta.ts";

export const roles = ["intake", "api", "pipeline", "sending", "delivery"] as const;
export type Role = (typeof roles)[number];
/** What a process does: roles, and in sandbox mode one of them plays Meta. */
export type Duty = Role | "simulator";

/** Connections that a role has to itself, beside its process's pool: what they do must not wait for that. */
export const OWN_POOLS = { intake: 2, pipeline: 2, sending: 2, delivery: 3 } as const satisfies Partial<
  Record<Role, number>
>;

const text = z.string().trim().min(1);
const secret = text.optional();

/** Of what is kept for good unless it is set. What still waits to be sent or fetched is never so old. */
const retentionDays = z.coerce
  .number("write a number of days")
  .int("write a whole number of days")
  .min(7, "keep at least 7 days")
  .optional();

function listOf<T>(item: (part: string) => T | string, isProblem: (result: T | string) => result is string) {
  return z.string().transform((value, context) => {
    const parts = value.split(",").map((part) => part.trim());
    const results = parts.filter((part) => part !== "").map(item);
    for (const result of results)
      if (isProblem(result)) context.addIssue({ code: "custom", message: result });
    return results.filter((result): result is T => !isProblem(result));
  });
}

const isText = (result: unknown): result is string => typeof result === "string";

function urlWith(protocols: string[], example: string) {
  return text.refine(
    (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
    `write a URL such as ${example}`,
  );
}

/** With fewer than 4, a transaction and what is asked beside it could wait for each other. */
const poolSize = z.coerce
  .number("write a number between 4 and 100")
  .int("write a whole number")
  .min(4, "write a number between 4 and 100")
  .max(100, "write a number between 4 and 100")
  .default(10);

/** Every environment variable that Wharf reads: its default as the page of the manual says it, its meaning, its form. */
export const variables = {
  HOST: {
    default: "127.0.0.1",
    meaning: "The address that Wharf listens on; 0.0.0.0 for every one.",
    form: text.default("127.0.0.1"),
  },
  PORT: {
    default: "3000",
    meaning: "The port that Wharf listens on.",
    form: z.coerce
      .number("write a number between 0 and 65535")
      .int()
      .min(0, "write a number between 0 and 65535")
      .max(65_535, "write a number between 0 and 65535")
      .default(3_000),
  },
  DATABASE_URL: {
    default: "Wharf's own PostgreSQL",
    meaning: "A PostgreSQL 15 or newer, as postgres://user:password@host:5432/database.",
    form: urlWith(["postgres:", "postgresql:"], "postgres://user:password@host:5432/database").optional(),
  },
  DATABASE_DIRECT_URL: {
    default: "DATABASE_URL",
    meaning:
      "The PostgreSQL itself, where DATABASE_URL leads to a pooler that hands out connections by the transaction, such as PgBouncer.",
    form: urlWith(["postgres:", "postgresql:"], "postgres://user:password@host:5432/database").optional(),
  },
  WHARF_POOL_SIZE: {
    default: "10",
    meaning: "How many connections to the database a process may have for its work; some have a few more.",
    form: poolSize,
  },
  WHARF_API_POOL_SIZE: {
    default: "10",
    meaning: "How many more a process with intake or the API may have, for what people and programs ask.",
    form: poolSize,
  },
  WHARF_DATA_DIR: {
    default: "./data",
    meaning: "Wharf's own PostgreSQL, the master key, and files unless they lie in a bucket.",
    form: text.optional(),
  },
  WHARF_MASTER_KEY: {
    default: "made in the data directory with Wharf's own PostgreSQL, required otherwise",
    meaning:
      "Base64 of 32 random bytes; several, newest first, separated by commas, while a key is being replaced.",
    form: listOf((part) => {
      const key = Buffer.from(part, "base64");
      return key.length === 32
        ? { key }
        : "each key is base64 of exactly 32 bytes; make one with `openssl rand -base64 32`";
    }, isText).optional(),
  },
  WHARF_API_KEY: {
    default: "none",
    meaning: "An API key with owner's rights in the first workspace, made at start.",
    form: text
      .min(16, "use at least 16 characters, better 64; make one with `openssl rand -hex 32`")
      .optional(),
  },
  META_APP_SECRET: {
    default: "none: sandbox mode",
    meaning: "The app secret of your Meta app (App settings, Basic).",
    form: secret,
  },
  META_VERIFY_TOKEN: {
    default: "none",
    meaning: "The verify token that you type into Meta's webhook settings.",
    form: secret,
  },
  META_ACCESS_TOKEN: {
    default: "none",
    meaning:
      "A system user's token with whatsapp_business_messaging and whatsapp_business_management, to send messages and to read templates.",
    form: secret,
  },
  META_GRAPH_URL: {
    default: "https://graph.facebook.com",
    meaning: "Where Meta's Graph API is.",
    form: urlWith(["https:", "http:"], "https://graph.facebook.com").default("https://graph.facebook.com"),
  },
  META_GRAPH_VERSION: {
    default: GRAPH_VERSION,
    meaning: "The version of Meta's Graph API that is called.",
    form: z
      .string()
      .regex(/^v\d{1,3}\.\d$/, `write for example ${GRAPH_VERSION}`)
      .default(GRAPH_VERSION),
  },
  WHARF_MEDIA_BUCKET: {
    default: "none: files lie in the data directory",
    meaning: "The S3 bucket that files are stored in.",
    form: text
      .regex(/^[A-Za-z0-9][\w.-]{1,254}$/, "write the name of the bucket alone, for example wharf-media")
      .optional(),
  },
  WHARF_MEDIA_ENDPOINT: {
    default: "Amazon's, by the region",
    meaning: "Where the S3 of another maker is, as https://s3.example.com.",
    form: urlWith(["https:", "http:"], "https://s3.example.com")
      .refine(
        (value) => !URL.canParse(value) || (new URL(value).username === "" && new URL(value).search === ""),
        "leave keys out of the URL; they have variables of their own",
      )
      .optional(),
  },
  WHARF_MEDIA_REGION: {
    default: "us-east-1",
    meaning: "The bucket's region; another maker's store says which name it wants, if any.",
    form: text.regex(/^[\w-]+$/, "write for example eu-central-1").default("us-east-1"),
  },
  WHARF_MEDIA_PREFIX: {
    default: "none",
    meaning: "What the keys of files begin with, in a bucket that others use too.",
    form: text
      .regex(/^[\w.\-/]{1,200}$/, "use letters, digits and - _ . / only")
      .refine((value) => !/(^|\/)\.{1,2}(\/|$)|\/\//.test(value), "leave out empty parts, . and ..")
      .transform((value) => value.replaceAll(/^\/|\/$/g, ""))
      .optional(),
  },
  WHARF_MEDIA_PATH_STYLE: {
    default: "yes with WHARF_MEDIA_ENDPOINT, no without",
    meaning: "Whether the bucket's name is a part of the path (yes) or of the host (no).",
    form: z.enum(["yes", "no"], { error: "write yes or no" }).optional(),
  },
  WHARF_MEDIA_ACCESS_KEY_ID: {
    default: "what the AWS SDK finds: its own variables, a profile, the machine's role",
    meaning: "The access key for the bucket.",
    form: secret,
  },
  WHARF_MEDIA_SECRET_ACCESS_KEY: {
    default: "none",
    meaning: "The secret of that access key.",
    form: secret,
  },
  WHARF_ALLOWED_TARGETS: {
    default: "none",
    meaning: "Private networks that endpoints may reach all the same, as CIDRs separated by commas.",
    form: listOf((part) => {
      const cidr = part.includes("/") ? part : `${part}/${isIP(part) === 6 ? 128 : 32}`;
      return ipaddr.isValidCIDR(cidr) ? { cidr } : `${part} is no network; write for example 10.0.0.0/8`;
    }, isText).default([]),
  },
  WHARF_PUBLIC_URL: {
    default: "none: links of campaigns are not counted",
    meaning:
      "Where people reach Wharf from outside, as https://wharf.example.com: the links that campaigns count lead there.",
    form: urlWith(["https:", "http:"], "https://wharf.example.com").optional(),
  },
  WHARF_TRUSTED_PROXIES: {
    default: "loopback",
    meaning:
      "Proxies whose X-Forwarded-For, -Host and -Proto are believed: addresses, CIDRs, loopback for this machine, or none.",
    form: listOf((part) => {
      if (part === "none" || part === "loopback") return { proxy: part };
      const cidr = part.includes("/") ? part : `${part}/${isIP(part) === 6 ? 128 : 32}`;
      return ipaddr.isValidCIDR(cidr)
        ? { proxy: cidr }
        : `${part} is no network; write for example 10.0.0.5 or 172.16.0.0/12`;
    }, isText).default([{ proxy: "loopback" }]),
  },
  WHARF_RETENTION_DAYS: {
    default: "90",
    meaning:
      "How many days the journal keeps what arrived, and endpoints their log and charts; what still waits to be delivered stays longer.",
    form: z.coerce
      .number("write a number of days")
      .int("write a whole number of days")
      .min(1, "keep at least 1 day")
      .default(90),
  },
  WHARF_MESSAGE_RETENTION_DAYS: {
    default: "for good",
    meaning:
      "How many days the Inbox keeps what messages say; older ones stay in their conversation without it.",
    form: retentionDays,
  },
  WHARF_MEDIA_RETENTION_DAYS: {
    default: "for good",
    meaning: "How many days files are kept, received and uploaded ones; older ones are removed.",
    form: retentionDays,
  },
  WHARF_BACKUP_TO: {
    default: "none: `wharf backup` is told by --to",
    meaning: "Where `wharf backup` writes: a folder, or s3://bucket/prefix.",
    form: text.optional(),
  },
  WHARF_BACKUP_PASSPHRASE: {
    default: "none: the master key is left out of backups",
    meaning: "Under which the master key is written into backups, 12 letters or more.",
    form: text.min(12, "use 12 letters or more").optional(),
  },
  WHARF_SMTP_HOST: {
    default: "none: notices stay in the page",
    meaning: "The mail server by which notices are sent as emails.",
    form: text.optional(),
  },
  WHARF_SMTP_PORT: {
    default: "587",
    meaning: "The mail server's port.",
    form: z.coerce
      .number("write a number between 1 and 65535")
      .int()
      .min(1, "write a number between 1 and 65535")
      .max(65_535, "write a number between 1 and 65535")
      .default(587),
  },
  WHARF_SMTP_TLS: {
    default: "starttls",
    meaning:
      "How the line to the mail server is encrypted: starttls, tls (from the first byte, port 465) or none.",
    form: z.enum(["starttls", "tls", "none"], { error: "choose starttls, tls or none" }).default("starttls"),
  },
  WHARF_SMTP_USER: {
    default: "none: the mail server asks for no sign-in",
    meaning: "The user at the mail server.",
    form: text.optional(),
  },
  WHARF_SMTP_PASSWORD: {
    default: "none",
    meaning: "The password of that user.",
    form: secret,
  },
  WHARF_SMTP_FROM: {
    default: "none",
    meaning: "Whose emails they are, as Wharf <wharf@example.com>; required with WHARF_SMTP_HOST.",
    form: text
      .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, "write an address such as wharf@example.com")
      .optional(),
  },
  WHARF_PROCESSES: {
    default: "the number of cores, at most 8",
    meaning: "How many processes run on this machine; in sandbox mode the simulator is one more.",
    form: z.coerce
      .number("write a number between 1 and 64")
      .int("write a whole number")
      .min(1, "write a number between 1 and 64")
      .max(64, "write a number between 1 and 64")
      .optional(),
  },
  WHARF_ROLES: {
    default: "all",
    meaning: `What this machine does, separated by commas: ${roles.join(", ")}.`,
    form: listOf((part) => {
      const role = roles.find((name) => name === part);
      return role ? { role } : `${part} is no role; choose from ${roles.join(", ")}`;
    }, isText).optional(),
  },
  LOG_LEVEL: {
    default: "info",
    meaning: "How much is logged: trace, debug, info, warn, error, silent.",
    form: z
      .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
        error: "choose trace, debug, info, warn, error or silent",
      })
      .default("info"),
  },
} as const;

/** Of these it is only told whether they are set. */
const SECRETS = new Set([
  "WHARF_MASTER_KEY",
  "WHARF_API_KEY",
  "META_APP_SECRET",
  "META_VERIFY_TOKEN",
  "META_ACCESS_TOKEN",
  "WHARF_MEDIA_ACCESS_KEY_ID",
  "WHARF_MEDIA_SECRET_ACCESS_KEY",
  "WHARF_BACKUP_PASSPHRASE",
  "WHARF_SMTP_PASSWORD",
]);
/** These may stand in a file that `…_FILE` names, as Docker and Kubernetes hand them over. */
const IN_FILES = [...SECRETS, "DATABASE_URL", "DATABASE_DIRECT_URL"];
const ACCESS_KEY = ["WHARF_MEDIA_ACCESS_KEY_ID", "WHARF_MEDIA_SECRET_ACCESS_KEY"];

export interface MailSettings {
  host: string;
  port: number;
  tls: "starttls" | "tls" | "none";
  user: string | null;
  password: string | null;
  from: string;
}

/** Settings after all checks. Holds secrets: never logged. */
export interface Config {
  /** sandbox: no Meta credentials are set, the simulator stands in for Meta. */
  mode: "sandbox" | "live";
  host: string;
  port: number;
  /** null: Wharf runs its own PostgreSQL. `wharf start` puts its address here for the processes that it starts. */
  database_url: string | null;
  /** Past a pooler, which `database_url` then is; null: there is none. */
  direct_url: string | null;
  /** The most connections of a process for its work, and of one that serves for the API. */
  pool_size: number;
  api_pool_size: number;
  data_dir: string;
  /** Newest first. Empty until `withMasterKeys` when Wharf keeps the key itself. */
  master_keys: Buffer[];
  api_key: string | null;
  meta: {
    app_secret: string | null;
    verify_token: string | null;
    access_token: string | null;
    graph_url: string;
    graph_version: string;
  };
  /** null: files lie in the data directory. */
  media_bucket: BucketSettings | null;
  backup: { to: string | null; passphrase: string | null };
  /** null: notices stay in the page. */
  mail: MailSettings | null;
  /** CIDRs. */
  allowed_targets: string[];
  /** CIDRs, or the word loopback. */
  trusted_proxies: string[];
  /** Without a slash at its end; null: it isn't known. */
  public_url: string | null;
  retention_days: number;
  /** null: for good. */
  message_retention_days: number | null;
  media_retention_days: number | null;
  processes: number;
  roles: Role[];
  log_level: string;
  /** Every variable as it may be shown: without secrets. */
  settings: Installation["settings"];
}

export class ConfigError extends OperatorError {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

const form = z.object(
  Object.fromEntries(Object.entries(variables).map(([name, { form }]) => [name, form])) as {
    [Name in keyof typeof variables]: (typeof variables)[Name]["form"];
  },
);
type Values = z.infer<typeof form>;

/** Reads and checks everything together; an empty value counts as not set. Throws a ConfigError with every problem. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const files = readFiles(env);
  const given: Given = {
    ...Object.fromEntries(
      Object.keys(variables)
        .filter((name) => env[name]?.trim())
        .map((name) => [name, env[name]]),
    ),
    ...files.given,
  };
  const parsed = form.safeParse(given);
  const problems = [
    ...files.problems,
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}.`),
    ...contradictionsIn(given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);

  const value = parsed.data;
  return {
    mode: value.META_APP_SECRET ? "live" : "sandbox",
    host: value.HOST,
    port: value.PORT,
    database_url: value.DATABASE_URL ?? null,
    direct_url: value.DATABASE_DIRECT_URL ?? null,
    pool_size: value.WHARF_POOL_SIZE,
    api_pool_size: value.WHARF_API_POOL_SIZE,
    data_dir: dataDirOf(env),
    master_keys: (value.WHARF_MASTER_KEY ?? []).map(({ key }) => key),
    api_key: value.WHARF_API_KEY ?? null,
    meta: {
      app_secret: value.META_APP_SECRET ?? null,
      verify_token: value.META_VERIFY_TOKEN ?? null,
      access_token: value.META_ACCESS_TOKEN ?? null,
      graph_url: value.META_GRAPH_URL.replace(/\/+$/, ""),
      graph_version: value.META_GRAPH_VERSION,
    },
    media_bucket: bucketOf(value),
    backup: { to: value.WHARF_BACKUP_TO ?? null, passphrase: value.WHARF_BACKUP_PASSPHRASE ?? null },
    mail: mailOf(value),
    allowed_targets: value.WHARF_ALLOWED_TARGETS.map(({ cidr }) => cidr),
    public_url: value.WHARF_PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    trusted_proxies: value.WHARF_TRUSTED_PROXIES.map(({ proxy }) => proxy).filter(
      (proxy) => proxy !== "none",
    ),
    retention_days: value.WHARF_RETENTION_DAYS,
    message_retention_days: value.WHARF_MESSAGE_RETENTION_DAYS ?? null,
    media_retention_days: value.WHARF_MEDIA_RETENTION_DAYS ?? null,
    processes: value.WHARF_PROCESSES ?? Math.min(8, availableParallelism()),
    roles: value.WHARF_ROLES
      ? roles.filter((name) => value.WHARF_ROLES?.some(({ role }) => role === name))
      : [...roles],
    log_level: value.LOG_LEVEL,
    settings: settingsOf(given),
  };
}

/** What is set, by the variables' names. */
type Given = Readonly<Record<string, string | undefined>>;

/** What `…_FILE` variables lead to: without the line's end that editors add. */
function readFiles(env: NodeJS.ProcessEnv): { given: Record<string, string>; problems: string[] } {
  const given: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of IN_FILES) {
    const path = env[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (env[name]?.trim()) {
      problems.push(`${name}_FILE: is set beside ${name}; set one of the two.`);
      continue;
    }
    try {
      const text = readFileSync(path, "utf8").trim();
      if (text === "") problems.push(`${name}_FILE: ${path} is empty; write the value into it.`);
      else given[name] = text;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      problems.push(
        `${name}_FILE: ${path} can't be read (${code ?? "no file"}); correct the path or its rights.`,
      );
    }
  }
  return { given, problems };
}

/** What is wrong with variables together, though each may be right by itself. */
function contradictionsIn(given: Given): string[] {
  const problems: string[] = [];
  if (given["DATABASE_URL"] && !given["WHARF_MASTER_KEY"]) {
    problems.push(
      "WHARF_MASTER_KEY: is required with DATABASE_URL, the same on every machine; make one with `openssl rand -base64 32` and keep a copy.",
    );
  }
  if (given["DATABASE_DIRECT_URL"] && !given["DATABASE_URL"])
    problems.push("DATABASE_DIRECT_URL: has no effect without DATABASE_URL; set both, or unset it.");
  if (!given["META_APP_SECRET"] && given["META_ACCESS_TOKEN"]) {
    problems.push(
      "META_APP_SECRET: is required with META_ACCESS_TOKEN; without it Meta's webhooks can't be verified.",
    );
  }
  if (!given["WHARF_MEDIA_BUCKET"]) {
    const others = Object.keys(given).filter((name) => name.startsWith("WHARF_MEDIA_"));
    for (const name of others)
      problems.push(`${name}: has no effect without WHARF_MEDIA_BUCKET; name the bucket, or unset it.`);
  }
  if (given["WHARF_SMTP_HOST"] && !given["WHARF_SMTP_FROM"])
    problems.push(
      "WHARF_SMTP_FROM: is required with WHARF_SMTP_HOST; write the address that emails come from.",
    );
  if (!given["WHARF_SMTP_HOST"])
    for (const name of Object.keys(given).filter((one) => one.startsWith("WHARF_SMTP_")))
      problems.push(`${name}: has no effect without WHARF_SMTP_HOST; name the mail server, or unset it.`);
  if (given["WHARF_SMTP_PASSWORD"] && !given["WHARF_SMTP_USER"])
    problems.push("WHARF_SMTP_USER: is required with WHARF_SMTP_PASSWORD.");
  for (const [name, other] of [ACCESS_KEY, ACCESS_KEY.toReversed()] as [string, string][]) {
    if (given[name] && !given[other]) problems.push(`${other}: is required with ${name}.`);
  }
  return problems;
}

function mailOf(value: Values): MailSettings | null {
  if (!value.WHARF_SMTP_HOST) return null;
  return {
    host: value.WHARF_SMTP_HOST,
    port: value.WHARF_SMTP_PORT,
    tls: value.WHARF_SMTP_TLS,
    user: value.WHARF_SMTP_USER ?? null,
    password: value.WHARF_SMTP_PASSWORD ?? null,
    from: value.WHARF_SMTP_FROM ?? "",
  };
}

function bucketOf(value: Values): BucketSettings | null {
  if (!value.WHARF_MEDIA_BUCKET) return null;
  return {
    bucket: value.WHARF_MEDIA_BUCKET,
    endpoint: value.WHARF_MEDIA_ENDPOINT?.replace(/\/+$/, "") ?? null,
    region: value.WHARF_MEDIA_REGION,
    prefix: value.WHARF_MEDIA_PREFIX ? `${value.WHARF_MEDIA_PREFIX}/` : "",
    path_style: (value.WHARF_MEDIA_PATH_STYLE ?? (value.WHARF_MEDIA_ENDPOINT ? "yes" : "no")) === "yes",
    access_key:
      value.WHARF_MEDIA_ACCESS_KEY_ID && value.WHARF_MEDIA_SECRET_ACCESS_KEY
        ? { id: value.WHARF_MEDIA_ACCESS_KEY_ID, secret: value.WHARF_MEDIA_SECRET_ACCESS_KEY }
        : null,
  };
}

function settingsOf(given: Given): Config["settings"] {
  return Object.entries(variables).map(([name, { default: usual, meaning }]) => {
    const set = given[name];
    if (set === undefined) return { name, meaning, value: usual, source: "default" };
    return { name, meaning, value: shown(name, set), source: "environment" };
  });
}

/** A URL may hold a password, in front of its host or in its query. */
function shown(name: string, value: string): string | null {
  if (SECRETS.has(name)) return null;
  if (!value.includes("://") || !URL.canParse(value)) return value;
  const { protocol, username, host, pathname } = new URL(value);
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

/** For the command that is typed: this shell's own word goes before what the running Wharf was started with. */
export function backupSettings(config: Config, env: NodeJS.ProcessEnv = process.env): Config["backup"] {
  return {
    to: env["WHARF_BACKUP_TO"]?.trim() || config.backup.to,
    passphrase:
      env["WHARF_BACKUP_PASSPHRASE"]?.trim() ||
      readFiles(env).given["WHARF_BACKUP_PASSPHRASE"] ||
      config.backup.passphrase,
  };
}

/** What owners see of how Wharf is installed. */
export function installationOf(config: Config): Installation {
  const { mode, meta, retention_days, processes, media_bucket, settings } = config;
  return {
    mode,
    graph_version: meta.graph_version,
    retention_days,
    processes,
    roles: config.roles,
    media: media_bucket
      ? { kind: "bucket", place: media_bucket.bucket }
      : { kind: "folder", place: mediaDir(config) },
    // The supervisor puts the address of Wharf's own into `database_url`.
    own_database: settings.some(({ name, source }) => name === "DATABASE_URL" && source === "default"),
    settings,
  };
}

/** Where a running Wharf is found, also when other settings are wrong. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return resolve(env["WHARF_DATA_DIR"]?.trim() || join(projectDir, "data"));
}

/**
 * With Wharf's own PostgreSQL the master key is kept beside it, made at the first start. It is not made again for a
 * database that exists: what an older key sealed could never be opened.
 */
export function withMasterKeys(config: Config): Config {
  if (config.master_keys.length > 0) return config;
  const path = masterKeyPath(config);
  const kept = readIfThere(path);
  if (kept === null && lstatSync(join(config.data_dir, "postgres"), { throwIfNoEntry: false })) {
    throw new OperatorError(
      `The master key ${path} is missing, though the database exists; put it back from your backup, or set WHARF_MASTER_KEY to it.`,
    );
  }
  const line = kept ?? randomBytes(32).toString("base64");
  const keys = line.split(",").map((part) => Buffer.from(part.trim(), "base64"));
  if (keys.some((key) => key.length !== 32)) {
    throw new OperatorError(`${path} does not hold base64 of 32 bytes; put it back from your backup.`);
  }
  if (kept === null) {
    mkdirSync(config.data_dir, { recursive: true });
    writeFileSync(path, `${line}\n`, { mode: 0o600, flag: "wx" });
  }
  return { ...config, master_keys: keys };
}

export function masterKeyPath(config: Config): string {
  return join(config.data_dir, "master.key");
}

/** Where files lie, and where they come in when they lie in a bucket. */
export function mediaDir(config: Config): string {
  return join(config.data_dir, "media");
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new OperatorError(
      `${path} can't be read by this user; start Wharf as the user that it belongs to.`,
      {
        cause: error,
      },
    );
  }
}

/** Where a browser on this machine finds a Wharf that listens on `host`: one that listens everywhere is at localhost. */
export function addressOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
