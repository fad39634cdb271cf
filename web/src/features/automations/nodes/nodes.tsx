import { Button, TextInput } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import { changeNode, copyOf, type FlowNode, nodeOf, type NodeOf, paste, remove } from "../model/model.ts";
import { checksOf, Numbers, useDrawing } from "../parts/parts.ts";
import { GOTO, PANEL } from "../setting-texts.ts";
import { ActionFields } from "./action-fields.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { DelayFields } from "./delay-fields.tsx";
import { Choose } from "./fields.tsx";
import classes from "./nodes.module.css";
import { SplitFields } from "./split-fields.tsx";
import { TriggerFields } from "./trigger-fields.tsx";
import { WaitFields } from "./wait-fields.tsx";
import { Ways } from "./ways.tsx";

export { FlowSettings } from "./flow-settings.tsx";

/** All settings of one node, what is wrong with it, and where it leads. */
export function NodeSettings({ id }: { id: string }) {
  const { flow, put, open, checks, counts } = useDrawing();
  const node = nodeOf(flow, id);
  if (!node) return null;
  const change = (next: FlowNode) => put(changeNode(flow, next), `node ${id}`);
  const { errors, advice } = checksOf(checks, id);
  const { stopped, held } = counts.get(id) ?? {};
  return (
    <div className={classes["fields"]}>
      {(errors.length > 0 || advice.length > 0 || stopped || held) && (
        <ul className={classes["problems"]}>
          {stopped && <li data-level="error">{stopped.says}</li>}
          {held && <li data-level="error">{held.says}</li>}
          {[...errors, ...advice].map(({ says, level }) => (
            <li key={says} data-level={level}>
              {says}
            </li>
          ))}
        </ul>
      )}
      <Fields node={node} put={change} />
      <TextInput
        dir="auto"
        label={PANEL.name}
        placeholder={PANEL.name_hint}
        maxLength={100}
        value={node.name}
        onChange={({ currentTarget: { value } }) => change({ ...node, name: value })}
      />
      <Ways node={node} />
      {counts.has(id) && (
        <div className={classes["section"]}>
          <h3>{PANEL.numbers}</h3>
          <Numbers node_id={id} all />
        </div>
      )}
      {node.type !== "trigger" && (
        <div className={classes["adds"]}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconCopy size={15} aria-hidden />}
            onClick={() => {
              const copy = paste(flow, copyOf(flow, new Set([id])));
              put(copy.flow);
              open([...copy.ids][0] ?? null);
            }}
          >
            {PANEL.duplicate}
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconTrash size={15} aria-hidden />}
            onClick={() => {
              put(remove(flow, new Set([id])));
              open(null);
            }}
          >
            {PANEL.remove}
          </Button>
        </div>
      )}
    </div>
  );
}

function Fields({ node, put }: { node: FlowNode; put: (node: FlowNode) => void }) {
  switch (node.type) {
    case "trigger":
      return <TriggerFields node={node} put={put} />;
    case "delay":
      return <DelayFields node={node} put={put} />;
    case "wait":
      return <WaitFields node={node} put={put} />;
    case "condition":
      return <ConditionFields node={node} put={put} />;
    case "split":
      return <SplitFields node={node} put={put} />;
    case "goto":
      return <GotoFields node={node} put={put} />;
    case "action":
      return <ActionFields node={node} put={put} />;
    case "end":
      return null;
  }
}

function GotoFields({ node, put }: { node: NodeOf<"goto">; put: (node: FlowNode) => void }) {
  const { flow, nameOf } = useDrawing();
  const others = flow.nodes.filter(({ id, type }) => id !== node.id && type !== "trigger");
  return (
    <Choose
      label={GOTO.to}
      empty={PANEL.not_connected}
      gone={PANEL.gone}
      value={node.to}
      data={others.map(({ id }) => ({ value: id, label: nameOf(id) }))}
      put={(to) => put({ ...node, to })}
    />
  );
}
