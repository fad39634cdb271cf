import { Switch } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { Ago } from "../../../ui/ago.tsx";
import { TRIGGERS } from "../flow-texts.ts";
import type { ListedAutomation, TriggerKind } from "../model/model.ts";
import { ActivateDialog, DeactivateDialog, StateTag } from "../parts/parts.ts";
import { LIST } from "../texts.ts";
import classes from "./list.module.css";

/** One automation: whether it takes people in, what starts it, and how its people fare. */
export function AutomationRow({ automation }: { automation: ListedAutomation }) {
  const { id, name, state, version, changed, trigger, counts, stopped, updated_at } = automation;
  const [asking, setAsking] = useState(false);
  const is_active = state === "ACTIVE";
  const close = () => setAsking(false);
  return (
    <li>
      <div className={classes["row"]}>
        <span className={classes["what"]}>
          <Link
            to="/automations/$automation_id"
            params={{ automation_id: id }}
            search={{}}
            dir="auto"
            title={name}
          >
            {name}
          </Link>
          <span className={classes["about"]}>
            <StateTag state={state} />
            {version !== null && <small>{LIST.version(version)}</small>}
            {changed && <small>{LIST.changed}</small>}
          </span>
        </span>
        <span>
          <Switch aria-label={LIST.switch_on(name)} checked={is_active} onChange={() => setAsking(true)} />
        </span>
        <span className={classes["trigger"]}>
          {trigger !== null && Object.hasOwn(TRIGGERS, trigger)
            ? TRIGGERS[trigger as TriggerKind]
            : LIST.no_trigger}
        </span>
        <Figure name={LIST.entered}>{counts.entered}</Figure>
        <Figure name={LIST.active}>{counts.active}</Figure>
        <Figure name={LIST.completed}>{counts.completed}</Figure>
        <Figure name={LIST.failed} bad={counts.failed > 0}>
          {counts.failed}
        </Figure>
        <span className={classes["made"]}>
          <Ago time={updated_at} />
        </span>
      </div>
      {stopped && (
        <p className={classes["stopped"]}>
          <IconAlertTriangle size={16} aria-hidden /> {LIST.stopped(stopped.nodes, stopped.people)}
        </p>
      )}
      {asking && !is_active && <ActivateDialog id={id} onClose={close} />}
      {asking && is_active && <DeactivateDialog id={id} inside={counts.active} onClose={close} />}
    </li>
  );
}

function Figure({ name, bad = false, children }: { name: string; bad?: boolean; children: ReactNode }) {
  return (
    <span className={classes["figure"]} data-bad={bad || undefined} data-quiet={children === 0 || undefined}>
      <small>{name}</small> {typeof children === "number" ? formatNumber(children) : children}
    </span>
  );
}
