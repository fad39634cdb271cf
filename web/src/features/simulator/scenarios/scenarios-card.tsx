import { Button, FileButton } from "@mantine/core";
import { IconFileImport, IconX } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { ApiProblem, wordsOf } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import { Playing } from "./playing.tsx";
import { problemsOf, readScenarioFile, titleOf, type ScenarioFile, type Simulator } from "../model/model.ts";
import { ScenarioRow } from "./scenario-row.tsx";
import classes from "./scenarios-card.module.css";
import { Section } from "../parts/parts.ts";
import { texts } from "../texts.ts";

const { scenarios: says } = texts;

/** Stories that play by themselves: the simulator's own, and files. */
export function ScenariosCard({ simulator }: { simulator: Simulator }) {
  const { state, play, playing } = simulator;
  const [file, setFile] = useState<ScenarioFile | null>(null);
  const [over, setOver] = useState(false);
  const reset = useRef<() => void>(null);
  const read = async (given: File | null | undefined) => {
    if (given) setFile(readScenarioFile(given.name, await given.text()));
    // The same file, corrected, can be chosen again.
    reset.current?.();
  };
  const playOwn = (name: string, speed: number) =>
    play({ name, speed }).catch((error: Error) => toast("bad", says.not_started, wordsOf(error)));
  const playFile = async (given: ScenarioFile, speed: number) => {
    try {
      await play({ scenario: given.scenario ?? {}, speed });
      setFile(null);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "INVALID_REQUEST")
        setFile({ ...given, problems: problemsOf(error.detail ?? error.message) });
      else toast("bad", says.not_started, wordsOf(error as Error));
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };
  return (
    <div
      className={classes["drop"]}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={onDrop}
    >
      <Section
        id="scenarios"
        title={texts.parts.scenarios}
        says={says.says}
        aside={
          <FileButton accept="application/json,.json" resetRef={reset} onChange={(given) => void read(given)}>
            {(props) => (
              <Button {...props} size="xs" variant="default" leftSection={<IconFileImport size={16} />}>
                {says.choose}
              </Button>
            )}
          </FileButton>
        }
      >
        <Playing simulator={simulator} />
        {file && (
          <Chosen
            file={file}
            disabled={playing}
            onPlay={(speed) => playFile(file, speed)}
            onRemove={() => setFile(null)}
          />
        )}
        <ul className={classes["rows"]}>
          {state.scenarios.map((scenario) => (
            <li key={scenario.name}>
              <ScenarioRow
                title={titleOf(scenario.name)}
                scenario={scenario}
                disabled={playing}
                onPlay={(speed) => playOwn(scenario.name, speed)}
              />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

/** A file that was chosen, and what is wrong with it. */
function Chosen({
  file,
  disabled,
  onPlay,
  onRemove,
}: {
  file: ScenarioFile;
  disabled: boolean;
  onPlay: (speed: number) => Promise<void>;
  onRemove: () => void;
}) {
  return (
    <section className={classes["file"]} aria-label={file.name}>
      <ScenarioRow
        title={file.name}
        scenario={file}
        disabled={disabled || file.scenario === null}
        onPlay={onPlay}
      />
      {file.problems.length > 0 && (
        <ul role="alert" className={classes["problems"]}>
          {file.problems.map(({ place, says }) => (
            <li key={`${place} ${says}`}>
              {place && <code>{place}</code>} {says}
            </li>
          ))}
        </ul>
      )}
      <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={15} />} onClick={onRemove}>
        {says.remove}
      </Button>
    </section>
  );
}
