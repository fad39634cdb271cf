import type { Flow, FlowCheck } from "../../contract/automations.ts";
import { actionCompleteness, reminderAdvice, templateApproval } from "./check-actions.ts";
import { callAdvice } from "./check-answers.ts";
import { error, type Checked } from "./check.ts";
import { branchCompleteness, loops, nodeConnections, sameWays } from "./check-graph.ts";
import { logicAdvice, logicCompleteness, trigger } from "./check-logic.ts";
import { messagingWindow } from "./check-window.ts";
import type { Known } from "./known.ts";
import { says } from "./texts.ts";

const frequencyCap = ({ flow }: Checked): FlowCheck[] =>
  flow.settings.frequency_cap === null ? [error("Frequency Cap", null, says.noCap)] : [];

/** In the order in which one corrects a flow: what starts it, what connects it, what its nodes do, what may be better. */
const CHECKS: readonly ((checked: Checked) => FlowCheck[])[] = [
  trigger,
  nodeConnections,
  branchCompleteness,
  logicCompleteness,
  actionCompleteness,
  templateApproval,
  frequencyCap,
  messagingWindow,
  loops,
  sameWays,
  logicAdvice,
  reminderAdvice,
  callAdvice,
];

/** What is wrong with a flow, errors first. Pure: `known` has what the workspace has of what it names. */
export function checkFlow(flow: Flow, known: Known): FlowCheck[] {
  const checks = CHECKS.flatMap((check) => check({ flow, known }));
  const level = (wanted: FlowCheck["level"]) => checks.filter((check) => check.level === wanted);
  return [...level("error"), ...level("advice")];
}
