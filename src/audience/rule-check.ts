import { Problem } from "../base/base.ts";
import type { Condition, FieldKind, SegmentRule } from "../contract/audience.ts";
import { sql, type Queryable } from "../db/db.ts";
import type { FieldKinds } from "./rule-sql.ts";

const TESTS: Record<FieldKind, readonly string[]> = {
  text: ["is", "is_not", "contains", "starts_with", "in", "not_in"],
  choice: ["is", "is_not", "in", "not_in"],
  number: ["=", "<", ">", "<=", ">=", "between"],
  date: ["before", "after", "on", "between", "in_last_days", "not_in_last_days"],
  boolean: ["is"],
};

/** The kinds of the workspace's fields. */
export async function readFieldKinds(db: Queryable, workspace_id: string): Promise<FieldKinds> {
  const rows = await db.rows<{ id: string; kind: FieldKind }>(sql`
    select id, kind from contact_fields where workspace_id = ${workspace_id}`);
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}

/**
 * Throws INVALID_REQUEST, with the condition's place, where a rule names a field, tag or list that the workspace doesn't
 * have, or tests a field as it can't be tested.
 */
export async function checkRule(
  db: Queryable,
  workspace_id: string,
  rule: SegmentRule,
  fields: FieldKinds,
): Promise<void> {
  const conditions = conditionsOf(rule);
  for (const { condition, at } of conditions) {
    if (condition.on !== "field") continue;
    const kind = fields.get(condition.field_id);
    if (!kind)
      throw new Problem("INVALID_REQUEST", `\`${at}\` names a field that the workspace does not have.`);
    if (!fitsField(kind, condition.test))
      throw new Problem(
        "INVALID_REQUEST",
        `\`${at}\` can't be asked of a field of kind ${kind}: use is_set, is_not_set, ${TESTS[kind].join(", ")}, with values of that kind.`,
      );
  }
  await checkIds(db, workspace_id, conditions);
}

/** Each with its place, those of inner groups too. */
const conditionsOf = (rule: SegmentRule) =>
  rule.groups.flatMap((group, g) =>
    group.flatMap((each, c): { condition: Condition; at: string }[] =>
      each.on === "any"
        ? each.groups.flatMap((inner, i) =>
            inner.map((condition, n) => ({
              condition,
              at: `groups.${g}.${c}.groups.${i}.${n}`,
            })),
          )
        : [{ condition: each, at: `groups.${g}.${c}` }],
    ),
  );

/** Of what these rules name the first that was deleted since, by the place of its rule; null: all of it is there. */
export async function missingIn(
  db: Queryable,
  workspace_id: string,
  rules: readonly SegmentRule[],
  fields: FieldKinds,
): Promise<{ rule: number; on: "field" | "tag" | "list" | "campaign" } | null> {
  const conditions = rules.flatMap((each, rule) =>
    conditionsOf(each).map(({ condition }) => ({ rule, condition })),
  );
  const known = await knownIds(
    db,
    workspace_id,
    conditions.map(({ condition }) => condition),
  );
  for (const { rule, condition } of conditions) {
    const { on } = condition;
    if (on === "field" && !fields.has(condition.field_id)) return { rule, on };
    if (
      (on === "tag" || on === "list" || on === "campaign") &&
      namedIn(condition).some((id) => !known.has(id))
    )
      return { rule, on };
  }
  return null;
}

/** Whether a field of this kind can be asked so. */
export function fitsField(kind: FieldKind, test: Extract<Condition, { on: "field" }>["test"]): boolean {
  return (
    test.op === "is_set" ||
    test.op === "is_not_set" ||
    (TESTS[kind].includes(test.op) && (!("value" in test) || fitsKind(kind, test.value)))
  );
}

/** "between" is a test of numbers and of days. */
function fitsKind(kind: FieldKind, value: unknown): boolean {
  const values = Array.isArray(value) ? value : [value];
  if (kind === "number") return values.every((each) => typeof each === "number");
  if (kind === "boolean") return values.every((each) => typeof each === "boolean");
  return kind === "date" || values.every((each) => typeof each === "string");
}

/** Those tags, lists and campaigns of these conditions that there are. */
async function knownIds(
  db: Queryable,
  workspace_id: string,
  conditions: readonly Condition[],
): Promise<ReadonlySet<string>> {
  const idsOn = (on: Named["on"]) =>
    conditions.flatMap((condition) => (condition.on === on ? namedIn(condition) : []));
  const [tags, lists, campaigns] = [idsOn("tag"), idsOn("list"), idsOn("campaign")];
  if (tags.length + lists.length + campaigns.length === 0) return new Set();
  const rows = await db.rows<{ id: string }>(sql`
    select id from tags where workspace_id = ${workspace_id} and id = any(${tags}::uuid[])
    union all select id from lists where workspace_id = ${workspace_id} and id = any(${lists}::uuid[])
    union all select id from campaigns where workspace_id = ${workspace_id} and id = any(${campaigns}::uuid[])`);
  return new Set(rows.map(({ id }) => id));
}

async function checkIds(
  db: Queryable,
  workspace_id: string,
  conditions: readonly { condition: Condition; at: string }[],
): Promise<void> {
  const known = await knownIds(
    db,
    workspace_id,
    conditions.map(({ condition }) => condition),
  );
  for (const { condition, at } of conditions)
    if (namedIn(condition).some((id) => !known.has(id)))
      throw new Problem(
        "INVALID_REQUEST",
        `\`${at}\` names a ${condition.on} that the workspace does not have.`,
      );
}

type Named = Extract<Condition, { on: "tag" | "list" | "campaign" }>;

function namedIn(condition: Condition): readonly string[] {
  if (condition.on === "tag" || condition.on === "list") return condition.ids;
  return condition.on === "campaign" && condition.campaign_id !== null ? [condition.campaign_id] : [];
}
