import { memo, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Offer } from "../../conversation/model/offers.ts";
import type { Message } from "../../lib/types.ts";
import { quotedName } from "../../lib/words/message.ts";
import { Bubble, SystemLine } from "../../conversation/message/bubble.tsx";
import type { Writing } from "./use-customer.ts";
import { DeliveryNote } from "./delivery-note.tsx";
import { MessageActions } from "./message-actions.tsx";
import classes from "./phone.module.css";
import type { Play } from "./plays.ts";
import { texts } from "./texts.ts";
import type { Delivery } from "./sent-plays.ts";
import { OPENERS } from "./sample-texts.ts";

/** At the newest message when there is another one, and while pictures above it come to their height. */
function useStayAtEnd(shown: number) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const toEnd = () => (element.scrollTop = element.scrollHeight);
    if (shown > 0) toEnd();
    let height = element.scrollHeight;
    const observer = new ResizeObserver(() => {
      // Who has scrolled up to read stays there.
      const wasAtEnd = height - element.scrollTop - element.clientHeight < NEAR_PX;
      height = element.scrollHeight;
      if (wasAtEnd) toEnd();
    });
    for (const child of element.children) observer.observe(child);
    observer.observe(element);
    return () => observer.disconnect();
  }, [shown]);
  return box;
}
const NEAR_PX = 80;

/** The conversation as the customer has it, and what they can do with each message. Writing does not draw it anew. */
export const Chat = memo(function Chat({
  messages,
  deliveries,
  loading,
  inert,
  onPlay,
  onTap,
  onWrite,
  onAgain,
}: {
  messages: Message[];
  deliveries: ReadonlyMap<string, { key: string; delivery: Delivery }>;
  loading: boolean;
  /** A sheet lies above it. */
  inert: boolean;
  onPlay: (play: Play) => void;
  onTap: (message: Message, offer: Offer) => void;
  onWrite: (writing: Writing) => void;
  onAgain: (key: string) => void;
}) {
  const [active, setActive] = useState<string | null>(null);
  const box = useStayAtEnd(messages.length + deliveries.size);
  useEffect(() => {
    if (active)
      document.getElementById(`phone-${active}`)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [active]);
  return (
    <div className={classes["chat"]} ref={box} role="log" aria-label={texts.log} inert={inert}>
      {messages.length === 0 && !loading && (
        <div className={classes["openers"]}>
          <p>{texts.openers}</p>
          {OPENERS.map((text) => (
            <button key={text} type="button" dir="auto" onClick={() => onPlay({ text })}>
              {text.replaceAll("*", "")}
            </button>
          ))}
        </div>
      )}
      {messages.map((message, index) => {
        const sent = deliveries.get(message.wamid ?? message.id);
        if (message.type === "system") return <SystemLine key={message.id} message={message} bare />;
        return (
          <div key={message.wamid ?? message.id} id={`phone-${message.id}`} className={classes["message"]}>
            <Bubble
              bare
              message={message}
              mine={message.direction === "INBOUND"}
              first={messages[index - 1]?.direction !== message.direction}
              quoted_name={quotedName(message, texts.business, texts.you)}
              onTap={(offer) => onTap(message, offer)}
              note={sent && <DeliveryNote delivery={sent.delivery} onAgain={() => onAgain(sent.key)} />}
            />
            {message.wamid && message.revoked_at === null && (
              <MessageActions
                message={message}
                open={active === message.id}
                onOpen={(open) => setActive(open ? message.id : null)}
                onPlay={(play) => {
                  setActive(null);
                  onPlay(play);
                }}
                onWrite={(each) => {
                  setActive(null);
                  onWrite(each);
                }}
              />
            )}
          </div>
        );
      })}
    </div>
  );
});
