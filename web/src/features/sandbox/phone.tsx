import { IconBatteryFilled, IconBuildingStore, IconWifi } from "@tabler/icons-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { withPlus } from "../../lib/people.ts";
import { clockTime } from "../../lib/time.ts";
import type { Message, Sandbox } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Bubble, SystemLine } from "../../ui/thread/bubble.tsx";
import { Composer, type Writing } from "./composer.tsx";
import { DeliveryNote } from "./delivery-note.tsx";
import { MessageActions } from "./message-actions.tsx";
import classes from "./phone.module.css";
import type { Delivery, Play } from "./use-sandbox.ts";

const OPENERS = [
  "Hi! Is the blue rain jacket still in stock? 🧥",
  "Where is my order *#4821*?",
  "¡Hola! ¿Abren los domingos?",
];

export function Phone({
  number,
  messages,
  deliveries,
  loading,
  onSend,
  onAgain,
}: {
  number: Sandbox["numbers"][number];
  messages: Message[];
  deliveries: ReadonlyMap<string, { key: string; delivery: Delivery }>;
  loading: boolean;
  onSend: (play: Play) => void;
  onAgain: (key: string) => void;
}) {
  const now = useNow();
  const [writing, setWriting] = useState<Writing>({ kind: "new" });
  const [active, setActive] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const shown = messages.length + deliveries.size;
  useLayoutEffect(() => {
    if (box.current && shown > 0) box.current.scrollTop = box.current.scrollHeight;
  }, [shown]);
  useEffect(() => {
    if (active)
      document.getElementById(`phone-${active}`)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [active]);

  const play = (each: Play) => {
    setActive(null);
    setWriting({ kind: "new" });
    onSend(each);
  };
  return (
    <div className={classes["phone"]}>
      <div className={classes["screen"]}>
        <div className={classes["status"]} aria-hidden>
          <span>{clockTime(new Date(now).toISOString())}</span>
          <i />
          <span>
            <IconWifi size={15} />
            <IconBatteryFilled size={17} />
          </span>
        </div>
        <div className={classes["top"]}>
          <span className={classes["shop"]}>
            <IconBuildingStore size={20} stroke={1.7} aria-hidden />
          </span>
          <div>
            <b>Your business</b>
            <span>{withPlus(number.display_phone_number)}</span>
          </div>
        </div>
        <div className={classes["chat"]} ref={box} role="log" aria-label="The customer's phone">
          {messages.length === 0 && !loading && (
            <div className={classes["openers"]}>
              <p>Tap one, or write your own</p>
              {OPENERS.map((text) => (
                <button key={text} type="button" onClick={() => play({ text })}>
                  {text.replaceAll("*", "")}
                </button>
              ))}
            </div>
          )}
          {messages.map((message, index) => {
            const sent = deliveries.get(message.wamid ?? message.id);
            if (message.type === "system") return <SystemLine key={message.id} message={message} />;
            return (
              <div
                key={message.wamid ?? message.id}
                id={`phone-${message.id}`}
                className={classes["message"]}
              >
                <Bubble
                  bare
                  message={message}
                  mine={message.direction === "INBOUND"}
                  first={messages[index - 1]?.direction !== message.direction}
                  quoted_name={message.context?.direction === "OUTBOUND" ? "Your business" : "You"}
                  note={sent && <DeliveryNote delivery={sent.delivery} onAgain={() => onAgain(sent.key)} />}
                />
                {message.wamid && message.revoked_at === null && (
                  <MessageActions
                    message={message}
                    open={active === message.id}
                    onOpen={(open) => setActive(open ? message.id : null)}
                    onPlay={play}
                    onWrite={(each) => {
                      setActive(null);
                      setWriting(each);
                    }}
                  />
                )}
              </div>
            );
          })}
        </div>
        <Composer
          key={writing.kind === "edit" ? writing.wamid : "new"}
          writing={writing}
          onCancel={() => setWriting({ kind: "new" })}
          onPlay={play}
        />
      </div>
    </div>
  );
}
