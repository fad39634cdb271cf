import { CloseButton, NativeSelect } from "@mantine/core";
import { chevron } from "../../ui/filter-bar.tsx";
import { ConditionValue, Measure } from "./condition-value.tsx";
import type { Field } from "../../lib/server/audience.ts";
import { newDraft, opsOf, type Draft } from "./rule-model.ts";
import classes from "./conditions.module.css";
import { CONDITION, OPERATORS, SUBJECT_GROUPS, SUBJECT_NAMES, SUBJECTS } from "./texts.ts";

const option = (value: string, name: keyof typeof SUBJECTS) => ({ value, label: SUBJECTS[name] });
const BUILT_IN = [
  {
    group: SUBJECT_GROUPS.membership,
    items: [option("consent", "consent"), option("tag", "tag"), option("list", "list")],
  },
  {
    group: SUBJECT_GROUPS.about,
    items: (["name", "phone", "language", "country", "time_zone"] as const).map((name) =>
      option(`about.${name}`, name),
    ),
  },
  {
    group: SUBJECT_GROUPS.activity,
    items: [
      ...(
        ["last_inbound_at", "last_delivered_at", "last_read_at", "last_replied_at", "created_at"] as const
      ).map((name) => option(`time.${name}`, name)),
      option("campaign", "campaign"),
      option("event", "event"),
    ],
  },
];

/** One condition: what it is about, how that is compared, and with what. */
export function ConditionRow({
  draft,
  fields,
  put,
  remove,
}: {
  draft: Draft;
  fields: readonly Field[];
  put: (draft: Draft) => void;
  remove?: (() => void) | undefined;
}) {
  const ours = fields.map(({ id, name }) => ({ value: `field.${id}`, label: name }));
  const subjects = [...BUILT_IN, ...(ours.length > 0 ? [{ group: SUBJECT_GROUPS.fields, items: ours }] : [])];
  const is_known = subjects.some(({ items }) => items.some(({ value }) => value === draft.subject));
  return (
    <div className={classes["condition"]} role="group" aria-label={nameOf(draft.subject, fields)}>
      <div className={classes["parts"]}>
        <NativeSelect
          aria-label={CONDITION.subject}
          rightSection={chevron}
          data={[...(is_known ? [] : [{ value: draft.subject, label: CONDITION.gone }]), ...subjects]}
          value={draft.subject}
          onChange={({ currentTarget: { value } }) => put({ ...newDraft(value, fields), key: draft.key })}
        />
        <Measure draft={draft} fields={fields} put={put} />
        <NativeSelect
          aria-label={CONDITION.operator}
          rightSection={chevron}
          data={opsOf(draft, fields).map((op) => ({ value: op, label: OPERATORS[op] ?? op }))}
          value={draft.op}
          onChange={({ currentTarget: { value } }) => put({ ...draft, op: value })}
        />
        <ConditionValue draft={draft} fields={fields} put={put} />
      </div>
      {remove && (
        <CloseButton
          aria-label={`${CONDITION.remove_condition}: ${nameOf(draft.subject, fields)}`}
          onClick={remove}
        />
      )}
    </div>
  );
}

function nameOf(subject: string, fields: readonly Field[]): string {
  const [on = "", which = on] = subject.split(".");
  if (on === "field") return fields.find(({ id }) => id === which)?.name ?? CONDITION.gone;
  return SUBJECT_NAMES[which] ?? CONDITION.gone;
}
