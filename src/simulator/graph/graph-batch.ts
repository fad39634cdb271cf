import { z } from "zod";
import {
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  JsonAnswer,
  faultOf,
  partsOf,
  readParameters,
} from "./calls/calls.ts";
import { answerOf, checked, graphFault } from "./protocol/protocol.ts";

const MOST_CALLS = 50;
const call = z.object({
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).default("GET"),
  relative_url: z.string(),
  body: z.string().optional(),
  name: z.string().optional(),
  omit_response_on_success: z.boolean().optional(),
});
const asked = z.object({ batch: z.array(z.unknown()).min(1).max(MOST_CALLS) });

/** Several calls in one, answered in their order; one that fails harms no other. */
export function batchPart(world: GraphWorld): GraphPart {
  return {
    rows: {
      async "POST root"(request) {
        const { batch } = await readParameters(request, asked);
        const answers: unknown[] = [];
        for (const each of batch) answers.push(await answerOne(world, request, each));
        return answers;
      },
    },
  };
}

async function answerOne(world: GraphWorld, request: GraphRequest, said: unknown): Promise<unknown> {
  const told = (code: number, value: unknown) => ({
    code,
    headers: [{ name: "Content-Type", value: "text/javascript; charset=UTF-8" }],
    body: JSON.stringify(value),
  });
  try {
    const each = checked(call, said);
    const url = addressOf(each.relative_url, request.base_url);
    const path = partsOf(url);
    if (/^v\d+\.\d+$/.test(path[0] ?? "")) path.shift();
    const body = each.body ?? "";
    if (path.length === 0) throw graphFault("(#100) A batch can't hold another batch");
    const value = await world.answer({
      method: each.method,
      path,
      query: url.searchParams,
      url: url.href,
      token: url.searchParams.get("access_token") ?? request.token,
      base_url: request.base_url,
      read: () => Promise.resolve(Buffer.from(body)),
      content_type: /^\s*\{/.test(body) ? "application/json" : "application/x-www-form-urlencoded",
      headers: {},
    });
    // An answer that is lost on the way: Graph tells of that call nothing.
    if (typeof value === "symbol") return null;
    if (value instanceof JsonAnswer) return told(value.http_status, value.body);
    return each.omit_response_on_success === true ? null : told(200, value);
  } catch (error) {
    const { http_status, body: fault } = answerOf(faultOf(error));
    return told(http_status, fault);
  }
}

function addressOf(relative_url: string, base_url: string): URL {
  const text = relative_url.replace(/^\/*/, "/");
  if (!URL.canParse(text, base_url)) throw graphFault(`Invalid relative_url: ${relative_url}`);
  return new URL(text, base_url);
}
