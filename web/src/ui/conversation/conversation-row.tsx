import { IconAlertTriangle, IconClockHour4 } from "@tabler/icons-react";
import { memo } from "react";
import type { Letter } from "../../lib/letter.ts";
import { previewOf } from "../../lib/message.ts";
import { underName } from "../../lib/people.ts";
import { serviceWindow } from "../../lib/service-window.ts";
import { exactTime, listTime } from "../../lib/time.ts";
import type { Conversation } from "../../lib/types.ts";
import { Avatar } from "../avatar.tsx";
import { MessageIcon } from "../message-icon.tsx";
import classes from "./conversation-row.module.css";

/** One line of a list of conversations. The ring around the face is the 24-hour window. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  unsent,
  now,
  with_status,
  with_number,
}: {
  conversation: Conversation;
  /** The newest message of this user that has not gone out. */
  unsent?: Letter | undefined;
  now: number;
  with_status: boolean;
  with_number: boolean;
}) {
  const { contact, last_message, unread_count } = conversation;
  const window = serviceWindow(conversation.window_expires_at, now);
  const second = underName(conversation);
  return (
    <div className={classes["row"]} data-unread={unread_count > 0 || undefined}>
      <span title={window.label}>
        <Avatar id={contact.id} name={contact.display_name} window={window} size={46} />
      </span>
      <div className={classes["text"]}>
        <div className={classes["line"]}>
          <b className={classes["name"]}>{contact.display_name}</b>
          {second && <span className={classes["phone"]}>{second}</span>}
          {conversation.last_message_at && (
            <time title={exactTime(conversation.last_message_at)}>
              {listTime(conversation.last_message_at, now)}
            </time>
          )}
        </div>
        <div className={classes["line"]}>
          {unsent ? (
            <Unsent letter={unsent} />
          ) : (
            <span className={classes["preview"]}>
              {last_message && <MessageIcon type={last_message.type} size={15} />}
              {last_message ? `${speakerOf(last_message)}${previewOf(last_message)}` : "No messages"}
            </span>
          )}
          {with_number && conversation.phone_number.display_phone_number && (
            <small className={classes["chip"]}>
              {conversation.phone_number.display_phone_number.slice(-4)}
            </small>
          )}
          {with_status && conversation.status !== "OPEN" && (
            <small className={classes["chip"]}>
              {conversation.status === "PENDING" ? "Pending" : "Resolved"}
            </small>
          )}
          {contact.marketing_state === "UNSUBSCRIBED" && (
            <small className={classes["chip"]} data-tone="bad" title="Unsubscribed from marketing">
              Stop
            </small>
          )}
          {unread_count > 0 && conversation.late && (
            <small
              className={classes["chip"]}
              title={`A message of ${exactTime(conversation.late.sent_at)} arrived late, at ${exactTime(conversation.late.arrived_at)}`}
            >
              Late
            </small>
          )}
          {unread_count > 0 && (
            <span className={classes["unread"]} aria-label={`${unread_count} unread`}>
              {unread_count > 99 ? "99+" : unread_count}
            </span>
          )}
        </div>
      </div>
    </div>
  );
});

function speakerOf({ direction, source, type, author }: NonNullable<Conversation["last_message"]>): string {
  if (type === "call" || type === "system") return "";
  if (source === "OTHER_APP") return "Another app: ";
  return direction === "OUTBOUND" ? "You: " : author === null ? "" : `${author}: `;
}

/** In place of the last message: what the customer has not been sent. */
function Unsent({ letter }: { letter: Letter }) {
  const refused = letter.problem !== null;
  const Icon = refused ? IconAlertTriangle : IconClockHour4;
  return (
    <span className={classes["preview"]} data-tone={refused ? "bad" : undefined}>
      <Icon size={15} stroke={1.8} aria-hidden />
      {refused ? "Not sent: " : "Not sent yet: "}
      {previewOf(letter.shown)}
    </span>
  );
}
