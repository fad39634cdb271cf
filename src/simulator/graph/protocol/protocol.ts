/** What calls to the Graph API and their answers look like: faults, shapes, bodies. */
export { type Body } from "./graph-body.ts";
export {
  answerOf,
  failureOf,
  GraphFault,
  graphFault,
  missing,
  traceId,
  unknownField,
  unknownObject,
} from "./graph-faults.ts";
export { parsedJson } from "./graph-json.ts";
export { body, flag, mediaIn, mediaLink, medium, type NamedMedium, text, whole } from "./graph-shapes.ts";
export { checked } from "./graph-words.ts";
