import { Kbd, Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useSetStatus } from "./outbox/conversations.ts";
import type { Conversation } from "../lib/types.ts";
import classes from "./conversation-view.module.css";
import { StatusButton, STATUSES } from "./status-button.tsx";
import { VIEW } from "./texts.ts";

export function StatusMenu({
  conversation,
  defaultOpened = false,
}: {
  conversation: Conversation;
  defaultOpened?: boolean;
}) {
  const setStatus = useSetStatus();
  return (
    <Menu position="bottom-end" width={190} defaultOpened={defaultOpened}>
      <Menu.Target>
        <StatusButton status={conversation.status} />
      </Menu.Target>
      <Menu.Dropdown>
        {STATUSES.map(({ value, label, icon: Each }) => (
          <Menu.Item
            key={value}
            leftSection={<Each size={17} stroke={1.7} />}
            rightSection={
              value === conversation.status ? (
                <IconCheck size={16} aria-label={VIEW.now} />
              ) : value === "RESOLVED" ? (
                <Kbd size="xs" className={classes["key"] ?? ""}>
                  e
                </Kbd>
              ) : null
            }
            onClick={() => setStatus(conversation, value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
