import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { Problem, problems, sentence, tableOf } from "../../base/base.ts";
import { isInfrastructure, OUT_OF_RANGE, QUERY_CANCELED, UNSTORABLE_TEXT } from "../../db/db.ts";

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
  // The API's pool has a `statement_timeout`.
  if (error.code === QUERY_CANCELED) return new Problem("QUERY_TIMEOUT", undefined, { cause: error });
  if (isInfrastructure(error))
    return new Problem("UNAVAILABLE", "The database can't be reached just now.", { cause: error });
  if (OUT_OF_RANGE.has(error.code))
    return new Problem("INVALID_REQUEST", "A value lies outside of what can be stored or searched for.");
  if (UNSTORABLE_TEXT.has(error.code))
    return new Problem("INVALID_REQUEST", "Text must not contain the character U+0000.");
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

/** The words of pg for a wait in its pool, and for a statement on a dead line; a connection that can't be made has others. */
const NO_ANSWER = /^(?:timeout exceeded when trying to connect|Query read timeout)/;
