/** Scenarios: their file, and how they are played. */
export { createFastTime, type FastTime } from "./fast-time.ts";
export { playedOf, type SaidOfFile, takeMedium } from "./samples.ts";
export {
  type GraphSettings,
  readScenario,
  readSettings,
  readStep,
  type Scenario,
  type ScenarioStep,
} from "./scenario-file.ts";
export { graphOptions, playScenario, type ScenarioOptions } from "./scenario-play.ts";
export { createStage, inTime, playSteps, type ScenarioReport, type Stage } from "./stage.ts";
