import { appendTo } from "../base/base.ts";
import { createGraph, type Called, type Failed, type Graph } from "../meta/meta.ts";

/** What is asked of Meta, one after another: what makes the next question pointless ends them. */
export type MetaCheck =
  | "token"
  | "secret"
  | "permissions"
  | "expiry"
  | "callback"
  | "fields"
  | "app_mode"
  | "account"
  | "number";

/** One thing that Meta was asked, in words: the page and `wharf doctor` show the same. */
export interface MetaFinding {
  check: MetaCheck;
  state: "ok" | "note" | "problem";
  /** What was found, as the rest of a sentence. */
  text: string;
  /** What to do about it; null: nothing. */
  fix: string | null;
  /** Meta's id of the account or number that it is about. */
  about: string | null;
}

export interface CheckedConnection {
  graph_url: string;
  graph_version?: string | undefined;
  access_token: string;
  app_secret: string;
  /** Of the app, as a person gave it. */
  app_id?: string | null;
  /** Where its webhooks shall go; null: it isn't known. */
  callback_url?: string | null;
  /** Accounts that Wharf knows of it, besides those that the token names. */
  waba_ids?: readonly string[];
  /** What the settings are called where they are corrected. */
  words?: { access_token: string; app_secret: string };
}

export const IN_THE_PAGE = { access_token: "the access token", app_secret: "the app secret" };

/** Without these Wharf sees no messages and statuses, or not what they cost. */
const NEEDED_SCOPES = ["whatsapp_business_messaging", "whatsapp_business_management"];
export const NEEDED_FIELDS = ["messages"];
/** They keep templates, numbers, limits and consent current. */
export const WANTED_FIELDS = [
  "message_template_status_update",
  "message_template_quality_update",
  "template_category_update",
  "phone_number_quality_update",
  "phone_number_name_update",
  "account_update",
  "account_alerts",
  "user_preferences",
];
const ACCOUNTS_ASKED = 20;
const DAY_S = 86_400;
const SOON_DAYS = 14;

interface Checking {
  given: CheckedConnection;
  graph: Graph;
  app: { id: string; shown: string };
  words: { access_token: string; app_secret: string };
}

/** What was found, and which app Meta says that the token is of; null: it did not say. */
export interface Checked {
  findings: MetaFinding[];
  app: { id: string; name: string | null } | null;
}

/** Asks Meta whether the token, the app secret and the subscriptions are what Wharf needs. */
export async function checkMeta(given: CheckedConnection, now_ms: number): Promise<Checked> {
  const { graph_url, graph_version, access_token, words = IN_THE_PAGE } = given;
  const graph = createGraph({
    base_url: graph_url,
    ...(graph_version === undefined ? {} : { version: graph_version }),
    token: () => access_token,
    timeout_ms: 10_000,
    connect_timeout_ms: 5_000,
  });
  try {
    const app = await graph.app();
    if (app.outcome !== "done")
      return {
        findings: [problem("token", `${words.access_token} can't be checked`, reasonOf(app, graph_url))],
        app: null,
      };
    const { id, name } = app.value;
    const shown = name === null ? id : `${name} (${id})`;
    if (given.app_id && given.app_id !== id) {
      const text = `${words.access_token} belongs to the app ${shown}, not to the app ${given.app_id}`;
      const fix = "make a token for the right app, or correct the app ID";
      return { findings: [problem("token", text, fix)], app: null };
    }
    const checking = { given, graph, app: { id, shown }, words };
    const token = await checkToken(checking, now_ms);
    if (token.ends) return { findings: token.findings, app: app.value };
    const accounts = [...new Set([...token.accounts, ...(given.waba_ids ?? [])])];
    const findings = [
      ...token.findings,
      ...(await checkSubscription(checking)),
      ...(await checkAccounts(checking, accounts)),
    ];
    return { findings, app: app.value };
  } finally {
    await graph.stop();
  }
}

