/** JSON without loss, and Meta's loosely typed parts read without trust. */
export {
  asBody,
  asFailures,
  asList,
  asObject,
  asRecord,
  asText,
  asTime_ms,
  describe,
} from "./loose-shapes.ts";
export { encode, hashOf, type Json, type JsonObject, plain, readJson, readText } from "./meta-json.ts";
