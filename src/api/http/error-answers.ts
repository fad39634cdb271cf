import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { Problem, problems, sentence, tableOf } from "../../base/base.ts";

/** Sends the RFC 9457 document of `problem`. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, title } = problems[problem.code];
  if (problem.retry_after_s !== undefined) reply.header("retry-after", String(problem.retry_after_s));
  if (problem.code === "UNAUTHENTICATED") reply.header("www-authenticate", 'Bearer realm="wharf"');
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send({
      type: `/api/errors#${problem.code}`,
      title,
      status,
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      code: problem.code,
      request_id: reply.request.id,
      ...problem.more,
    });
}

/** Whatever goes wrong is answered as a problem; an internal error is logged under the request's id. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Who left in the midst of its own body reads no answer, and nothing of ours went wrong.
  const problem = hasLeft(error, request)
    ? new Problem("INVALID_REQUEST", "The request ended before its body was there.")
    : problemOf(error, request);
  if (problem.code === "INTERNAL") request.log.error(traceOf(error), "a request failed");
  if (problem.code === "UNAVAILABLE")
    request.log.warn(
      { reason: error.message },
      NO_ANSWER.test(error.message) ? "every database connection was in use" : "the database is away",
    );
  if (problem.code === "INVALID_REQUEST" && isPage(request))
    return reply.header("cache-control", "no-store").redirect("/no-such-page");
  return sendProblem(reply, problem);
}

/** A person who follows a broken link is shown a page that says so, and no problem document. */
function isPage({ method, url, headers }: FastifyRequest): boolean {
  return (
    method === "GET" && !/^\/(?:api|webhooks)\//.test(url) && headers.accept?.includes("text/html") === true
  );
}

function hasLeft(error: FastifyError, { raw }: FastifyRequest): boolean {
  return error.code === "ECONNRESET" && raw.destroyed && !raw.complete;
}

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseAway(error))
    return new Problem("UNAVAILABLE", "The database can't be reached just now.", { cause: error });
  if (hasZodFastifySchemaValidationErrors(error)) {
    const whole = WHOLES[error.validationContext ?? "body"] ?? "The request";
    const sentences = error.validation.map(({ instancePath, message = "is not valid" }) => {
      const path = instancePath.split("/").filter((part) => part !== "");
      return `${sentence(path, message, whole)}.`;
    });
    return new Problem("INVALID_REQUEST", sentences.slice(0, 5).join(" "));
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem("BODY_TOO_LARGE", `The limit is ${request.routeOptions.bodyLimit} bytes.`);
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new Problem("INVALID_REQUEST", "The body is empty; send JSON, or leave out the content-type.");
    case "FST_ERR_BAD_URL":
      return new Problem("INVALID_REQUEST", "The address is not a valid URL.");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Problem("UNSUPPORTED_MEDIA_TYPE");
    // The API's pool has a `statement_timeout`.
    case "57014":
      return new Problem("QUERY_TIMEOUT", undefined, { cause: error });
    // A number or a time that no column holds, or nesting that PostgreSQL can't follow.
    case "22003":
    case "22007":
    case "22008":
    case "54001":
      return new Problem("INVALID_REQUEST", "A value lies outside of what can be stored or searched for.");
    // Text that PostgreSQL can't hold.
    case "22021":
    case "22P05":
      return new Problem("INVALID_REQUEST", "Text must not contain the character U+0000.");
  }
  if (error instanceof SyntaxError || error.code === "FST_ERR_CTP_INVALID_JSON_BODY") {
    return new Problem("INVALID_REQUEST", "The body is not JSON.");
  }
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500
    ? new Problem("INVALID_REQUEST", error.message)
    : new Problem("INTERNAL", undefined, { cause: error });
}

const WHOLES = tableOf<string>({
  body: "The body",
  querystring: "The query",
  params: "The address",
  headers: "The header",
});

/** Without PostgreSQL's `detail`, which quotes the values of the row. */
function traceOf({ code, stack }: FastifyError) {
  return { code, stack };
}

/** The words of pg for a wait in its pool, and for a statement on a dead line; a connection that cannot be made has others. */
const NO_ANSWER = /^(?:timeout exceeded when trying to connect|Query read timeout)/;

const away = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "25P03",
  "57P05",
]);

/** PostgreSQL is not there, starting, stopping, or out of connections: no one's fault, and it passes. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (
    away.has(code) ||
    code.startsWith("08") ||
    error.message.startsWith("Connection terminated") ||
    NO_ANSWER.test(error.message) ||
    (error instanceof AggregateError && error.errors.every(isDatabaseAway))
  );
}
