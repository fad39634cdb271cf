import { Button, Kbd, Menu } from "@mantine/core";
import {
  IconCheck,
  IconChevronDown,
  IconCircleCheck,
  IconCircleDot,
  IconClockPause,
} from "@tabler/icons-react";
import { useUpdateConversation } from "../../lib/conversations.ts";
import classes from "./conversation-view.module.css";
import type { Conversation } from "../../lib/types.ts";

const STATUSES = [
  { value: "OPEN", label: "Open", icon: IconCircleDot },
  { value: "PENDING", label: "Pending", icon: IconClockPause },
  { value: "RESOLVED", label: "Resolved", icon: IconCircleCheck },
] as const;

export function StatusMenu({ conversation }: { conversation: Conversation }) {
  const update = useUpdateConversation();
  const current = STATUSES.find(({ value }) => value === conversation.status) ?? STATUSES[0];
  const Icon = current.icon;
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          h={32}
          leftSection={<Icon size={16} stroke={1.8} />}
          rightSection={<IconChevronDown size={14} />}
          aria-label={`Status: ${current.label}. Change`}
        >
          <span className={classes["label"]}>{current.label}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {STATUSES.map(({ value, label, icon: Each }) => (
          <Menu.Item
            key={value}
            leftSection={<Each size={17} stroke={1.7} />}
            rightSection={
              value === conversation.status ? (
                <IconCheck size={16} aria-label="now" />
              ) : value === "RESOLVED" ? (
                <Kbd size="xs">e</Kbd>
              ) : null
            }
            onClick={() => {
              if (value !== conversation.status) update.mutate({ conversation, status: value });
            }}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
