import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconChevronDown, IconMessage } from "@tabler/icons-react";
import { localTimes } from "../../../lib/words/time.ts";
import { Ago } from "../../../ui/ago.tsx";
import { ACTIVITY } from "../activity-texts.ts";
import type { Run } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import classes from "./activity.module.css";
import { RunTag } from "./tags.tsx";
import { Way } from "./way.tsx";

/** One person's run; opened, every step of it. */
export function RunRow({
  run,
  opened,
  chosen,
  choose,
}: {
  run: Run;
  opened: boolean;
  chosen: boolean;
  choose: (on: boolean) => void;
}) {
  const { flow, nameOf } = useDrawing();
  const { id, contact, conversation_id, node_id, state, says, entered_at, version } = run;
  const is_known = flow.nodes.some((node) => node.id === node_id);
  return (
    <li data-opened={opened || undefined}>
      <div className={classes["row"]}>
        <Checkbox
          aria-label={ACTIVITY.choose(contact.display_name)}
          checked={chosen}
          onChange={({ currentTarget: { checked } }) => choose(checked)}
        />
        <Link
          from="/automations/$automation_id"
          search={(now) => ({ ...now, run: opened ? undefined : id })}
          replace
          className={classes["who"]}
          aria-expanded={opened}
          title={ACTIVITY.open(contact.display_name)}
        >
          <IconChevronDown size={16} aria-hidden />
          <span>
            <b dir="auto">{contact.display_name}</b>
            <small>{contact.phone ?? ACTIVITY.no_number}</small>
          </span>
        </Link>
        <span>
          <RunTag state={state} />
        </span>
        <span className={classes["where"]} dir="auto">
          {node_id === null ? "" : is_known ? nameOf(node_id) : ACTIVITY.unknown_step}
          <small>{ACTIVITY.version(version)}</small>
        </span>
        <span className={classes["when"]}>
          <Ago time={entered_at} />
        </span>
        <span className={classes["why"]}>{says === null ? "" : localTimes(says)}</span>
        {conversation_id !== null && (
          <Link
            to="/inbox/$conversation_id"
            params={{ conversation_id }}
            search={{ status: "ALL" }}
            className={classes["talk"]}
            aria-label={`${ACTIVITY.conversation}: ${contact.display_name}`}
            title={ACTIVITY.conversation}
          >
            <IconMessage size={18} aria-hidden />
          </Link>
        )}
      </div>
      {opened && <Way run={run} />}
    </li>
  );
}
