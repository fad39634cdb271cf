import type { Body } from "./graph-calls.ts";
import { GraphFault } from "./graph-faults.ts";
import type { Call } from "./graph-server.ts";

/** What a call says, wherever Graph takes it from: the query counts less than the body. Null is left out. */
export async function parametersOf(call: Call): Promise<Body> {
  const bytes = await call.read();
  const said = bytes.length === 0 ? {} : bodyOf(bytes.toString(), call.content_type);
  return present({ ...Object.fromEntries(call.query), ...said });
}

function bodyOf(text: string, content_type: string): Body {
  if (content_type.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Body;
  } catch {
    // The fault below tells it.
  }
  throw new GraphFault(100, "The request's body is not valid JSON.");
}

/** Without what is null, at any depth. */
function present<T>(value: T): T {
  if (Array.isArray(value)) return value.map((part: unknown) => present(part)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([name, part]) => [name, present(part as unknown)]),
  ) as T;
}
