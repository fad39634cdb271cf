import { Button, CloseButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type Group, newAtom } from "../model/model.ts";
import { CONDITION } from "../setting-texts.ts";
import { AtomFields } from "./atom-fields.tsx";
import { Choose } from "./fields.tsx";
import classes from "./nodes.module.css";

const DEEPEST = 3;
const MOST = 20;
const plus = <IconPlus size={15} aria-hidden />;

/**
 * Conditions that all, or any of which, have to hold; with groups of the same inside.
 *
 * Long: it draws itself for the groups inside.
 */
export function TestEditor({
  group,
  depth,
  put,
  remove,
}: {
  group: Group;
  depth: number;
  put: (group: Group) => void;
  remove?: () => void;
}) {
  const { items, join } = group;
  const replace = (at: number, item: Group["items"][number]) =>
    put({ ...group, items: items.with(at, item) });
  const drop = (at: number) => put({ ...group, items: items.toSpliced(at, 1) });
  return (
    <div className={classes["group"]} data-depth={depth} role="group" aria-label={CONDITION[join]}>
      <div className={classes["itemHead"]}>
        <Choose
          aria-label={CONDITION.join}
          size="xs"
          value={join}
          data={[
            { value: "all", label: CONDITION.all },
            { value: "any", label: CONDITION.any },
          ]}
          put={(next) => put({ ...group, join: next === "any" ? "any" : "all" })}
        />
        {remove && <CloseButton aria-label={CONDITION.remove_group} onClick={remove} />}
      </div>
      {items.map((item, at) =>
        "items" in item ? (
          <TestEditor
            // Conditions have no names of their own: each is where it stands.
            key={at}
            group={item}
            depth={depth + 1}
            put={(next) => replace(at, next)}
            remove={() => drop(at)}
          />
        ) : (
          <AtomFields
            key={`${at} ${item.is}`}
            atom={item}
            put={(next) => replace(at, next)}
            remove={() => drop(at)}
          />
        ),
      )}
      {items.length < MOST && (
        <div className={classes["adds"]}>
          <Button
            variant="default"
            size="xs"
            leftSection={plus}
            onClick={() => put({ ...group, items: [...items, newAtom("delivery_status")] })}
          >
            {CONDITION.add}
          </Button>
          {depth < DEEPEST && (
            <Button
              variant="subtle"
              size="xs"
              leftSection={plus}
              onClick={() =>
                put({
                  ...group,
                  items: [
                    ...items,
                    { join: join === "all" ? "any" : "all", items: [newAtom("delivery_status")] },
                  ],
                })
              }
            >
              {CONDITION.add_group}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
