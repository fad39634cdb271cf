import type { z } from "zod";
import type * as shapes from "../../../../../src/contract/automations.ts";
import type * as runs from "../../../../../src/contract/automation-runs.ts";

export type {
  Act,
  Activity,
  Atom,
  Automation,
  ExitRule,
  Flow,
  FlowCheck,
  FlowEdge,
  FlowNode,
  FlowNodeType,
  ListedAutomation,
  NodeCounts,
  Outcome,
  RunState,
  Test,
  Trigger,
  TriggerKind,
} from "../../../../../src/contract/automations.ts";
export type {
  AutomationRecipe,
  ListedActivity,
  MovePreview,
  RunVerb,
} from "../../../../../src/contract/automation-runs.ts";

export type AutomationState = z.output<typeof shapes.AutomationState>;
export type AutomationVersion = z.output<typeof shapes.AutomationVersion>;
export type Run = z.output<typeof shapes.Run>;
export type RunWithActivity = z.output<typeof shapes.RunWithActivity>;
export type TestRun = runs.TestRun;
export type RunChoice = z.output<typeof shapes.RunChoice>;
export type ActivityStatus = z.output<typeof shapes.ActivityStatus>;
export type Reached = z.output<typeof runs.Reached>;
export type Settings = shapes.Flow["settings"];
export type NodeOf<Type extends shapes.FlowNodeType> = Extract<shapes.FlowNode, { type: Type }>;
export type ActKind = shapes.Act["kind"];
export type Note = shapes.Flow["notes"][number];
/** What people are chosen by: a list, a segment or a tag. */
export type Source = Settings["exclude"][number];
export type Hours = NonNullable<NodeOf<"delay">["hours"]>;
/** AND or OR, at whichever depth. */
export interface Group {
  join: "all" | "any";
  items: (shapes.Atom | Group)[];
}
