/**
 * A flow, and how a person goes through it, without a database: the graph, and what a node does with what is known.
 * Everything here is arithmetic over its arguments, so that the engine and its tests decide alike.
 */
export {
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
