import { Popover } from "@mantine/core";
import { IconDeviceMobileOff } from "@tabler/icons-react";
import { useState } from "react";
import { previewOf } from "../../lib/words/message.ts";
import { exactTime } from "../../lib/words/time.ts";
import type { Message } from "../../lib/types.ts";
import { whyMissing } from "./arrived.ts";
import classes from "./missing.module.css";
import { texts } from "./texts.ts";

const SHOWN = 8;

/** What the business sent and the customer's phone doesn't have. Below the phone, as the customer can't see it. */
export function Missing({ messages }: { messages: readonly Message[] }) {
  const [open, setOpen] = useState(false);
  const newest = messages.slice(-SHOWN).toReversed();
  const failed = messages.filter((message) => whyMissing(message).tone === "bad").length;
  return (
    <div className={classes["missing"]}>
      {messages.length > 0 && (
        <Popover
          opened={open}
          onChange={setOpen}
          width={330}
          shadow="md"
          radius="md"
          position="top"
          trapFocus
        >
          <Popover.Target>
            <button
              type="button"
              data-bad={failed > 0 || undefined}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              <IconDeviceMobileOff size={15} aria-hidden />
              {texts.missing.count(messages.length, failed)}
            </button>
          </Popover.Target>
          <Popover.Dropdown aria-label={texts.missing.title}>
            <p className={classes["lead"]}>{texts.missing.lead}</p>
            <ul className={classes["list"]} tabIndex={-1} data-autofocus>
              {newest.map((message) => {
                const { reason, tone } = whyMissing(message);
                return (
                  <li key={message.id}>
                    <b dir="auto" title={exactTime(message.sent_at)}>
                      {previewOf(message)}
                    </b>
                    <span data-tone={tone}>{reason}</span>
                  </li>
                );
              })}
            </ul>
            {messages.length > SHOWN && (
              <p className={classes["lead"]}>{texts.missing.more(messages.length - SHOWN)}</p>
            )}
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}
