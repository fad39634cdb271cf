import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { BULK } from "../activity-texts.ts";
import type { RunChoice, RunFilter, RunVerb } from "../model/model.ts";
import classes from "./activity.module.css";
import { VerbDialog } from "./verb-dialog.tsx";

const VERBS: RunVerb[] = ["retry", "resume", "move", "cancel"];

/** What is done for those who are chosen, or for everyone in a state and at a step. */
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
  // What only a search or a time finds has to be chosen one by one: the server takes no such choice.
  const by_hand = filter.search !== undefined || filter.since !== undefined || filter.until !== undefined;
  const everyone = chosen.size === 0;
  if (everyone && (by_hand || filter.reason !== undefined)) return null;
  const choice: RunChoice = everyone
    ? {
        ...(filter.state && { state: filter.state }),
        ...(filter.node !== undefined && { node_id: filter.node }),
        ...(filter.stopped !== undefined && { stopped: true }),
      }
    : { ids: [...chosen] };
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
