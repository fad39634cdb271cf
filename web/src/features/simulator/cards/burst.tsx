import { Button } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./faults-card.module.css";
import { NumberField, Part } from "../parts/parts.ts";
import { Progress } from "../../../ui/progress.tsx";
import { texts } from "../texts.ts";
import type { Simulator } from "../model/model.ts";

const { burst: says } = texts;

const USUAL = { updates: 2_000, batch: 100, messages: 1, statuses: 3, at_once: 16 };
type Form = typeof USUAL;

/** Many updates of made-up people, as fast as Wharf takes them. */
export function Burst({ simulator: { state, take } }: { simulator: Simulator }) {
  const [form, setForm] = useState(USUAL);
  const [before, setBefore] = useState<{ total: number; ended: number } | null>(null);
  const [starting, setStarting] = useState(false);
  const set = (changes: Partial<Form>) => setForm((now) => ({ ...now, ...changes }));
  const ended = state.count.acknowledged + state.count.refused;
  const done = before ? Math.min(before.total, Math.max(0, ended - before.ended)) : 0;
  const start = async () => {
    const { batch, messages, statuses, ...burst } = form;
    setStarting(true);
    const isTaken = await take({ burst: { ...burst, mix: { messages, statuses } }, batch });
    if (isTaken) setBefore({ total: Math.ceil(burst.updates / batch), ended });
    setStarting(false);
  };
  return (
    <Part title={says.title} says={says.says}>
      <div className={classes["burst"]}>
        <NumberField
          label={says.updates}
          value={form.updates}
          onChange={(updates) => set({ updates })}
          min={1}
          max={100_000}
        />
        <NumberField
          label={says.batch}
          value={form.batch}
          onChange={(batch) => set({ batch })}
          min={1}
          max={1_000}
        />
        <NumberField
          label={says.at_once}
          value={form.at_once}
          onChange={(at_once) => set({ at_once })}
          min={1}
          max={256}
        />
        <Mix form={form} onChange={set} />
      </div>
      <div className={classes["buttons"]}>
        <Button
          size="xs"
          leftSection={<IconBolt size={16} />}
          loading={starting}
          disabled={form.messages + form.statuses === 0}
          onClick={() => void start()}
        >
          {says.send}
        </Button>
        {before && (
          <span className={classes["answer"]} role="status">
            {says.answered(done, before.total)}
          </span>
        )}
      </div>
      {before && done < before.total && <Progress label={says.title} done={done} total={before.total} />}
    </Part>
  );
}

/** How many parts of them are messages, and how many statuses. */
function Mix({ form, onChange }: { form: Form; onChange: (changes: Partial<Form>) => void }) {
  return (
    <div className={classes["mix"]}>
      <NumberField
        name={says.parts_of_messages}
        value={form.messages}
        onChange={(messages) => onChange({ messages })}
        min={0}
        max={1_000}
        width={56}
      />
      {says.messages}
      <NumberField
        name={says.parts_of_statuses}
        value={form.statuses}
        onChange={(statuses) => onChange({ statuses })}
        min={0}
        max={1_000}
        width={56}
      />
      {says.statuses}
    </div>
  );
}
