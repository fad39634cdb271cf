import { Button, type ButtonProps } from "@mantine/core";
import { IconChevronDown, IconCircleCheck, IconCircleDot, IconClockPause } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import type { ConversationStatus } from "../lib/types.ts";
import classes from "./conversation-view.module.css";
import { STATUS, VIEW } from "./texts.ts";

export const STATUSES = [
  { value: "OPEN", label: STATUS.OPEN, icon: IconCircleDot },
  { value: "PENDING", label: STATUS.PENDING, icon: IconClockPause },
  { value: "RESOLVED", label: STATUS.RESOLVED, icon: IconCircleCheck },
] as const;

/** Whose turn it is; the menu to change it hangs on it. */
export function StatusButton({
  status,
  ...rest
}: { status: ConversationStatus } & ButtonProps & Omit<ComponentPropsWithRef<"button">, keyof ButtonProps>) {
  const current = STATUSES.find(({ value }) => value === status) ?? STATUSES[0];
  const Icon = current.icon;
  return (
    <Button
      {...rest}
      variant="default"
      size="xs"
      h={32}
      leftSection={<Icon size={16} stroke={1.8} />}
      rightSection={<IconChevronDown size={14} />}
      aria-label={VIEW.status(current.label)}
    >
      <span className={classes["label"]}>{current.label}</span>
    </Button>
  );
}
