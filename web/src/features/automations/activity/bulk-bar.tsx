import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { sinceTime } from "../../../lib/words/spans.ts";
import { BULK } from "../activity-texts.ts";
import type { RunChoice, RunFilter, RunVerb } from "../model/model.ts";
import classes from "./activity.module.css";
import { VerbDialog } from "./verb-dialog.tsx";

const VERBS: RunVerb[] = ["retry", "resume", "move", "cancel"];

/** Everyone that the filter finds, as the server is told of them. */
const choiceOf = ({ state, node, stopped, reason, search, since, until }: RunFilter): RunChoice => ({
  ...(state && { state }),
  ...(node !== undefined && { node_id: node }),
  ...(stopped !== undefined && { stopped: true }),
  ...(reason !== undefined && { reason }),
  ...(search !== undefined && { search }),
  ...(since !== undefined && { from: sinceTime(since) }),
  ...(until !== undefined && { to: until }),
});

/** What is done for those who are chosen, or for everyone that the filters find. */
export function BulkBar({
  automation_id,
  filter,
  chosen,
  clear,
}: {
  automation_id: string;
  filter: RunFilter;
  chosen: ReadonlySet<string>;
  clear: () => void;
}) {
  const [asked, ask] = useState<RunVerb | null>(null);
  const everyone = chosen.size === 0;
  // Who reached the goal, or left, is chosen by their states and steps.
  if (everyone && filter.counted !== undefined) return null;
  const choice: RunChoice = everyone ? choiceOf(filter) : { ids: [...chosen] };
  return (
    <div className={classes["bulk"]} role="group" aria-label={BULK.label}>
      <span>{everyone ? BULK.all_matching : BULK.chosen(chosen.size)}</span>
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>
            {BULK.label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {VERBS.map((verb) => (
            <Menu.Item key={verb} onClick={() => ask(verb)}>
              {BULK.verbs[verb].button}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {!everyone && (
        <Button size="xs" variant="subtle" onClick={clear}>
          {BULK.clear}
        </Button>
      )}
      {asked && (
        <VerbDialog
          automation_id={automation_id}
          verb={asked}
          choice={choice}
          onDone={clear}
          onClose={() => ask(null)}
        />
      )}
    </div>
  );
}
