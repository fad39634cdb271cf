/**
 * Automations: flows of nodes that people go through, one by one. `flow/` decides by itself what a node does, `engine/` takes
 * runs on through their nodes, `triggers/` says who begins. A row of automation_activities is one visit of one node by one
 * run: it takes effect once.
 */
export { createAutomationApply, createAutomationListen, followConversation } from "./follow.ts";
export {
  cancelRuns,
  createEngine as createAutomationEngine,
  followAutomationJoins,
  forgetRuns,
  landing,
  moveRuns,
  resumeRuns,
  retryRuns,
  wakeRuns,
  type Engine as AutomationEngine,
} from "./engine/engine.ts";
export { countExisting, createHappened, lookByClock } from "./triggers/triggers.ts";
