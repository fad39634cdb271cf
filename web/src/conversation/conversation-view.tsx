import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconMessageOff } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { ApiProblem } from "../lib/server/api.ts";
import { nearPart } from "../lib/page/chunks.ts";
import { useMarkRead } from "./outbox/conversations.ts";
import { underName } from "./model/people.ts";
import { conversationQuery } from "../lib/server/queries.ts";
import { Avatar } from "./marks/avatar.tsx";
import { Empty, Failure } from "../ui/page-state.tsx";
import { MenuOnIntent } from "../ui/menu-on-intent.tsx";
import { Panel } from "../ui/panel.tsx";
import { WindowBadge } from "./marks/window-badge.tsx";
import classes from "./conversation-view.module.css";
import { StatusButton } from "./status-button.tsx";
import { Talk } from "./talk.tsx";
import { VIEW } from "./texts.ts";

const { Part: StatusMenu, fetch: fetchStatusMenu } = nearPart(
  () => import("./status-menu.tsx"),
  "StatusMenu",
);

/** An id that never was one, or of a conversation that was deleted or joined with another. */
export const isGone = (error: Error | null): boolean =>
  error instanceof ApiProblem && (error.code === "NOT_FOUND" || error.code === "INVALID_REQUEST");

/** The header, the thread and the composer of one conversation; looking at it marks it as read. */
export function ConversationView({
  id,
  target,
  before,
  after,
}: {
  id: string;
  /** The message to show. */
  target?: string | undefined;
  before?: ReactNode;
  after?: ReactNode;
}) {
  const { data: conversation, error, refetch } = useQuery(conversationQuery(id));
  useMarkRead(conversation);
  // Looking at it marks it as read: what counts is how much was unread when one came.
  const [entered, setEntered] = useState<{ id: string; unread: number }>();
  if (conversation && entered?.id !== id) setEntered({ id, unread: conversation.unread_count });
  if (isGone(error)) return <Gone />;
  if (error && !conversation) return <Failure error={error} retry={() => void refetch()} />;
  const contact = conversation?.contact;
  return (
    <section
      className={classes["view"]}
      aria-label={contact ? VIEW.with(contact.display_name) : VIEW.conversation}
    >
      <header className={classes["header"]}>
        {before}
        {conversation && contact ? (
          <>
            <span className={classes["face"]}>
              <Avatar id={contact.id} name={contact.display_name} size={40} />
            </span>
            <div className={classes["who"]}>
              <h1 dir="auto">{contact.display_name}</h1>
              <span>{underName(conversation) ?? (contact.phone === null ? VIEW.no_number : null)}</span>
            </div>
            <div className={classes["tools"]}>
              <WindowBadge expires_at={conversation.window_expires_at} />
              <MenuOnIntent
                button={<StatusButton status={conversation.status} />}
                fetch={fetchStatusMenu}
                menu={<StatusMenu conversation={conversation} />}
              />
              {after}
            </div>
          </>
        ) : (
          <>
            <Skeleton circle h={40} w={40} />
            <Skeleton h={16} w={160} />
          </>
        )}
      </header>
      <Panel name={VIEW.panel} of={id} fallback={<div aria-busy />}>
        <Talk
          key={id}
          id={id}
          conversation={conversation}
          unread={entered?.id === id ? entered.unread : 0}
          target={target}
        />
      </Panel>
    </section>
  );
}

function Gone() {
  const navigate = useNavigate();
  return (
    <Empty
      icon={<IconMessageOff size={28} stroke={1.6} />}
      title={VIEW.gone.title}
      action={
        <Button variant="default" onClick={() => void navigate({ to: "/inbox", search: {} })}>
          {VIEW.gone.back}
        </Button>
      }
    >
      {VIEW.gone.text}
    </Empty>
  );
}
