/** What the pages ask of the simulator and change in it, and how odds, durations and scenarios are read. No components. */
export { clientLines } from "./client-lines.ts";
export { readDuration, writeDuration } from "./durations.ts";
export { SIMPLE, STATUSES, fatesOf, nameOf, type Fate, type Status } from "./fates.ts";
export { PRESETS, expected, isSet, same, sharesOf, type Odds } from "./odds.ts";
export { problemsOf, readScenarioFile, titleOf, type ScenarioFile } from "./scenario-file.ts";
export { isAway, metaErrorsQuery, useSimulator, type Simulator } from "./use-simulator.ts";
