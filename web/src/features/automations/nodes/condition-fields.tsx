import { SegmentedControl } from "@mantine/core";
import type { NodeOf } from "../model/model.ts";
import { CONDITION } from "../setting-texts.ts";
import { MinutesField } from "./fields.tsx";
import { TestEditor } from "./test-editor.tsx";

type Condition = NodeOf<"condition">;
const FIRST_WAIT = 1_440;

export function ConditionFields({ node, put }: { node: Condition; put: (node: Condition) => void }) {
  return (
    <>
      <h3>{CONDITION.test}</h3>
      {/* No deeper than the editor offers, which is what a test may be. */}
      <TestEditor group={node.test} depth={1} put={(test) => put({ ...node, test })} />
      <h3>{CONDITION.when}</h3>
      <SegmentedControl
        aria-label={CONDITION.when}
        data={[
          { value: "now", label: CONDITION.now },
          { value: "waits", label: CONDITION.waits },
        ]}
        value={node.wait_min === null ? "now" : "waits"}
        onChange={(value) => put({ ...node, wait_min: value === "now" ? null : FIRST_WAIT })}
      />
      {node.wait_min !== null && (
        <MinutesField
          label={CONDITION.waits_for}
          description={CONDITION.waits_hint}
          value={node.wait_min}
          put={(wait_min) => put({ ...node, wait_min })}
        />
      )}
    </>
  );
}
