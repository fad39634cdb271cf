import type { Body } from "./graph-calls.ts";

/** What `fields` asks for; the id always. */
export function chosen(node: Body, query: URLSearchParams): Body {
  const fields = query
    .get("fields")
    ?.replaceAll(/\{[^}]*\}/g, "")
    .split(",")
    .map((field) => field.trim());
  if (fields === undefined) return node;
  return Object.fromEntries(Object.entries(node).filter(([name]) => name === "id" || fields.includes(name)));
}

/** A page as Graph cuts it: by a cursor, with a whole URL to the next. */
export function page(items: readonly unknown[], query: URLSearchParams): Body {
  const limit = Math.max(1, Math.min(100, Number(query.get("limit") ?? 25) || 25));
  const from = Number(Buffer.from(query.get("after") ?? "", "base64url").toString() || 0);
  const cursor = (at: number) => Buffer.from(String(at)).toString("base64url");
  const to = Math.min(items.length, from + limit);
  return {
    data: items.slice(from, to),
    paging: {
      cursors: { before: cursor(from), after: cursor(to) },
      ...(to < items.length ? { next: `https://graph.facebook.com/next?after=${cursor(to)}` } : {}),
    },
  };
}
