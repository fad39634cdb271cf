import { Button, CloseButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Fragment } from "react";
import { ConditionRow } from "../../conversation/conditions/condition-row.tsx";
import type { Field } from "./queries.ts";
import {
  newDraft,
  newKey,
  type Draft,
  type DraftGroup,
  type DraftItem,
} from "../../conversation/conditions/rule-model.ts";
import classes from "./segment.module.css";
import { BUILDER } from "./texts.ts";

const plus = <IconPlus size={15} aria-hidden />;
const replaced = <One extends { key: string }>(all: readonly One[], one: One): One[] =>
  all.map((each) => (each.key === one.key ? one : each));
const without = <One extends { key: string }>(all: readonly One[], { key }: { key: string }): One[] =>
  all.filter((each) => each.key !== key);

/** Groups, of which one has to hold; in each, conditions that all have to hold. */
export function RuleEditor({
  groups,
  fields,
  put,
}: {
  groups: readonly DraftGroup[];
  fields: readonly Field[];
  put: (groups: DraftGroup[]) => void;
}) {
  const first = () => newDraft("consent", fields);
  return (
    <>
      {groups.map((group, index) => (
        <Fragment key={group.key}>
          {index > 0 && <p className={classes["or"]}>{BUILDER.or}</p>}
          <fieldset className={classes["group"]}>
            <legend>{BUILDER.first}</legend>
            {groups.length > 1 && (
              <CloseButton
                className={classes["close"] ?? ""}
                aria-label={`${BUILDER.remove_group} ${index + 1}`}
                onClick={() => put(without(groups, group))}
              />
            )}
            <Items
              group={group}
              fields={fields}
              only={groups.length === 1}
              put={(items) =>
                put(items.length === 0 ? without(groups, group) : replaced(groups, { ...group, items }))
              }
            />
          </fieldset>
        </Fragment>
      ))}
      {groups.length < 10 && (
        <Button
          className={classes["addGroup"] ?? ""}
          variant="default"
          size="xs"
          leftSection={plus}
          onClick={() => put([...groups, { key: newKey(), items: [first()] }])}
        >
          {BUILDER.add_group}
        </Button>
      )}
    </>
  );
}

function Items({
  group: { items },
  fields,
  only,
  put,
}: {
  group: DraftGroup;
  fields: readonly Field[];
  only: boolean;
  put: (items: DraftItem[]) => void;
}) {
  const first = () => newDraft("consent", fields);
  return (
    <>
      {items.map((item, index) => (
        <Fragment key={item.key}>
          {index > 0 && <p className={classes["and"]}>{BUILDER.and}</p>}
          {"groups" in item ? (
            <AnyOf
              alternatives={item.groups}
              fields={fields}
              put={(inner) =>
                put(inner.length === 0 ? without(items, item) : replaced(items, { ...item, groups: inner }))
              }
            />
          ) : (
            <ConditionRow
              draft={item}
              fields={fields}
              put={(draft) => put(replaced(items, draft))}
              remove={only && items.length === 1 ? undefined : () => put(without(items, item))}
            />
          )}
        </Fragment>
      ))}
      {items.length < 20 && (
        <div className={classes["adds"]}>
          <Button variant="subtle" size="xs" leftSection={plus} onClick={() => put([...items, first()])}>
            {BUILDER.add_condition}
          </Button>
          <Button
            variant="subtle"
            size="xs"
            leftSection={plus}
            onClick={() => put([...items, { key: newKey(), groups: [[first()], [first()]] }])}
          >
            {BUILDER.add_any}
          </Button>
        </div>
      )}
    </>
  );
}

/** Inside a group: alternatives of which one has to hold. */
function AnyOf({
  alternatives,
  fields,
  put,
}: {
  alternatives: readonly (readonly Draft[])[];
  fields: readonly Field[];
  put: (alternatives: Draft[][]) => void;
}) {
  const change = (at: number, drafts: Draft[]) =>
    put(
      drafts.length === 0
        ? alternatives.filter((_, index) => index !== at).map((one) => [...one])
        : alternatives.map((one, index) => (index === at ? drafts : [...one])),
    );
  return (
    <fieldset className={classes["any"]}>
      <legend>{BUILDER.any}</legend>
      {alternatives.map((drafts, at) => (
        <Fragment key={drafts[0]?.key}>
          {at > 0 && <p className={classes["and"]}>{BUILDER.or}</p>}
          <div className={classes["alternative"]}>
            {drafts.map((draft, index) => (
              <Fragment key={draft.key}>
                {index > 0 && <p className={classes["and"]}>{BUILDER.and}</p>}
                <ConditionRow
                  draft={draft}
                  fields={fields}
                  put={(changed) => change(at, replaced(drafts, changed))}
                  remove={() => change(at, without(drafts, draft))}
                />
              </Fragment>
            ))}
            {drafts.length < 20 && (
              <Button
                variant="subtle"
                size="xs"
                leftSection={plus}
                onClick={() => change(at, [...drafts, newDraft("consent", fields)])}
              >
                {BUILDER.add_condition}
              </Button>
            )}
          </div>
        </Fragment>
      ))}
      {alternatives.length < 10 && (
        <Button
          variant="subtle"
          size="xs"
          leftSection={plus}
          onClick={() => put([...alternatives.map((one) => [...one]), [newDraft("consent", fields)]])}
        >
          {BUILDER.add_alternative}
        </Button>
      )}
    </fieldset>
  );
}
