import { Button, UnstyledButton } from "@mantine/core";
import { IconArrowRight, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { CodeForm } from "./codes.tsx";
import { SIMPLE, STATUSES, fatesOf, nameOf, type Fate, type Simulator, type Status } from "../model/model.ts";
import classes from "./next-card.module.css";
import { Part, Section } from "../parts/parts.ts";
import { texts } from "../texts.ts";

const { next: words } = texts;

/** The outcomes of the very next messages, one each. */
export function NextCard({ simulator: { state, take } }: { simulator: Simulator }) {
  const fates = fatesOf(state);
  const add = (fate: Fate) => void take({ next: [fate] });
  return (
    <Section
      id="next"
      title={texts.parts.next}
      says={words.says}
      aside={
        fates.length > 0 && (
          <Button size="xs" variant="default" onClick={() => void take({ next: [] })}>
            {words.clear}
          </Button>
        )
      }
    >
      <ol className={classes["row"]} aria-label={words.queue}>
        {fates.map((fate, at) => (
          <li key={at}>{nameOf(fate)}</li>
        ))}
        <li data-last>{fates.length === 0 ? words.random : words.then_random}</li>
      </ol>
      <ul className={classes["simple"]}>
        {SIMPLE.map(({ fate, title, says }) => (
          <li key={title}>
            <UnstyledButton className={classes["add"] ?? ""} onClick={() => add(fate)}>
              <IconPlus size={16} aria-hidden />
              <span>
                <b>{title}</b>
                {says}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Part title={words.error} says={words.error_says}>
        <CodeForm
          label={words.error_label}
          actions={[
            { title: words.refused, onCode: (refuse) => add({ refuse }) },
            { title: words.failed, onCode: (fail) => add({ fail }) },
          ]}
        />
      </Part>
      <Exactly onAdd={(go) => add({ go })} />
    </Section>
  );
}

/** These statuses and no others, in the order in which they are tapped. */
function Exactly({ onAdd }: { onAdd: (statuses: Status[]) => void }) {
  const [chosen, setChosen] = useState<Status[]>([]);
  return (
    <Part title={words.exactly} says={words.exactly_says}>
      <div className={classes["exactly"]} role="group" aria-label={words.statuses}>
        {STATUSES.map((status) => {
          const at = chosen.indexOf(status);
          return (
            <Button
              key={status}
              size="xs"
              h={32}
              radius="xl"
              variant={at >= 0 ? "light" : "default"}
              aria-pressed={at >= 0}
              leftSection={at >= 0 ? <b>{at + 1}</b> : undefined}
              onClick={() =>
                setChosen(at >= 0 ? chosen.filter((each) => each !== status) : [...chosen, status])
              }
            >
              {status}
            </Button>
          );
        })}
        <Button
          variant="default"
          size="xs"
          h={32}
          leftSection={<IconArrowRight size={15} />}
          disabled={chosen.length === 0}
          onClick={() => {
            onAdd(chosen);
            setChosen([]);
          }}
        >
          {words.add}
        </Button>
      </div>
    </Part>
  );
}
