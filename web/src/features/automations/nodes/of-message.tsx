import { useDrawing } from "../parts/parts.ts";
import { isCalling, isSending } from "../model/model.ts";
import { CONDITION, PANEL, WAIT } from "../setting-texts.ts";
import { Choose } from "./fields.tsx";

/** Which answer is asked about: of the last URL that was called before, or of a step. */
export function OfAnswer({ value, put }: { value: string | null; put: (node_id: string | null) => void }) {
  const { flow, nameOf } = useDrawing();
  return (
    <Choose
      label={CONDITION.answer_of}
      empty={CONDITION.last_answer}
      gone={PANEL.gone}
      value={value}
      data={flow.nodes.filter(isCalling).map(({ id }) => ({ value: id, label: nameOf(id) }))}
      put={put}
    />
  );
}

/** Which message is asked about: the last one before, or that of a step. */
export function OfMessage({ value, put }: { value: string | null; put: (node_id: string | null) => void }) {
  const { flow, nameOf } = useDrawing();
  return (
    <Choose
      label={WAIT.of}
      empty={WAIT.last}
      gone={PANEL.gone}
      value={value}
      data={flow.nodes.filter(isSending).map(({ id }) => ({ value: id, label: nameOf(id) }))}
      put={put}
    />
  );
}
