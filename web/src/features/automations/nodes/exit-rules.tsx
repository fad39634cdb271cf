import { CloseButton, TextInput } from "@mantine/core";
import { EXITS } from "../flow-texts.ts";
import type { ExitRule } from "../model/model.ts";
import { FLOW, TRIGGER } from "../setting-texts.ts";
import { Choose, optionsOf } from "./fields.tsx";
import classes from "./nodes.module.css";
import { Pick } from "./pick.tsx";

function newRule(kind: ExitRule["kind"]): ExitRule {
  switch (kind) {
    case "goal_segment":
    case "left_segment":
      return { kind, segment_id: null };
    case "goal_event":
      return { kind, name: "" };
    default:
      return { kind };
  }
}
const MOST = 10;

/** When someone leaves before the end. */
export function ExitRules({ rules, put }: { rules: readonly ExitRule[]; put: (rules: ExitRule[]) => void }) {
  const replace = (at: number, rule: ExitRule) => put([...rules].with(at, rule));
  return (
    <div className={classes["section"]}>
      <h3>{FLOW.exits}</h3>
      <p className={classes["hint"]}>{FLOW.exits_hint}</p>
      {rules.map((rule, at) => (
        // A rule has no name of its own: it is where it stands.
        <div key={`${at} ${rule.kind}`} className={classes["item"]}>
          <div className={classes["itemHead"]}>
            <b>{EXITS[rule.kind]}</b>
            <CloseButton
              aria-label={FLOW.remove_exit(EXITS[rule.kind])}
              onClick={() => put(rules.filter((_, index) => index !== at))}
            />
          </div>
          {"segment_id" in rule && (
            <Pick
              kind="segment"
              label={FLOW.segment}
              value={rule.segment_id}
              put={(segment_id) => replace(at, { ...rule, segment_id })}
            />
          )}
          {rule.kind === "goal_event" && (
            <TextInput
              label={FLOW.event}
              placeholder={TRIGGER.event_hint}
              maxLength={100}
              value={rule.name}
              onChange={({ currentTarget: { value } }) => replace(at, { ...rule, name: value })}
            />
          )}
        </div>
      ))}
      {rules.length < MOST && (
        <Choose
          aria-label={FLOW.add_exit}
          empty={FLOW.add_exit}
          value={null}
          data={optionsOf(EXITS)}
          put={(kind) => kind !== null && put([...rules, newRule(kind as ExitRule["kind"])])}
        />
      )}
    </div>
  );
}
