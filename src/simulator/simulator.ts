/**
 * A stand-in for Meta's Cloud API: says what Meta would say, in Meta's bytes, signed with the app secret, and says it
 * again when it isn't answered 200. For the sandbox, for tests and for load.
 */
export { type Box, type BoxOptions, createBox } from "./box.ts";
export { type BusinessNumber, NUMBERS, type Persona, PERSONAS } from "./cast.ts";
export { type Control, type ControlState, createControlClient } from "./control.ts";
export type { Fate, Odds, Timing } from "./fates.ts";
export { createGraphStandIn, type GraphStandIn, type GraphStandInOptions } from "./graph.ts";
export { type LoadOptions, type LoadResult, type Mix, runLoad } from "./load.ts";
export type { PlayInput, PlayedMedium } from "./play.ts";
export { graphOptions, playScenario, type ScenarioOptions } from "./scenario-play.ts";
export { inTime, type ScenarioReport } from "./stage.ts";
export { type GraphSettings, readScenario, type Scenario } from "./scenario.ts";
export { type Answer, createPoster, type Poster } from "./post.ts";
export * from "./updates.ts";
export { metaJson, wamidOf } from "./wire.ts";
export { createPhone, type Phone } from "./phone.ts";
export {
  createSimulator,
  type Delivered,
  type DeliverOptions,
  type Retry,
  type Simulator,
  type SimulatorOptions,
} from "./deliver.ts";
