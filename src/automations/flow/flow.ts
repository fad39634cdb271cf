/**
 * A flow, and how a person goes through it, without a database: the graph, and what a node does with what is known.
 * Everything here is arithmetic over its arguments, so that the engine and its tests decide alike.
 */
export {
  FIRST_SETTINGS,
  isByClock,
  nodeById,
  portsOf,
  sendingOf,
  subjectOf,
  targetOf,
  triggerNode,
  triggerOf,
  type NodeOf,
} from "./graph.ts";
export { asksOf, type Asks } from "./asks.ts";
export { afterAct } from "./after-act.ts";
export { isWithin, nextTime, timeOfDate, zoneAmong } from "./clock.ts";
export { decide } from "./decide.ts";
export { exitBy, hearsBy } from "./exit.ts";
export {
  keyOfCondition,
  keyOfSegment,
  answerOf,
  readFacts,
  type Answer,
  type CallFacts,
  type Known,
  type MessageError,
  type MessageFacts,
  type Reply,
} from "./known.ts";
export { type Acted, type Done, type Hearing, type Inputs, type Step, type Visit } from "./step.ts";
export { atomsOf, spelledOut, valueAt } from "./tests.ts";
export { answersIn, fillText, type FilledPerson } from "./fill.ts";
export { hasWord, isSaid, type Said } from "./words.ts";
