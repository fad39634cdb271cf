import { Button, CloseButton, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { OUTCOMES } from "../flow-texts.ts";
import { newOutcome, type NodeOf, type Outcome } from "../model/model.ts";
import { TRIGGER, WAIT } from "../setting-texts.ts";
import { Choose, MinutesField, optionsOf, WordsField } from "./fields.tsx";
import classes from "./nodes.module.css";
import { OfMessage } from "./pick.tsx";

type Wait = NodeOf<"wait">;
const MOST = 8;

export function WaitFields({ node, put }: { node: Wait; put: (node: Wait) => void }) {
  const { outcomes } = node;
  return (
    <>
      <OfMessage value={node.of} put={(of) => put({ ...node, of })} />
      <h3>{WAIT.outcomes}</h3>
      {outcomes.map((outcome, index) => (
        <OutcomeFields
          key={outcome.id}
          outcome={outcome}
          name={WAIT.outcome(index + 1)}
          set={(next) =>
            put({ ...node, outcomes: outcomes.map((each) => (each.id === outcome.id ? next : each)) })
          }
          remove={() => put({ ...node, outcomes: outcomes.filter(({ id }) => id !== outcome.id) })}
        />
      ))}
      {outcomes.length < MOST && (
        <Button
          variant="default"
          size="xs"
          className={classes["add"] ?? ""}
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => put({ ...node, outcomes: [...outcomes, newOutcome("delivered")] })}
        >
          {WAIT.add}
        </Button>
      )}
      <MinutesField
        label={WAIT.deadline}
        description={WAIT.deadline_hint}
        value={node.deadline_min}
        put={(deadline_min) => put({ ...node, deadline_min })}
      />
    </>
  );
}

function OutcomeFields({
  outcome,
  name,
  set,
  remove,
}: {
  outcome: Outcome;
  name: string;
  set: (outcome: Outcome) => void;
  remove: () => void;
}) {
  return (
    <div className={classes["item"]} role="group" aria-label={name}>
      <div className={classes["itemHead"]}>
        <Choose
          aria-label={name}
          value={outcome.what}
          data={optionsOf(OUTCOMES)}
          put={(what) => set({ ...newOutcome(what as Outcome["what"]), id: outcome.id })}
        />
        <CloseButton aria-label={WAIT.remove(name)} onClick={remove} />
      </div>
      {outcome.what === "not_delivered" && outcome.after_min !== null && (
        <MinutesField
          label={WAIT.after}
          value={outcome.after_min}
          put={(after_min) => set({ ...outcome, after_min })}
        />
      )}
      {outcome.what === "replied" && (
        <>
          <WordsField
            label={WAIT.texts}
            description={WAIT.any_reply}
            value={outcome.texts}
            put={(texts) => set({ ...outcome, texts })}
          />
          <WordsField
            label={WAIT.payloads}
            value={outcome.payloads}
            put={(payloads) => set({ ...outcome, payloads })}
          />
        </>
      )}
      {outcome.what === "event" && (
        <TextInput
          label={WAIT.event}
          placeholder={TRIGGER.event_hint}
          maxLength={100}
          value={outcome.name}
          onChange={({ currentTarget: { value } }) => set({ ...outcome, name: value })}
        />
      )}
    </div>
  );
}
