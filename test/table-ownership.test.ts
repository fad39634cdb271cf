import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";

/**
 * Each table: its kind, the module that owns it and alone writes it, and which others read it.
 * *control* is small, *queue* has rows that are deleted when done, *data* is written once or folded, and addressed by
 * its workspace. A new reader is a new line here, with a thought about why it doesn't ask the owner.
 */
type Kind = "control" | "queue" | "data";
const tables: Record<string, [kind: Kind, owner: string, readers?: readonly string[]]> = {
  account_facts: ["data", "accounts"],
  accounts: ["control", "connections", ["templates"]],
  api_keys: ["control", "api"],
  attempts: ["data", "delivery"],
  audit_log: ["data", "api"],
  automation_activities: ["data", "automations"],
  automation_counts: ["data", "automations"],
  automation_entries: ["queue", "automations"],
  automation_messages: ["data", "automations"],
  automation_runs: ["data", "automations"],
  automation_segment_members: ["data", "automations"],
  automation_tests: ["control", "automations"],
  automation_told: ["queue", "automations"],
  automation_triggers: ["control", "automations"],
  automation_versions: ["control", "automations"],
  automation_waits: ["queue", "automations"],
  automation_wakes: ["queue", "automations"],
  automation_work: ["queue", "automations"],
  automations: ["control", "automations"],
  call_events: ["data", "inbox"],
  call_secrets: ["control", "delivery"],
  // Each is its own log: the row stays when it is done.
  calls: ["queue", "delivery"],
  campaign_additions: ["data", "campaigns"],
  campaign_counts: ["data", "campaigns"],
  campaign_exclusions: ["data", "campaigns"],
  campaign_links: ["data", "campaigns"],
  campaign_recipients: ["data", "campaigns", ["audience"]],
  campaign_work: ["queue", "campaigns"],
  campaigns: ["control", "campaigns", ["audience", "automations"]],
  connection_pauses: ["control", "sending"],
  connections: ["control", "connections", ["api", "inbox", "journal", "sending", "templates"]],
  consent_defaults_off: ["control", "consent", ["inbox"]],
  consent_events: ["data", "inbox", ["campaigns", "consent", "imports"]],
  consent_messages: ["queue", "consent"],
  consent_settings: ["control", "consent", ["inbox"]],
  consent_words: ["control", "consent", ["inbox"]],
  contact_activity: ["data", "audience", ["imports"]],
  contact_events: ["data", "audience"],
  contact_fields: ["control", "audience", ["imports"]],
  contact_identities: ["data", "inbox", ["audience", "campaigns", "consent", "imports", "sending"]],
  contact_joins: ["queue", "inbox"],
  contact_profiles: ["data", "audience", ["automations", "campaigns", "imports", "sending"]],
  contact_tags: ["data", "audience", ["imports"]],
  contacts: [
    "data",
    "inbox",
    ["api", "audience", "automations", "campaigns", "consent", "imports", "sending"],
  ],
  conversations: ["data", "inbox", ["api", "audience", "automations", "campaigns", "consent", "sending"]],
  delivery_log: ["data", "delivery"],
  delivery_queue: ["queue", "delivery"],
  delivery_wamids: ["data", "delivery"],
  endpoint_history: ["data", "delivery"],
  endpoint_minutes: ["data", "delivery"],
  endpoints: ["control", "delivery", ["api", "automations"]],
  erased_messages: ["data", "inbox"],
  events: ["data", "pipeline", ["delivery", "inbox", "journal"]],
  group_facts: ["data", "inbox"],
  group_participants: ["data", "inbox"],
  groups: ["data", "inbox"],
  heartbeat: ["control", "installation"],
  idempotency_keys: ["control", "api"],
  identity_links: ["data", "inbox"],
  import_contacts: ["data", "imports"],
  import_rejects: ["data", "imports"],
  imports: ["queue", "imports"],
  installation: ["control", "installation"],
  invitations: ["control", "api"],
  journal: ["data", "journal", ["delivery", "inbox", "pipeline"]],
  journal_outcomes: ["data", "journal"],
  journal_queue: ["queue", "journal"],
  list_contacts: ["data", "audience"],
  lists: ["control", "audience", ["imports"]],
  live_events: ["data", "live"],
  live_feeds: ["control", "live"],
  marketing_fills: ["queue", "sending"],
  marketing_paces: ["queue", "sending"],
  marketing_policies: ["control", "consent", ["sending"]],
  media: ["queue", "media", ["cli", "inbox"]],
  media_library: ["control", "media", ["automations"]],
  media_uploads: ["data", "media"],
  member_numbers: ["control", "api"],
  members: ["control", "api", ["automations", "notices"]],
  message_amendments: ["data", "inbox"],
  message_payments: ["data", "inbox"],
  message_prunes: ["control", "inbox"],
  message_reactions: ["data", "inbox"],
  message_recipients: ["data", "inbox"],
  message_statuses: ["data", "inbox", ["automations", "campaigns", "sending"]],
  messages: ["data", "inbox", ["automations", "campaigns", "consent", "sending"]],
  migrations: ["control", "db", ["api", "cli"]],
  notes: ["data", "inbox"],
  notice_ends: ["data", "notices"],
  notice_mail_times: ["control", "notices"],
  notice_mails: ["queue", "notices"],
  notice_preferences: ["control", "notices"],
  notices: ["data", "notices"],
  number_queues: ["queue", "sending"],
  outages: ["data", "installation"],
  pair_paces: ["queue", "sending"],
  phone_numbers: [
    "control",
    "connections",
    [
      "accounts",
      "api",
      "automations",
      "campaigns",
      "consent",
      "inbox",
      "journal",
      "media",
      "pipeline",
      "sending",
    ],
  ],
  rate_cards: ["control", "costs"],
  rate_limits: ["control", "api"],
  rates: ["control", "costs"],
  read_marks: ["queue", "sending"],
  recoveries: ["queue", "delivery"],
  roles: ["control", "api"],
  search_rules: ["control", "inbox"],
  segments: ["control", "audience"],
  sends: ["queue", "sending", ["automations", "campaigns", "inbox"]],
  sessions: ["control", "api"],
  tags: ["control", "audience", ["imports"]],
  template_drafts: ["control", "templates"],
  template_edits: ["data", "templates"],
  template_events: ["data", "templates"],
  template_group_members: ["control", "templates", ["automations", "campaigns"]],
  template_groups: ["control", "templates", ["automations", "campaigns"]],
  template_refusals: ["control", "sending"],
  template_samples: ["data", "templates"],
  template_syncs: ["queue", "templates"],
  templates: ["control", "templates", ["automations", "campaigns", "consent", "inbox", "sending"]],
  unmatched_messages: ["data", "inbox"],
  unrouted_webhooks: ["queue", "connections"],
  user_accounts: ["control", "api"],
  users: [
    "control",
    "api",
    ["automations", "campaigns", "consent", "costs", "delivery", "imports", "inbox", "notices"],
  ],
  verifications: ["control", "api"],
  window_closures: ["data", "inbox"],
  webhook_rejects: ["data", "connections"],
  workspaces: ["control", "api", ["campaigns", "connections", "delivery", "inbox", "notices"]],
};

