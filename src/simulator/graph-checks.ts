import type { z } from "zod";
import type { Body, GraphRequest } from "./graph-calls.ts";
import { GraphFault } from "./graph-faults.ts";

/** `(#100) The parameter … is required.`, as Graph says it of each that is missing. */
export function required(body: Body, name: string): string {
  const value = body[name];
  if (value === undefined || value === "") throw new GraphFault(100, `The parameter ${name} is required.`);
  return String(value);
}

/** Calls of the Cloud API name the product that they are for. */
export function requireProduct(body: Body): void {
  if (required(body, "messaging_product") !== "whatsapp")
    throw new GraphFault(100, "Param messaging_product must be one of {WHATSAPP} - got another value.");
}

/** What the call says, in this shape. Throws a GraphFault that names the parameter. */
export async function readParameters<Shape extends z.ZodType>(
  request: GraphRequest,
  shape: Shape,
): Promise<z.infer<Shape>> {
  const body = await request.parameters();
  const read = shape.safeParse(decodedParts(body));
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  const name = issue.path.join(".");
  if (issue.code === "invalid_type" && issue.message.endsWith("undefined")) required({}, name);
  throw new GraphFault(100, `Param ${name}: ${issue.message}`);
}

/** Graph takes lists and objects as their JSON in a string, too. */
function decodedParts(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return [name, value];
      try {
        return [name, JSON.parse(value) as unknown];
      } catch {
        return [name, value];
      }
    }),
  );
}
