import { type Body, graphFault, unknownField } from "../protocol/protocol.ts";
import type { GraphRequest } from "./graph-world.ts";

/** A kind of object, as `fields` may ask for it. */
export interface NodeType {
  /** Meta's name of it. */
  name: string;
  /** What is answered when no fields are asked for; everything, when left out. */
  usual?: readonly string[];
  /** What may be asked for, and is left out where there is none. */
  more?: readonly string[];
}

type Asked = Pick<GraphRequest, "query">;

/** What `fields` asks for, the id always. Throws the fault of a field that objects of this type don't have. */
export function chosen({ query }: Asked, node: Body, type: NodeType): Body {
  const fields = fieldsOf(query.get("fields")) ?? type.usual;
  if (fields === undefined) return node;
  const unknown = fields.find((field) => !Object.hasOwn(node, field) && type.more?.includes(field) !== true);
  if (unknown !== undefined) throw unknownField(unknown, type.name);
  return Object.fromEntries(Object.entries(node).filter(([name]) => name === "id" || fields.includes(name)));
}

/** `a,b{c,d},e.limit(5)`: the names before what is said of their insides. Null: none were asked for. */
function fieldsOf(asked: string | null): string[] | undefined {
  let outer = asked ?? "";
  for (let before = ""; before !== outer;) {
    before = outer;
    outer = outer.replaceAll(/\{[^{}]*\}|\([^()]*\)/g, "");
  }
  const fields = outer
    .split(",")
    .map((field) => field.trim().split(".")[0]!)
    .filter((field) => field !== "");
  return fields.length === 0 ? undefined : fields;
}

const USUAL_LIMIT = 25;
const MOST = 1_000;

/**
 * A page as Graph cuts it: by cursors, with whole URLs to its neighbours. Like Meta's they go to the address that was
 * asked and hold the token, so that they can be followed as they are.
 */
export function page(
  request: Pick<GraphRequest, "query" | "url" | "token">,
  items: readonly unknown[],
  /** What `summary` may ask for beside `total_count`. */
  sums: Body = {},
): Body {
  const { query, url, token } = request;
  const summary = summaryOf(query.get("summary"), { total_count: items.length, ...sums });
  const asked = query.get("limit") ?? String(USUAL_LIMIT);
  const limit = Math.min(MOST, Number(asked));
  if (!/^\s*\+?\d+\s*$/.test(asked) || limit < 1)
    throw graphFault("(#100) Param limit must be a positive integer");
  const after = placeOf(query.get("after"));
  const before = placeOf(query.get("before"));
  const end = before === null ? items.length : Math.min(before, items.length);
  const from = before === null ? (after ?? -1) + 1 : Math.max(0, end - limit);
  const to = Math.min(end, from + limit);
  const data = items.slice(from, to);
  const neighbour = (cursor: "after" | "before", at: number) => {
    const link = new URL(url);
    link.searchParams.delete("after");
    link.searchParams.delete("before");
    link.searchParams.set("access_token", token);
    link.searchParams.set("limit", String(limit));
    link.searchParams.set(cursor, cursorOf(at));
    return link.href;
  };
  if (data.length === 0) return { data, ...summary };
  return {
    data,
    paging: {
      cursors: { before: cursorOf(from), after: cursorOf(to - 1) },
      ...(to < items.length ? { next: neighbour("after", to - 1) } : {}),
      ...(from > 0 ? { previous: neighbour("before", from) } : {}),
    },
    ...summary,
  };
}

/** `true` asks for the count alone. */
function summaryOf(asked: string | null, sums: Body): { summary?: Body } {
  const names = fieldsOf(asked === "true" || asked === "1" ? "total_count" : asked);
  if (names === undefined || asked === "false" || asked === "0") return {};
  const unknown = names.find((name) => !Object.hasOwn(sums, name));
  if (unknown !== undefined) throw unknownField(unknown, "Summary");
  return { summary: Object.fromEntries(names.map((name) => [name, sums[name]])) };
}

const cursorOf = (at: number) => Buffer.from(`item:${at}`).toString("base64url");

function placeOf(cursor: string | null): number | null {
  if (cursor === null || cursor === "") return null;
  const at = /^item:(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString())?.[1];
  if (at === undefined) throw graphFault("(#2642) Invalid cursors values", 2642);
  return Number(at);
}
