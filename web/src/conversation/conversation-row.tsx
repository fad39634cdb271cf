import { IconAlertTriangle, IconClockHour4 } from "@tabler/icons-react";
import { memo } from "react";
import type { Hit } from "../lib/words/find-text.ts";
import type { Letter } from "./outbox/letter.ts";
import { previewOf } from "../lib/words/message.ts";
import { underName } from "./model/people.ts";
import { serviceWindow } from "./model/service-window.ts";
import { exactTime, listTime } from "../lib/words/time.ts";
import type { Conversation } from "../lib/types.ts";
import { Avatar } from "./marks/avatar.tsx";
import { MessageIcon } from "./marks/message-icon.tsx";
import { MessageStatus } from "./marks/message-status.tsx";
import classes from "./conversation-row.module.css";
import { ROW, STATUS } from "./texts.ts";

interface Props {
  conversation: Conversation;
  /** What a search found in it, in place of the last message. */
  hit: Hit | null;
  /** The newest message of this user that has not gone out. */
  unsent?: Letter | undefined;
  now: number;
  with_status: boolean;
  with_number: boolean;
}

/** One line of a list of conversations. The ring around the face is the 24-hour window. */
export const ConversationRow = memo(function ConversationRow(props: Props) {
  const { conversation, hit, unsent, now } = props;
  const { contact, unread_count } = conversation;
  const window = serviceWindow(conversation.window_expires_at, now);
  const second = underName(conversation);
  return (
    <div className={classes["row"]} data-unread={unread_count > 0 || undefined}>
      <span title={window.label}>
        <Avatar id={contact.id} name={contact.display_name} window={window} size={46} />
      </span>
      <div className={classes["text"]}>
        <div className={classes["line"]}>
          <b className={classes["name"]} dir="auto">
            {contact.display_name}
          </b>
          {second && <span className={classes["phone"]}>{second}</span>}
          {conversation.last_message_at && (
            <time title={exactTime(conversation.last_message_at)}>
              {listTime(conversation.last_message_at, now)}
            </time>
          )}
        </div>
        <div className={classes["line"]}>
          {hit ? (
            <Found hit={hit} />
          ) : unsent ? (
            <Unsent letter={unsent} />
          ) : (
            <LastMessage conversation={conversation} />
          )}
          <Chips {...props} />
        </div>
      </div>
    </div>
  );
});

/** The text has a direction of its own: of right-to-left text, too, one reads the beginning. */
function LastMessage({ conversation: { last_message } }: Pick<Props, "conversation">) {
  if (!last_message) return <span className={classes["preview"]}>{ROW.none}</span>;
  const { direction, type, status } = last_message;
  const speaker = speakerOf(last_message);
  return (
    <span className={classes["preview"]}>
      {direction === "OUTBOUND" && type !== "call" && status !== null && (
        <MessageStatus progress={status} size={15} />
      )}
      {speaker !== "" && <span className={classes["speaker"]}>{speaker}</span>}
      <MessageIcon type={type} size={15} />
      <span className={classes["words"]} dir="auto">
        {previewOf(last_message)}
      </span>
    </span>
  );
}

function Found({ hit: { before, hit, after } }: { hit: Hit }) {
  return (
    <span className={classes["preview"]}>
      <span className={classes["words"]} dir="auto">
        {before}
        <mark>{hit}</mark>
        {after}
      </span>
    </span>
  );
}

function Chips({ conversation, with_status, with_number }: Props) {
  const { contact, unread_count, phone_number, status, late, failure, last_message } = conversation;
  return (
    <>
      {with_number && phone_number.display_phone_number && (
        <small className={classes["chip"]}>{phone_number.display_phone_number.slice(-4)}</small>
      )}
      {with_status && status !== "OPEN" && <small className={classes["chip"]}>{STATUS[status]}</small>}
      {failure !== null && failure.message_id !== last_message?.id && (
        <small className={classes["chip"]} data-tone="bad" title={ROW.failed_hint}>
          {ROW.failed}
        </small>
      )}
      {contact.marketing_state === "UNSUBSCRIBED" && (
        <small className={classes["chip"]} data-tone="bad" title={ROW.stopped_hint}>
          {ROW.stopped}
        </small>
      )}
      {unread_count > 0 && late && (
        <small
          className={classes["chip"]}
          title={ROW.late_hint(exactTime(late.sent_at), exactTime(late.arrived_at))}
        >
          {ROW.late}
        </small>
      )}
      {unread_count > 0 && (
        <span className={classes["unread"]} aria-label={ROW.unread(unread_count)}>
          {unread_count > 99 ? "99+" : unread_count}
        </span>
      )}
    </>
  );
}

function speakerOf({ direction, source, type, author }: NonNullable<Conversation["last_message"]>): string {
  if (type === "call" || type === "system") return "";
  if (source === "OTHER_APP") return ROW.other_app;
  return direction === "OUTBOUND" ? ROW.you : author === null ? "" : ROW.said_by(author);
}

/** In place of the last message: what the customer has not been sent. */
function Unsent({ letter }: { letter: Letter }) {
  const refused = letter.problem !== null;
  const Icon = refused ? IconAlertTriangle : IconClockHour4;
  return (
    <span className={classes["preview"]} data-tone={refused ? "bad" : undefined}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span className={classes["speaker"]}>{refused ? ROW.not_sent : ROW.not_sent_yet}</span>
      <span className={classes["words"]} dir="auto">
        {previewOf(letter.shown)}
      </span>
    </span>
  );
}
