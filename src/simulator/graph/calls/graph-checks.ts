import { z } from "zod";
import { type Body, checked, graphFault, missing, parsedJson } from "../protocol/protocol.ts";
import type { GraphRequest } from "./graph-world.ts";

/** What a call has to name. */
export function required(body: Body, name: string): string {
  const value = body[name];
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value === "") throw missing(name);
  return value;
}

/** Calls of the Cloud API name the product that they are for. */
export function requireProduct(body: Body): void {
  if (required(body, "messaging_product").toLowerCase() !== "whatsapp")
    throw invalidParameter("messaging_product", "must be one of {WHATSAPP}");
}

export const invalidParameter = (name: string, rule: string) => graphFault(`(#100) Param ${name} ${rule}`);

/** What the call says, in this shape. Throws a GraphFault that names the parameter. */
export async function readParameters<Shape extends z.ZodType>(
  request: GraphRequest,
  shape: Shape,
): Promise<z.infer<Shape>> {
  return checked(shape, decodedParts(await request.parameters()));
}

/** Graph takes lists and objects as their JSON in a string, too. */
function decodedParts(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return [name, value];
      try {
        return [name, parsedJson(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}

/** Ids and numbers come as JSON has them, or as text. */
export const word = z.union([z.string(), z.number().transform(String)]);
