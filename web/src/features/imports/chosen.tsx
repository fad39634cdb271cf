import { NativeSelect } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./imports.module.css";
import type { Named } from "./queries.ts";
import { RULES } from "./texts.ts";

/** Some of the workspace's tags or lists: those that are chosen, and a select of the others. */
export function Chosen({
  label,
  add,
  all,
  ids,
  put,
}: {
  label: string;
  add: string;
  all: readonly Named[];
  ids: readonly string[];
  put: (next: (ids: readonly string[]) => string[]) => void;
}) {
  const chosen = all.filter(({ id }) => ids.includes(id));
  return (
    <div>
      <NativeSelect
        label={label}
        rightSection={chevron}
        data={[
          { value: "", label: add },
          ...all.filter(({ id }) => !ids.includes(id)).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value=""
        onChange={({ currentTarget: { value } }) =>
          value !== "" && put((now) => [...now.filter((id) => id !== value), value])
        }
      />
      {chosen.length > 0 && (
        <ul className={classes["chosen"]}>
          {chosen.map(({ id, name }) => (
            <li key={id}>
              <span dir="auto">{name}</span>
              <button
                type="button"
                aria-label={RULES.remove(name)}
                onClick={() => put((now) => now.filter((each) => each !== id))}
              >
                <IconX size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