async function checkToken({ given, graph, app, words }: Checking, now_ms: number) {
  const stop = (...findings: MetaFinding[]) => ({ ends: true as const, findings, accounts: [] as string[] });
  const token = await graph.inspectToken({ id: app.id, secret: given.app_secret });
  if (token.outcome !== "done") {
    const is_secret = token.outcome === "refused" && [1, 101, 190].includes(token.error.code ?? 0);
    return stop(
      is_secret
        ? problem(
            "secret",
            `${words.app_secret} is not the secret of ${app.shown}, whose token ${words.access_token} is`,
            "copy it from the app's basic settings",
          )
        : problem("token", `the token of ${app.shown} can't be checked`, reasonOf(token, given.graph_url)),
    );
  }
  const { is_valid, expires_at, scopes, granular_scopes } = token.value;
  if (!is_valid)
    return stop(
      problem("token", `${words.access_token} is no longer valid`, "make a new one for the system user"),
    );
  const missing = NEEDED_SCOPES.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0)
    return stop(
      problem("permissions", `the token lacks ${missing.join(" and ")}`, "make one with both permissions"),
    );
  const days = expires_at ? Math.floor((expires_at - now_ms / 1_000) / DAY_S) : Number.POSITIVE_INFINITY;
  const version = given.graph_version === undefined ? "" : `, Graph API ${given.graph_version}`;
  const findings =
    days >= SOON_DAYS
      ? [ok("token", `app ${app.shown}${version} at ${given.graph_url}`)]
      : [
          problem(
            "expiry",
            `the token of ${app.shown} ends in ${Math.max(0, days)} ${days === 1 ? "day" : "days"}`,
            "make one that does not expire, for a system user",
          ),
        ];
  const accounts = granular_scopes.find(({ scope }) => scope === NEEDED_SCOPES[1])?.target_ids ?? [];
  return { ends: false as const, findings, accounts };
}

/** What the app itself is told of, and where. */
async function checkSubscription({ given, graph, app }: Checking): Promise<MetaFinding[]> {
  const subscriptions = await graph.appSubscriptions({ id: app.id, secret: given.app_secret });
  if (subscriptions.outcome !== "done")
    return [
      problem(
        "callback",
        `where ${app.shown} sends its webhooks can't be seen`,
        reasonOf(subscriptions, given.graph_url),
      ),
    ];
  const own = subscriptions.value.find(({ object }) => object === "whatsapp_business_account");
  if (!own || own.callback_url === null || own.active === false)
    return [
      problem(
        "callback",
        `${app.shown} has no callback URL for WhatsApp`,
        "register Wharf's callback URL and verify token under WhatsApp, Configuration, Webhook",
      ),
    ];
  const wanted = given.callback_url ?? null;
  const elsewhere = wanted !== null && !isSame(own.callback_url, wanted);
  const callback = elsewhere
    ? problem(
        "callback",
        `${app.shown} sends its webhooks to ${own.callback_url}, not to ${wanted}`,
        "register Wharf's callback URL and verify token under WhatsApp, Configuration, Webhook",
      )
    : ok("callback", `webhooks go to ${own.callback_url}`);
  return [callback, fieldsOf(own.fields)];
}

function fieldsOf(fields: readonly string[]): MetaFinding {
  const lacking = (names: readonly string[]) => names.filter((name) => !fields.includes(name));
  const needed = lacking(NEEDED_FIELDS);
  if (needed.length > 0)
    return problem(
      "fields",
      `the app is not subscribed to ${needed.join(", ")}, so no message reaches Wharf`,
      "subscribe to it under Webhook fields",
    );
  const wanted = lacking(WANTED_FIELDS);
  return wanted.length === 0
    ? ok("fields", "the app is subscribed to all fields that Wharf uses")
    : {
        check: "fields",
        state: "note",
        text: `the app is not subscribed to ${wanted.join(", ")}`,
        fix: "subscribe to them to keep templates, numbers, limits and consent current",
        about: null,
      };
}

async function checkAccounts(checking: Checking, accounts: readonly string[]): Promise<MetaFinding[]> {
  if (accounts.length === 0)
    return [
      {
        check: "account",
        state: "note",
        text: "the token does not say which accounts it may see",
        fix: "give the system user access to your WhatsApp account, and make the token anew",
        about: null,
      },
    ];
  const findings: MetaFinding[] = [];
  for (const waba_id of accounts.slice(0, ACCOUNTS_ASKED)) {
    const health = await checking.graph.account(waba_id);
    if (health.outcome === "done" && !findings.some(({ check }) => check === "app_mode"))
      appendTo(findings, appModeOf(checking, health.value));
    appendTo(findings, await checkAccount(checking, waba_id));
  }
  return findings;
}

type Account = Extract<Awaited<ReturnType<Graph["account"]>>, { outcome: "done" }>["value"];

