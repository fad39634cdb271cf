import { Modal } from "@mantine/core";
import { priceOf } from "../../lib/words/price.ts";
import { exactTime } from "../../lib/words/time.ts";
import type { Message } from "../../lib/types.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import classes from "./message-details.module.css";
import { DETAILS } from "./texts.ts";
import { stepsOf } from "./ticks.tsx";

/** When each step was, why it failed in Meta's own words, and the ids that support asks for. */
export function MessageDetails({ message, onClose }: { message: Message; onClose: () => void }) {
  const { wamid, pricing, errors } = message;
  const steps =
    message.direction === "OUTBOUND"
      ? stepsOf(message)
      : ([
          [DETAILS.arrived, message.sent_at],
          [DETAILS.received, message.received_at],
        ] as const);
  return (
    <Modal
      opened
      centered
      size={520}
      title={DETAILS.title}
      closeButtonProps={{ "aria-label": DETAILS.close }}
      onClose={onClose}
    >
      <div className={classes["details"]}>
        <h3>{DETAILS.progress}</h3>
        <dl>
          {steps.map(([label, time]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <time dateTime={time}>{exactTime(time)}</time>
              </dd>
            </div>
          ))}
          {pricing && (
            <div>
              <dt>{DETAILS.price}</dt>
              <dd>{priceOf(pricing)}</dd>
            </div>
          )}
        </dl>
        {errors.length > 0 && (
          <>
            <h3>{DETAILS.why}</h3>
            {errors.map((error, index) => (
              // The list of a message's errors never changes its order.
              <p key={index}>
                {error.title}
                {error.details && <span>{error.details}</span>}
                {error.code !== null && <code>{DETAILS.code(error.code)}</code>}
              </p>
            ))}
          </>
        )}
        <h3>{DETAILS.ids}</h3>
        <dl>
          <Id label={DETAILS.message_id} value={message.id} />
          {wamid !== null && <Id label={DETAILS.wamid} value={wamid} />}
        </dl>
      </div>
    </Modal>
  );
}

function Id({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <code>{value}</code>
        <CopyButton text={value} what={label} />
      </dd>
    </div>
  );
}
