import type { z } from "zod";
import type { ReadFlow } from "../../contract/automation-runs.ts";
import type * as shapes from "../../contract/automations.ts";
import { FIRST_SETTINGS } from "../flow/flow.ts";
import { readsOf } from "./texts.ts";

/**
 * A flow as a file holds it, which may be damaged or of another version: what of it can't be read, by the step that it is
 * about, and the flow without that. `flow` is null where nothing is left.
 */
export function readFlow(flow: FlowSchema, value: unknown): ReadFlow {
  const read = flow.safeParse(value);
  if (read.success) return { flow: read.data, problems: [] };
  const problems = problemsOf(value, read.error.issues);
  const rest = flow.safeParse(withoutBroken(value, read.error.issues));
  return { flow: rest.success && rest.data.nodes.length > 0 ? rest.data : null, problems };
}

/** The contract's, as the API has it. */
type FlowSchema = Pick<typeof shapes.Flow, "safeParse">;
type Issue = z.core.$ZodIssue;
type Part = "nodes" | "edges" | "notes";
const PARTS: readonly Part[] = ["nodes", "edges", "notes"];

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** One sentence for each part that is broken, with the first place of it. */
function problemsOf(value: unknown, issues: readonly Issue[]): ReadFlow["problems"] {
  const problems = new Map<string, ReadFlow["problems"][number]>();
  for (const { path } of issues) {
    const [part = "", index] = path.map(String);
    const key = isPart(part) && index !== undefined ? `${part} ${index}` : part;
    if (!problems.has(key)) problems.set(key, problemAt(value, path.map(String)));
  }
  return [...problems.values()];
}

const isPart = (part: string): part is Part => PARTS.includes(part as Part);

function problemAt(value: unknown, path: readonly string[]): ReadFlow["problems"][number] {
  const [part = "", index, ...rest] = path;
  const place = rest.join(" › ");
  if (!isPart(part) || index === undefined) {
    const is_more = path.length === 0 && Object.keys(record(value)).length > 0;
    if (is_more) return { node_id: null, says: readsOf.more };
    const says = part === "settings" ? readsOf.settings(path.slice(1).join(" › ")) : readsOf.flow;
    return { node_id: null, says };
  }
  const thing = record(list(record(value)[part])[Number(index)]);
  const number = Number(index) + 1;
  if (part === "edges") return { node_id: null, says: readsOf.edge(text(thing["from"]), number) };
  if (part === "notes") return { node_id: null, says: readsOf.note(number) };
  const name = text(thing["name"]) || text(thing["id"]);
  const says =
    rest[0] === "type" ? readsOf.kind(name, number, text(thing["type"])) : readsOf.node(name, number, place);
  return { node_id: text(thing["id"]) || null, says };
}

/** Without the nodes, connections and notes that can't be read; broken settings are as of a new flow. */
function withoutBroken(value: unknown, issues: readonly Issue[]): unknown {
  const broken = new Set(issues.map(({ path }) => path.slice(0, 2).map(String).join(" ")));
  const given = record(value);
  const known = new Set(["nodes", "edges", "notes", "settings"]);
  const kept = Object.fromEntries(
    PARTS.map((part) => [part, list(given[part]).filter((_, index) => !broken.has(`${part} ${index}`))]),
  );
  const ids = new Set((kept["nodes"] ?? []).map((node) => record(node)["id"]));
  const settings = issues.some(({ path }) => path[0] === "settings") ? FIRST_SETTINGS : given["settings"];
  return {
    ...Object.fromEntries(Object.entries(given).filter(([key]) => known.has(key))),
    ...kept,
    edges: (kept["edges"] ?? []).filter(
      (edge) => ids.has(record(edge)["from"]) && ids.has(record(edge)["to"]),
    ),
    settings: settings ?? FIRST_SETTINGS,
  };
}