/** An app in development hears of people with a role in it only. */
function appModeOf({ app }: Checking, { health_status }: Account): MetaFinding[] {
  const entity = health_status.find(({ entity_type }) => entity_type === "APP");
  if (!entity || entity.can_send_message === "AVAILABLE" || entity.can_send_message === null) return [];
  const [error] = entity.errors;
  const said = error?.error_description ?? "Meta does not say why";
  if (/develop/i.test(`${said} ${error?.possible_solution ?? ""}`))
    return [
      problem(
        "app_mode",
        `${app.shown} is in development mode, so Meta sends it only test webhooks`,
        "switch it to Live at the top of the app dashboard",
      ),
    ];
  return [
    problem(
      "app_mode",
      `Meta does not let ${app.shown} send freely: ${stripped(said)}`,
      stripped(error?.possible_solution ?? "look at the app dashboard"),
    ),
  ];
}

async function checkAccount({ given, graph, app }: Checking, waba_id: string): Promise<MetaFinding[]> {
  const unseen = (what: string, failed: Failed): MetaFinding[] => [
    problem("account", `${what} can't be seen`, reasonOf(failed, given.graph_url), waba_id),
  ];
  const subscriptions = await graph.subscriptions(waba_id);
  if (subscriptions.outcome !== "done") return unseen(waba_id, subscriptions);
  const own = subscriptions.value.find(({ app_id }) => app_id === app.id);
  const numbers = await numbersOf(graph, waba_id);
  if (numbers.outcome !== "done") return unseen(`${waba_id}'s numbers`, numbers);
  const shown = numbers.value.map(
    ({ display_phone_number, quality_rating }) =>
      `${display_phone_number}${quality_rating === null ? "" : ` (${quality_rating})`}`,
  );
  const listed = `numbers: ${shown.join(", ") || "none"}`;
  const account: MetaFinding = !own
    ? problem(
        "account",
        `${waba_id} does not send its webhooks to this app`,
        "subscribe it under Settings, Connections",
        waba_id,
      )
    : own.override_callback_uri === null || own.override_callback_uri === given.callback_url
      ? ok("account", `${waba_id} sends its webhooks to this app; ${listed}`, waba_id)
      : {
          check: "account",
          state: "note",
          text: `${waba_id} sends its webhooks to ${own.override_callback_uri}; ${listed}`,
          fix: null,
          about: waba_id,
        };
  const unregistered = numbers.value
    .filter(({ status }) => status !== null && status !== "CONNECTED")
    .map((number) =>
      problem(
        "number",
        `${number.display_phone_number} is not registered, so it can't send`,
        "register it with a six-digit PIN under Settings, Connections",
        number.id,
      ),
    );
  return [account, ...unregistered];
}

type Numbers = Extract<Awaited<ReturnType<Graph["phoneNumber"]>>, { outcome: "done" }>["value"][];

async function numbersOf(graph: Graph, waba_id: string): Promise<Called<Numbers>> {
  const all: Numbers = [];
  for await (const page of graph.phoneNumbers(waba_id)) {
    if (page.outcome !== "done") return page;
    for (const number of page.value) all.push(number);
  }
  return { outcome: "done", value: all };
}

const ok = (check: MetaCheck, text: string, about: string | null = null): MetaFinding => ({
  check,
  state: "ok",
  text,
  fix: null,
  about,
});

const problem = (check: MetaCheck, text: string, fix: string, about: string | null = null): MetaFinding => ({
  check,
  state: "problem",
  text,
  fix,
  about,
});

/** Why Meta did not answer as hoped, and what to do. */
export function reasonOf(failed: Failed, graph_url: string): string {
  if (failed.outcome === "refused") return stripped(`${failed.error.says} ${failed.error.advice}`);
  return `${graph_url} did not answer (${stripped(failed.reason)}); check the network`;
}

const stripped = (text: string): string => text.trim().replace(/\.$/, "");

/** Hosts are written in either case, and a slash at the end means nothing here. */
function isSame(a: string, b: string): boolean {
  const plain = (url: string) => (URL.canParse(url) ? new URL(url).href : url).replace(/\/$/, "");
  return plain(a) === plain(b);
}

/** A finding as one sentence, for a terminal. */
export const inOneLine = ({ text, fix }: MetaFinding): string => (fix === null ? text : `${text}; ${fix}.`);
