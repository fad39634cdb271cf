/** What every route has: the server, who may do what, the contract's table, idempotency keys, and errors as problems. */
export { clientAddress } from "./client-address.ts";
export { disposition } from "./disposition.ts";
export { answerError, sendProblem } from "./error-answers.ts";
export { asSecure, callerOf, guard, may, sameOrigin } from "./gate.ts";
export { hideNumbers } from "./hidden-numbers.ts";
export { createHttpServer, hurry, type ServerLimits } from "./http-server.ts";
export { createKeys, type Keys } from "./idempotency.ts";
export { compileValidator, readJson } from "./json-bodies.ts";
export { mount, type Handlers, type HandlersUnder } from "./mount.ts";
export { sendCsv } from "./send-csv.ts";
export { prepare, type Prepared } from "./prepared.ts";
export { readRange } from "./byte-range.ts";
export { mountUpload } from "./upload.ts";
