import { type Condition, draftOf } from "../../../conversation/conditions/rule-model.ts";
import { OPERATORS, SUBJECT_NAMES } from "../../../conversation/conditions/texts.ts";
import { tableOf } from "../../../lib/table-of.ts";
import { CONSENT_LABELS } from "../../../lib/words/texts.ts";
import { duration } from "../../../lib/words/time.ts";
import { CONDITION } from "../setting-texts.ts";
import {
  ACTS,
  CAPS,
  EXITS,
  LIMITS,
  OUTCOMES,
  PORTS,
  REENTRY,
  STATUSES,
  TYPES,
  WORDS,
} from "../flow-texts.ts";
import type { Act, Atom, ExitRule, FlowNode, Group, Hours, Settings, Source, Trigger } from "./types.ts";

/** The names of what a flow names by id; of what is gone, that it is. */
export interface Names {
  tag: (id: string) => string;
  list: (id: string) => string;
  segment: (id: string) => string;
  field: (id: string) => string;
  template: (id: string) => string;
  group: (id: string) => string;
  campaign: (id: string) => string;
  number: (id: string) => string;
  file: (id: string) => string;
  user: (id: string) => string;
  endpoint: (id: string) => string;
}
/** A setting and what it is, in words. */
export type Fact = readonly [label: string, value: string];

const PAYLOAD_OPS = tableOf<string>(CONDITION.ops);
const CONSENT = tableOf<string>(CONSENT_LABELS);
const MINUTE_MS = 60_000;
export const minutes = (count: number) => duration(count * MINUTE_MS);
const orNone = (id: string | null, name: (id: string) => string) => (id === null ? WORDS.none : name(id));

/** What a node is called: by its own name, else by what it does. */
export function titleOf(node: FlowNode, names: Names): string {
  if (node.name !== "") return node.name;
  switch (node.type) {
    case "trigger":
      return node.trigger ? WORDS.trigger[node.trigger.kind] : TYPES.trigger;
    case "action":
      return node.act ? ACTS[node.act.kind] : TYPES.action;
    case "delay":
      return untilWords(node, names);
    default:
      return TYPES[node.type];
  }
}

/** What it does in one line, below its title. */
export function lineOf(node: FlowNode, names: Names, nameOf: (id: string | null) => string): string {
  switch (node.type) {
    case "trigger":
      return node.trigger ? triggerWords(node.trigger, names) : WORDS.none;
    case "delay":
      return node.name === "" ? (node.hours ? hoursWords(node.hours) : "") : untilWords(node, names);
    case "wait":
      return WORDS.for(minutes(node.deadline_min));
    case "condition":
      return testWords(node.test, names);
    case "split":
      return node.branches.map(({ name }) => name).join(" / ");
    case "goto":
      return node.to === null ? WORDS.none : nameOf(node.to);
    case "action":
      return node.act ? actWords(node.act, names) : WORDS.none;
    case "end":
      return "";
  }
}

/** What stands at a port. */
export function portWords(node: FlowNode, port: string): string {
  if (node.type === "wait") {
    if (port === "deadline") return PORTS.deadline;
    const outcome = node.outcomes.find(({ id }) => id === port);
    return outcome ? outcomeWords(outcome) : "";
  }
  if (node.type === "split") {
    const all = node.branches.reduce((sum, { weight }) => sum + weight, 0);
    const branch = node.branches.find(({ id }) => id === port);
    return branch ? PORTS.share(branch.name, Math.round((branch.weight / Math.max(1, all)) * 100)) : "";
  }
  return { yes: PORTS.yes, no: PORTS.no, failed: PORTS.failed, next: PORTS.next }[port] ?? port;
}

type Wait = Extract<FlowNode, { type: "wait" }>;
function outcomeWords({ what, after_min, payloads, texts, name }: Wait["outcomes"][number]): string {
  if (what === "event") return name === "" ? OUTCOMES.event : `“${name}”`;
  if (what === "not_delivered" && after_min !== null) return WORDS.after(OUTCOMES[what], minutes(after_min));
  return what === "replied" ? WORDS.said(OUTCOMES[what], [...texts, ...payloads]) : OUTCOMES[what];
}

