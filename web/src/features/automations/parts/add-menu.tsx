import { Menu } from "@mantine/core";
import type { ReactElement } from "react";
import { TYPE_HINTS, TYPES } from "../flow-texts.ts";
import type { FlowNodeType } from "../model/model.ts";
import { NodeIcon } from "./node-icon.tsx";
import classes from "./parts.module.css";

const OFFERED = ["action", "wait", "condition", "delay", "split", "goto", "end"] as const;

/** The kinds of steps that can be added, behind a button. */
export function AddMenu({
  children,
  onChoose,
}: {
  children: ReactElement;
  onChoose: (type: FlowNodeType) => void;
}) {
  return (
    <Menu position="bottom" width={280} shadow="md" withinPortal>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {OFFERED.map((type) => (
          <Menu.Item key={type} leftSection={<NodeIcon type={type} />} onClick={() => onChoose(type)}>
            <span className={classes["offer"]}>
              <b>{TYPES[type]}</b>
              <small>{TYPE_HINTS[type]}</small>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
