import { Button, CloseButton, NumberInput, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { newId, type NodeOf } from "../model/model.ts";
import { SPLIT } from "../setting-texts.ts";
import classes from "./nodes.module.css";

type Split = NodeOf<"split">;
const MOST = 10;

export function SplitFields({ node, put }: { node: Split; put: (node: Split) => void }) {
  const { branches } = node;
  const set = (id: string, change: Partial<Split["branches"][number]>) =>
    put({ ...node, branches: branches.map((each) => (each.id === id ? { ...each, ...change } : each)) });
  return (
    <>
      <h3>{SPLIT.branches}</h3>
      <p className={classes["hint"]}>{SPLIT.note}</p>
      {branches.map(({ id, name, weight }, index) => (
        <div key={id} className={classes["branch"]}>
          <TextInput
            dir="auto"
            aria-label={SPLIT.name(index + 1)}
            maxLength={100}
            value={name}
            // The API wants a name, and spaces alone are none.
            onChange={({ currentTarget: { value } }) => set(id, { name: value || "–" })}
          />
          <NumberInput
            aria-label={SPLIT.weight(name)}
            min={1}
            max={1_000}
            allowDecimal={false}
            value={weight}
            onChange={(value) => typeof value === "number" && value >= 1 && set(id, { weight: value })}
          />
          <CloseButton
            aria-label={SPLIT.remove(name)}
            disabled={branches.length <= 2}
            onClick={() => put({ ...node, branches: branches.filter((each) => each.id !== id) })}
          />
        </div>
      ))}
      {branches.length < MOST && (
        <Button
          variant="default"
          size="xs"
          className={classes["add"] ?? ""}
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() =>
            put({
              ...node,
              branches: [
                ...branches,
                { id: newId("b"), name: String.fromCharCode(65 + branches.length), weight: 50 },
              ],
            })
          }
        >
          {SPLIT.add}
        </Button>
      )}
    </>
  );
}
