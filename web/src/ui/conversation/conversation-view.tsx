import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { lazyPart, soonPart } from "../../lib/chunks.ts";
import { useMarkRead } from "../../lib/conversations.ts";
import { underName } from "../../lib/people.ts";
import { conversationQuery } from "../../lib/queries.ts";
import { Avatar } from "../avatar.tsx";
import { Failure } from "../page-state.tsx";
import { MenuOnIntent } from "../menu-on-intent.tsx";
import { Panel } from "../panel.tsx";
import { WindowBadge } from "../window-badge.tsx";
import classes from "./conversation-view.module.css";
import { StatusButton } from "./status-button.tsx";

// Fetched beside the page, not before it: lists and headers are on the screen first.
const Talk = soonPart(() => import("./talk.tsx"), "Talk");
const StatusMenu = lazyPart(() => import("./status-menu.tsx"), "StatusMenu");

/** The header, the thread and the composer of one conversation; looking at it marks it as read. */
export function ConversationView({
  id,
  before,
  after,
}: {
  id: string;
  before?: ReactNode;
  after?: ReactNode;
}) {
  const { data: conversation, error, refetch } = useQuery(conversationQuery(id));
  useMarkRead(conversation);
  if (error && !conversation) return <Failure error={error} retry={() => void refetch()} />;
  const contact = conversation?.contact;
  return (
    <section
      className={classes["view"]}
      aria-label={contact ? `Conversation with ${contact.display_name}` : "Conversation"}
    >
      <header className={classes["header"]}>
        {before}
        {conversation && contact ? (
          <>
            <span className={classes["face"]}>
              <Avatar id={contact.id} name={contact.display_name} size={40} />
            </span>
            <div className={classes["who"]}>
              <h1>{contact.display_name}</h1>
              <span>{underName(conversation) ?? (contact.phone === null ? "No number shown" : null)}</span>
            </div>
            <div className={classes["tools"]}>
              <WindowBadge expires_at={conversation.window_expires_at} />
              <MenuOnIntent
                button={<StatusButton status={conversation.status} />}
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
      <Panel name="The conversation" of={id} fallback={<div aria-busy />}>
        <Talk key={id} id={id} conversation={conversation} />
      </Panel>
    </section>
  );
}
