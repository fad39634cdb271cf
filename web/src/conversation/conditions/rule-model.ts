import type { Field, Rule } from "../../lib/server/audience.ts";

type Item = Rule["groups"][number][number];
export type Condition = Exclude<Item, { on: "any" }>;

/** A condition while it is edited: every part as it was typed. */
export interface Draft {
  key: string;
  /** `about.name`, `time.last_read_at`, `tag`, `list`, `consent`, `event`, `campaign`, or `field.<id>`. */
  subject: string;
  op: string;
  value: string;
  /** The end of what is between. */
  to: string;
  /** Tags, lists, states of consent. */
  ids: string[];
  /** Of an event: its name, and the path of its number. */
  name: string;
  path: string;
  measure: "count" | "last" | "sum";
  /** Of campaigns: which one, and how far it came. */
  campaign: string;
  what: "sent" | "delivered" | "read" | "replied" | "clicked";
  within: string;
}

export type DraftItem = Draft | { key: string; groups: Draft[][] };
export interface DraftGroup {
  key: string;
  items: DraftItem[];
}

let made = 0;
export const newKey = (): string => String((made += 1));

export type Kind =
  | "text"
  | "choice"
  | "number"
  | "date"
  | "boolean"
  | "ids"
  | "states"
  | "event"
  | "campaign";

export const OPS: Record<Exclude<Kind, "event" | "campaign">, readonly string[]> = {
  text: ["is", "is_not", "contains", "starts_with", "in", "not_in", "is_set", "is_not_set"],
  choice: ["is", "is_not", "in", "not_in", "is_set", "is_not_set"],
  number: ["=", "<", ">", "<=", ">=", "between", "is_set", "is_not_set"],
  date: ["before", "after", "on", "between", "in_last_days", "not_in_last_days", "is_set", "is_not_set"],
  boolean: ["is", "is_set", "is_not_set"],
  ids: ["any", "none"],
  states: ["is", "is_not"],
};
/** A count and a sum are always known. */
export const COUNTS = OPS.number.slice(0, 6);

export function kindOf(subject: string, fields: readonly Field[]): Kind | null {
  const [on, which = ""] = subject.split(".");
  if (on === "about")
    return which === "country" || which === "language" || which === "time_zone" ? "choice" : "text";
  if (on === "time") return "date";
  if (on === "tag" || on === "list") return "ids";
  if (on === "consent") return "states";
  if (on === "event" || on === "campaign") return on;
  return fields.find(({ id }) => id === which)?.kind ?? null;
}

/** The operators of what is being asked. */
export function opsOf(draft: Draft, fields: readonly Field[]): readonly string[] {
  const kind = kindOf(draft.subject, fields);
  if (kind === "event") return draft.measure === "last" ? OPS.date : COUNTS;
  if (kind === "campaign") return COUNTS;
  return kind === null ? [] : OPS[kind];
}

/** A condition about something else begins with that thing's first operator. */
export function newDraft(subject: string, fields: readonly Field[]): Draft {
  const draft: Draft = {
    key: newKey(),
    subject,
    op: "",
    value: "",
    to: "",
    ids: [],
    name: "",
    path: "",
    measure: "count",
    campaign: "",
    what: "delivered",
    within: "",
  };
  const first = { event: ">=", campaign: ">=" }[subject] ?? opsOf(draft, fields)[0] ?? "is_set";
  return { ...draft, op: first, value: subject === "event" || subject === "campaign" ? "1" : "" };
}

const isSet = (op: string) => op === "is_set" || op === "is_not_set";
const number = (text: string) => (text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text));
const days = (text: string) => {
  const value = number(text);
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 3_650 ? value : null;
};
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);

/** The test of a draft, or null where something is missing in it. */
function testOf(
  kind: "text" | "choice" | "number" | "date" | "boolean",
  { op, value, to }: Draft,
): object | null {
  if (isSet(op)) return { op };
  switch (kind) {
    case "text":
    case "choice": {
      if (op !== "in" && op !== "not_in") return value.trim() === "" ? null : { op, value: value.trim() };
      const values = value.split(",").flatMap((each) => each.trim() || []);
      return values.length === 0 || values.length > 100 ? null : { op, value: values };
    }
    case "boolean":
      return value === "" ? null : { op, value: value === "true" };
    case "number": {
      const [from, end] = [number(value), number(to)];
      if (op === "between") return from === null || end === null ? null : { op, value: [from, end] };
      return from === null ? null : { op, value: from };
    }
    case "date": {
      if (op === "in_last_days" || op === "not_in_last_days") {
        const last = days(value);
        return last === null ? null : { op, value: last };
      }
      if (op === "between") return isDay(value) && isDay(to) ? { op, value: [value, to] } : null;
      return isDay(value) ? { op, value } : null;
    }
  }
}

