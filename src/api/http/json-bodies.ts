import type { FastifyInstance } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { isDeeperThan, Problem } from "../../base/base.ts";

const BODY_DEPTH = 100;
const ESCAPED_HALF = /\\u[dD][89a-fA-F]/;

/** Fastify hands over a body that is not there as null; a contract's default stands in for undefined. */
export const compileValidator: typeof validatorCompiler = (route) => {
  const validate = validatorCompiler(route);
  return (data) => validate(data ?? undefined);
};

/** Bodies are JSON. A POST that says everything in its path may still call its nothing JSON. */
export function readJson(app: FastifyInstance): void {
  app.removeContentTypeParser("text/plain");
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    // Deeper than anything that is asked for, and shallow enough for all that walks through it.
    else if (isDeeperThan(body, BODY_DEPTH))
      done(new Problem("INVALID_REQUEST", `body: nested deeper than ${BODY_DEPTH} levels`));
    else
      void parse(request, body, (error, value) => {
        // JSON can say half of a character, and nothing can store it.
        if (error && isJson(body))
          done(
            new Problem(
              "INVALID_REQUEST",
              "body: no field may be called __proto__, nor constructor with a prototype",
            ),
          );
        else if (!error && ESCAPED_HALF.test(body) && !isWellFormed(value))
          done(new Problem("INVALID_REQUEST", "body: a text holds half of a character (a lone surrogate)"));
        else done(error, value);
      });
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, part]) => name.isWellFormed() && isWellFormed(part));
}