interface Use {
  file: string;
  module: string;
  table: string;
  writes: boolean;
}

/** The statements that were read. */
const statements: { file: string; text: string }[] = [];
const schema = readFileSync(join(projectDir, "migrations/schema.sql"), "utf8");
const names = [...schema.matchAll(/^create table ([a-z_]+) /gm)].map(([, name]) => name!);
const uses = readdirSync(join(projectDir, "src"), { encoding: "utf8", recursive: true })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .flatMap((file) => usesIn(file, readFileSync(join(projectDir, "src", file), "utf8")));

/** Every table that the SQL of a file names. A nested template is found by itself. */
function usesIn(file: string, content: string): Use[] {
  const source = content.replaceAll(/^ *\/\*\*[^]*?\*\//gm, "");
  return [...source.matchAll(/\bsql(?:<[^`]*>)?`|\bnamed\([^`]*\)`/g)].flatMap((match) => {
    const text = templateAt(source, match.index + match[0].length);
    statements.push({ file, text });
    const ctes = new Set(
      [...text.matchAll(/\b([a-z_]+)(?:\s*\([^)]*\))?\s+as\s+(?:(?:not )?materialized )?\(/g)].map(
        (each) => each[1],
      ),
    );
    return [
      ...text.matchAll(
        /\b(insert into|update|delete from|merge into|copy|truncate|from|join|using)\s+(?:only\s+)?([a-z_]+)/g,
      ),
    ]
      .map(([, verb = "", table = ""]) => ({
        file,
        module: file.split("/")[0]!,
        table,
        writes: !/^(?:from|join|using)$/.test(verb),
      }))
      .filter(({ table, writes }) => names.includes(table) && (writes || !ctes.has(table)));
  });
}

/** The SQL from there to its closing backtick, without the values and without comments. */
function templateAt(source: string, from: number): string {
  let text = "";
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at]!;
    if (depth === 0 && char === "`") break;
    if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (depth === 0) text += char;
  }
  return text.replaceAll(/--.*$/gm, "");
}

it("sees the statements", () => {
  expect(uses.length).toBeGreaterThan(400);
  expect(new Set(uses.map(({ module }) => module)).size).toBeGreaterThan(10);
});

it("each table has an owner and a kind, and no line stands for a table that is gone", () => {
  expect(Object.keys(tables).sort()).toEqual([...names].sort());
});

it("a table is written by its owner alone", () => {
  const wrong = uses.filter(({ table, module, writes }) => writes && tables[table]?.[1] !== module);
  expect(wrong).toEqual([]);
});

it("a table is read by its owner and by those that its line names, and each of these does read it", () => {
  const read = uses.filter(({ module, table }) => tables[table]?.[1] !== module);
  const unlisted = read.filter(({ module, table }) => !tables[table]?.[2]?.includes(module));
  expect(unlisted).toEqual([]);
  const listed = Object.entries(tables).flatMap(([table, [, , readers = []]]) =>
    readers.map((reader) => `${reader} reads ${table}`),
  );
  const seen = new Set(read.map(({ module, table }) => `${module} reads ${table}`));
  expect(listed.filter((line) => !seen.has(line))).toEqual([]);
});

/**
 * Statements that lock rows of *data* tables of several workspaces at once. A distributed engine refuses them, so none is
 * added to those that are left: a batch is grouped by workspace before it locks data, and claims lock *queue* and
 * *control* rows alone.
 */
const LOCKS_SEVERAL_WORKSPACES: Record<string, number> = {
  "campaigns/outcomes/fold-moves.ts": 1,
  // By a condition that they are given, which names it.
  "delivery/recovery/recovery-steps.ts": 1,
  "delivery/tables/tables.ts": 1,
  "inbox/folds/fold-accounts.ts": 1,
  "inbox/folds/fold-conversations.ts": 2,
  "inbox/group-lookups.ts": 1,
  "inbox/identity/identity-rows.ts": 1,
  "inbox/identity/regroup.ts": 1,
  "inbox/outgoing.ts": 1,
  // A webhook of a shared connection is no workspace's yet.
  "journal/queue.ts": 1,
};

it("a lock on data names one workspace", () => {
  const counts: Record<string, number> = {};
  for (const { file, text } of statements)
    for (const locked of locksIn(text)) {
      if (!locked.tables.some((table) => tables[table]?.[0] === "data")) continue;
      if (!/\bworkspace_id = \$/.test(locked.text)) counts[file] = (counts[file] ?? 0) + 1;
    }
  expect(counts).toEqual(LOCKS_SEVERAL_WORKSPACES);
});

/** Each locking clause of a statement, with the select that it belongs to and the tables whose rows it locks. */
function locksIn(text: string): { text: string; tables: string[] }[] {
  return [...text.matchAll(/\bfor (?:no key update|key share|update|share)\b(?: of ([a-z_]+))?/g)].map(
    (match) => {
      const before = text.slice(0, match.index);
      const own = before.slice(before.lastIndexOf("select"));
      const named = [...own.matchAll(/\b(?:from|join)\s+([a-z_]+)(?:\s+(?:as\s+)?([a-z_]+))?/g)];
      const of = named.find(([, table, alias]) => match[1] === alias || match[1] === table)?.[1];
      return {
        text: own,
        tables: match[1] === undefined ? named.map(([, table]) => table!) : of ? [of] : [],
      };
    },
  );
}