/** The condition that a draft is, or null while it isn't complete. */
export function conditionOf(draft: Draft, fields: readonly Field[]): Condition | null {
  const condition = looseCondition(draft, fields);
  return condition as Condition | null;
}

function looseCondition(draft: Draft, fields: readonly Field[]): object | null {
  const { subject, op, ids } = draft;
  const [on = "", which = ""] = subject.split(".");
  const kind = kindOf(subject, fields);
  if (kind === null) return null;
  if (kind === "ids") return ids.length === 0 ? null : { on, op, ids };
  if (kind === "states") return ids.length === 0 ? null : { on, op, states: ids };
  const within_days = draft.within.trim() === "" ? null : days(draft.within);
  if (draft.within.trim() !== "" && within_days === null) return null;
  if (kind === "campaign") {
    const count = testOf("number", draft);
    return count && { on, campaign_id: draft.campaign || null, what: draft.what, within_days, count };
  }
  if (kind === "event") {
    const test = testOf(draft.measure === "last" ? "date" : "number", draft);
    const path = draft.path.split(".").flatMap((part) => part.trim() || []);
    if (!test || draft.name.trim() === "" || (draft.measure === "sum" && path.length === 0)) return null;
    return {
      on,
      name: draft.name.trim(),
      within_days,
      test: { of: draft.measure, ...(draft.measure === "sum" ? { path } : {}), test },
    };
  }
  const test = testOf(kind, draft);
  if (!test) return null;
  return on === "field" ? { on, field_id: which, test } : { on, what: which, test };
}

const shown = (value: unknown): string =>
  Array.isArray(value)
    ? value.join(", ")
    : typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : "";

/** A condition as it is edited. */
export function draftOf(condition: Condition): Draft {
  const draft = newDraft("", []);
  const fromTest = (test: { op: string; value?: unknown }): Partial<Draft> => {
    if (test.op === "between" && Array.isArray(test.value))
      return { op: test.op, value: shown(test.value[0]), to: shown(test.value[1]) };
    return { op: test.op, value: test.value === undefined ? "" : shown(test.value) };
  };
  switch (condition.on) {
    case "field":
      return { ...draft, subject: `field.${condition.field_id}`, ...fromTest(condition.test) };
    case "about":
    case "time":
      return { ...draft, subject: `${condition.on}.${condition.what}`, ...fromTest(condition.test) };
    case "tag":
    case "list":
      return { ...draft, subject: condition.on, op: condition.op, ids: [...condition.ids] };
    case "consent":
      return { ...draft, subject: "consent", op: condition.op, ids: [...condition.states] };
    case "event":
      return {
        ...draft,
        subject: "event",
        name: condition.name,
        within: condition.within_days === null ? "" : String(condition.within_days),
        measure: condition.test.of,
        path: condition.test.of === "sum" ? condition.test.path.join(".") : "",
        ...fromTest(condition.test.test),
      };
    case "campaign":
      return {
        ...draft,
        subject: "campaign",
        campaign: condition.campaign_id ?? "",
        what: condition.what,
        within: condition.within_days === null ? "" : String(condition.within_days),
        ...fromTest(condition.count),
      };
  }
}

export const groupsOf = (rule: Rule): DraftGroup[] =>
  rule.groups.map((group) => ({
    key: newKey(),
    items: group.map((item) =>
      item.on === "any"
        ? { key: newKey(), groups: item.groups.map((inner) => inner.map(draftOf)) }
        : draftOf(item),
    ),
  }));

/** The rule that the groups are, and how many of their conditions aren't complete. */
export function ruleOf(
  groups: readonly DraftGroup[],
  fields: readonly Field[],
): { rule: Rule | null; missing: number } {
  let missing = 0;
  const one = (draft: Draft): Condition[] => {
    const condition = conditionOf(draft, fields);
    if (condition === null) missing += 1;
    return condition === null ? [] : [condition];
  };
  const rule: Rule = {
    groups: groups.map(({ items }) =>
      items.flatMap((item): Item[] =>
        "groups" in item
          ? [{ on: "any", groups: item.groups.map((inner) => inner.flatMap(one)) }]
          : one(item),
      ),
    ),
  };
  return { rule: missing === 0 ? rule : null, missing };
}
