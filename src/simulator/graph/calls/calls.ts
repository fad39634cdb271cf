/** A call taken apart, what it may ask for, and the table in which its row is found. */
export { invalidParameter, readParameters, required, requireProduct, word } from "./graph-checks.ts";
export { shakeHands } from "./graph-handshake.ts";
export { chosen, type NodeType, page } from "./graph-page.ts";
export { type Parameters, parametersOf } from "./graph-parameters.ts";
export { personOf, personSaid } from "./graph-people.ts";
export {
  BAD_GATEWAY,
  type Call,
  type Control,
  createGraphServer,
  CutShortError,
  Download,
  faultOf,
  JsonAnswer,
  NO_ANSWER,
  partsOf,
} from "./graph-server.ts";
export {
  type AppState,
  createTable,
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  numberOf,
  type StandInSettings,
} from "./graph-world.ts";