function triggerWords(trigger: Trigger, names: Names): string {
  switch (trigger.kind) {
    case "message_received":
    case "contact_created":
      return "";
    case "keyword":
      return WORDS.words(trigger.words, trigger.match);
    case "button_reply": {
      const all = [...trigger.texts, ...trigger.payloads];
      return all.length === 0 ? WORDS.any_button : WORDS.buttons(all);
    }
    case "tag_added":
      return orNone(trigger.tag_id, names.tag);
    case "list_entered":
      return orNone(trigger.list_id, names.list);
    case "segment_entered":
      return orNone(trigger.segment_id, names.segment);
    case "field_changed":
      return WORDS.becomes(
        orNone(trigger.field_id, names.field),
        trigger.to === null ? null : String(trigger.to),
      );
    case "date_field":
      return WORDS.around(
        orNone(trigger.field_id, names.field),
        trigger.days,
        trigger.time,
        trigger.every_year,
      );
    case "campaign_reply":
      return trigger.campaign_id === null ? WORDS.any_campaign : names.campaign(trigger.campaign_id);
    case "schedule":
      return WORDS.schedule(
        trigger.weekdays,
        trigger.time,
        trigger.time_zone,
        trigger.audience ? sourceWords(trigger.audience, names) : WORDS.none,
      );
    case "api_event":
      return trigger.name || WORDS.none;
  }
}

const sourceWords = ({ kind, id }: Source, names: Names) => names[kind](id);
const hoursWords = ({ weekdays, from, to }: Hours) => WORDS.within(weekdays, from, to);

function untilWords({ until }: Extract<FlowNode, { type: "delay" }>, names: Names): string {
  switch (until.kind) {
    case "duration":
      return WORDS.for(minutes(until.minutes));
    case "time":
      return WORDS.until_time(until.time, until.weekdays);
    case "date_field":
      return WORDS.around(orNone(until.field_id, names.field), until.days, until.time, false);
  }
}

export function testWords({ join, items }: Group, names: Names): string {
  if (items.length === 0) return WORDS.empty_test;
  return items
    .map((item) => ("items" in item ? `(${testWords(item, names)})` : atomWords(item, names)))
    .join(WORDS[join]);
}

function atomWords(atom: Atom, names: Names): string {
  const text = plainWords(atom, names);
  return atom.not ? WORDS.not(text) : text;
}

function plainWords(atom: Atom, names: Names): string {
  switch (atom.is) {
    case "delivery_status":
      return WORDS.status(STATUSES[atom.status]);
    case "replied":
      return (
        WORDS.said(WORDS.replied, [...atom.texts, ...atom.payloads]) +
        (atom.within_min === null ? "" : WORDS.in(minutes(atom.within_min)))
      );
    case "segment":
      return WORDS.in_segment(orNone(atom.segment_id, names.segment));
    case "window_open":
      return WORDS.window_open;
    case "time":
      return WORDS.time(hoursWords(atom.hours));
    case "event":
      return WORDS.event(atom.name);
    case "payload":
      return payloadWords(atom);
    case "answer":
      return WORDS.answer(payloadWords(atom));
    case "contact":
      return contactWords(atom.condition, names);
  }
}

function payloadWords({ path, test }: Extract<Atom, { is: "payload" | "answer" }>): string {
  if ("value" in test && typeof test.value === "boolean")
    return WORDS.compared(path.join("."), PAYLOAD_OPS[test.value ? "true" : "false"] ?? "", "");
  const value =
    "value" in test ? (Array.isArray(test.value) ? test.value.join(" – ") : String(test.value)) : "";
  return WORDS.compared(path.join("."), PAYLOAD_OPS[test.op] ?? OPERATORS[test.op] ?? "", value);
}

/** As the editor of a condition shows it. */
function contactWords(condition: Condition, names: Names): string {
  const { subject, op, value, to, ids, name } = draftOf(condition);
  const [on = "", which = on] = subject.split(".");
  const about =
    on === "field" ? names.field(which) : on === "event" ? WORDS.quoted(name) : (SUBJECT_NAMES[which] ?? "");
  const named =
    condition.on === "tag" || condition.on === "list"
      ? ids.map(names[condition.on])
      : ids.map((id) => CONSENT[id] ?? id);
  const values = [named.join(", ") || value, to].filter(Boolean).join(" – ");
  return WORDS.compared(about, OPERATORS[op] ?? "", values);
}

function actWords(act: Act, names: Names): string {
  switch (act.kind) {
    case "send_template":
      if (act.template_group_id !== null) return names.group(act.template_group_id);
      return orNone(act.template_id, names.template);
    case "send_text":
    case "send_buttons":
    case "send_list":
      return act.text || WORDS.none;
    case "send_media":
      return orNone(act.media_id, names.file);
    case "add_tag":
    case "remove_tag":
      return orNone(act.tag_id, names.tag);
    case "add_to_list":
    case "remove_from_list":
      return orNone(act.list_id, names.list);
    case "set_field":
      return WORDS.value(orNone(act.field_id, names.field), act.value === null ? null : String(act.value));
    case "assign":
      return act.user_id === null ? WORDS.unassign : WORDS.assign_to(names.user(act.user_id));
    case "resolve":
      return "";
    case "add_note":
      return act.text || WORDS.none;
    case "notify_user":
      return act.user_id === null ? WORDS.everyone : names.user(act.user_id);
    case "notify_endpoint":
      return orNone(act.endpoint_id, names.endpoint);
    case "call_url":
      return act.url || WORDS.none;
  }
}

