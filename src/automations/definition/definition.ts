/**
 * What an automation is: a drawing that may be incomplete, what is wrong with it, and the versions that people enter. How
 * people go through it is the engine's.
 */
export { activate, deactivate, type Asked } from "./activation.ts";
export { lockRow, readRow, readVersion, type AutomationRow } from "./automation-row.ts";
export { nodesBefore } from "./check.ts";
export { COUNTED, LEFT, LEFT_EARLY, readHeld, readStopped, unsendable } from "./counts.ts";
export { changeAutomation, createAutomation, deleteAutomation, duplicateAutomation } from "./drafts.ts";
export { readKnown } from "./known.ts";
export { readFlow } from "./read-flow.ts";
export { RECIPES } from "./recipes.ts";
export { existingSays, nodeName } from "./texts.ts";
export { getAutomation, listAutomations, listVersions } from "./views.ts";
