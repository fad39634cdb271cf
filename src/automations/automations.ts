/**
 * Automations: flows of nodes that people go through, one by one. `definition/` says what a flow is and what is wrong with
 * it, `flow/` decides by itself what a node does, `engine/` takes runs on through their nodes, `triggers/` says who begins,
 * and `activity/` shows what happened to each and why. A row of automation_activities is one visit of one node by one run:
 * it takes effect once.
 */
export {
  cancel,
  countNodes,
  countRuns,
  getRun,
  listActivities,
  listRuns,
  move,
  previewMove,
  resume,
  retry,
} from "./activity/activity.ts";
export { deactivateAutomation } from "./deactivate.ts";
export {
  activate,
  changeAutomation,
  createAutomation,
  deleteAutomation,
  duplicateAutomation,
  getAutomation,
  listAutomations,
  listVersions,
  readFlow,
  RECIPES,
} from "./definition/definition.ts";
export { verifyAutomations } from "./counts/counts.ts";
export { readExisting } from "./existing.ts";
export { createAutomationApply, createAutomationListen, followConversation } from "./follow.ts";
export {
  cancelRuns,
  createEngine as createAutomationEngine,
  followAutomationJoins,
  forgetRuns,
  moveRuns,
  resumeRuns,
  retryRuns,
  wakeCalled,
  type Engine as AutomationEngine,
} from "./engine/engine.ts";
export { customerOf, getTest, goOn, startTest } from "./testing/testing.ts";
export { automationsNaming } from "./named-uses.ts";
export { automationUse } from "./template-use.ts";
export { createHappened, lookByClock, tellKept } from "./triggers/triggers.ts";