/** Every setting of a node in words: what a version is compared by. */
export function factsOf(node: FlowNode, names: Names, nameOf: (id: string | null) => string): Fact[] {
  const of = (id: string | null) => (id === null ? WORDS.last_message : nameOf(id));
  const named: Fact = [WORDS.name, node.name];
  switch (node.type) {
    case "trigger":
      return node.trigger
        ? [
            named,
            [WORDS.starts, `${WORDS.trigger[node.trigger.kind]} ${triggerWords(node.trigger, names)}`.trim()],
          ]
        : [named, [WORDS.starts, WORDS.none]];
    case "delay":
      return [
        named,
        [WORDS.waits, untilWords(node, names)],
        [WORDS.jitter, node.jitter_min === 0 ? WORDS.nothing : minutes(node.jitter_min)],
        [WORDS.hours, node.hours ? hoursWords(node.hours) : WORDS.nothing],
      ];
    case "wait":
      return [
        named,
        [WORDS.outcomes, node.outcomes.map(outcomeWords).join(", ") || WORDS.none],
        [WORDS.of, of(node.of)],
        [WORDS.deadline, minutes(node.deadline_min)],
      ];
    case "condition":
      return [
        named,
        [WORDS.asks, testWords(node.test, names)],
        [WORDS.keeps_asking, node.wait_min === null ? WORDS.nothing : minutes(node.wait_min)],
      ];
    case "split":
      return [named, [WORDS.split, node.branches.map(({ id }) => portWords(node, id)).join(", ")]];
    case "goto":
      return [named, [WORDS.leads, node.to === null ? WORDS.none : nameOf(node.to)]];
    case "action":
      return node.act
        ? [named, ...actFacts(node.act, names), [WORDS.on_limit, LIMITS[node.on_limit]]]
        : [named];
    case "end":
      return [named];
  }
}

function actFacts(act: Act, names: Names): Fact[] {
  const facts: Fact[] = [[WORDS.what, `${ACTS[act.kind]} ${actWords(act, names)}`.trim()]];
  if (act.kind === "send_template")
    facts.push([WORDS.variables, WORDS.variable(Object.keys(act.variables).length)]);
  if (act.kind === "notify_user" || act.kind === "notify_endpoint") facts.push([WORDS.text, act.text]);
  if (act.kind === "call_url") facts.push([WORDS.timeout, WORDS.seconds(act.timeout_s)]);
  if (act.kind === "send_media") facts.push([WORDS.text, act.caption]);
  if (act.kind === "send_buttons")
    facts.push([WORDS.choices, act.buttons.map(({ title }) => title).join(", ")]);
  if (act.kind === "send_list") facts.push([WORDS.choices, act.rows.map(({ title }) => title).join(", ")]);
  return facts;
}

function exitWords(rule: ExitRule, names: Names): string {
  if ("segment_id" in rule) return `${EXITS[rule.kind]} ${orNone(rule.segment_id, names.segment)}`;
  return rule.kind === "goal_event" ? `${EXITS[rule.kind]} “${rule.name}”` : EXITS[rule.kind];
}

/** Every setting of the flow as a whole. */
export function settingFacts(settings: Settings, names: Names): Fact[] {
  const yes = (is: boolean) => (is ? WORDS.yes : WORDS.no);
  return [
    [WORDS.number, orNone(settings.phone_number_id, names.number)],
    [WORDS.cap, settings.frequency_cap === null ? WORDS.none : CAPS[settings.frequency_cap]],
    [WORDS.reentry, REENTRY[settings.reentry]],
    [WORDS.key, settings.key_path === null ? WORDS.nothing : settings.key_path.join(".")],
    [WORDS.exclude, settings.exclude.map((each) => sourceWords(each, names)).join(", ") || WORDS.nothing],
    [WORDS.exits, settings.exit_rules.map((each) => exitWords(each, names)).join("; ") || WORDS.nothing],
    [WORDS.pause, yes(settings.pause_when_answered)],
    [WORDS.existing, settings.include_existing ? WORDS.rate(settings.existing_per_min) : WORDS.no],
  ];
}
