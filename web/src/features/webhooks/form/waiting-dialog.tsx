import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { EndpointChanges } from "../../../lib/types.ts";
import { Choice, type Option } from "./radio-choice.tsx";
import classes from "./edit.module.css";
import { WAITING } from "../texts.ts";

type Answer = NonNullable<EndpointChanges["waiting_deliveries"]>;

/** Asked before the URL of an endpoint in trouble is changed: what waits for it may be many, and the URL a typo. */
export function WaitingDialog({
  count,
  saving,
  onAnswer,
  onClose,
}: {
  /** Null: not asked. */
  count: number | null;
  saving: boolean;
  onAnswer: (answer: Answer) => void;
  onClose: () => void;
}) {
  const [answer, setAnswer] = useState<Answer>("hold");
  const waiting = count ?? 0;
  const options: Option<Answer>[] = [
    { value: "send", label: WAITING.send(waiting), hint: WAITING.send_hint(waiting) },
    { value: "hold", label: WAITING.hold(waiting), hint: WAITING.hold_hint },
  ];
  if (waiting > 0)
    options.push({ value: "discard", label: WAITING.discard, hint: WAITING.discard_hint(waiting) });
  return (
    <Modal
      opened={count !== null}
      onClose={onClose}
      title={WAITING.title(waiting)}
      centered
      size={480}
      withCloseButton={false}
    >
      <div className={classes["ask"]}>
        <p>{WAITING.text(waiting)}</p>
        <Choice label={WAITING.title(waiting)} options={options} value={answer} onChange={setAnswer} />
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {WAITING.cancel}
          </Button>
          <Button loading={saving} onClick={() => onAnswer(answer)}>
            {WAITING.save}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
