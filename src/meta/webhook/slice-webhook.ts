import { type Node, parseTree } from "jsonc-parser";
import type { ItemPath } from "../events.ts";
import { inferField, listsOf } from "./webhook-fields.ts";
import { readText } from "../json/json.ts";

/**
 * The webhook with only these items: every kept part is a slice of the original text, so digits, escapes and key
 * order stay as Meta wrote them. Lists hold the kept items alone; a list, change or entry with nothing kept is left
 * out; the rest of the envelope (`object`, `id`, `time`, `field`, `metadata`, `contacts`, what Meta adds one day)
 * stays in its order. `body` must be one that `readWebhook` accepts.
 */
export function sliceWebhook(body: Buffer, keep: readonly ItemPath[]): Buffer {
  const text = readText(body);
  const root = text === null ? undefined : parseTree(text, [], { disallowComments: true });
  if (text === null || root?.type !== "object")
    throw new Error("Only a webhook that can be read can be sliced");
  return Buffer.from(new Slicer(text, keep).webhook(root), "utf8");
}

class Slicer {
  readonly #text: string;
  /** Kept paths by `entry.change`. */
  readonly #kept = new Map<string, ItemPath[]>();

  constructor(text: string, keep: readonly ItemPath[]) {
    this.#text = text;
    for (const path of keep) {
      const place = `${path.entry}.${path.change}`;
      const paths = this.#kept.get(place);
      if (paths) paths.push(path);
      else this.#kept.set(place, [path]);
    }
  }

  webhook(root: Node): string {
    return this.#object(root, (name, node) =>
      name === "entry" && node.type === "array"
        ? this.#array(node, (entry, index) => this.#entry(entry, index))
        : this.#slice(node),
    );
  }

  #entry(node: Node, entry: number): string | null {
    let kept = false;
    const text = this.#object(node, (name, part) => {
      if (name !== "changes" || part.type !== "array") return this.#slice(part);
      return this.#array(part, (change, index) => {
        const paths = this.#kept.get(`${entry}.${index}`);
        kept ||= paths !== undefined;
        return paths ? this.#change(change, paths) : null;
      });
    });
    return kept ? text : null;
  }

  #change(node: Node, paths: readonly ItemPath[]): string {
    const members = membersOf(node);
    const value = members.get("value")?.value;
    if (value?.type !== "object") return this.#slice(node);
    const parts = membersOf(value);
    const named: unknown = members.get("field")?.value.value;
    const field = typeof named === "string" && named !== "" ? named : inferField([...parts.keys()]);
    const arrays = [...parts].filter(([, part]) => part.value.type === "array").map(([name]) => name);
    const lists = new Set(field === null ? [] : listsOf(field, arrays));
    if (lists.size === 0) return this.#slice(node);
    return this.#object(node, (name, part) => {
      if (name !== "value") return this.#slice(part);
      return this.#object(value, (key, inner) => {
        if (!lists.has(key)) return this.#slice(inner);
        const indexes = new Set(paths.filter((path) => path.list === key).map((path) => path.index));
        if (indexes.size === 0) {
          // An empty list belongs to the value itself.
          return inner.children?.length === 0 && paths.some((path) => path.list === null)
            ? this.#slice(inner)
            : null;
        }
        return this.#array(inner, (item, index) => (indexes.has(index) ? this.#slice(item) : null));
      });
    });
  }

  /** The object with what `part` says for each value; null leaves the member out. */
  #object(node: Node, part: (name: string, value: Node) => string | null): string {
    const members: string[] = [];
    for (const [name, { key, value }] of membersOf(node)) {
      const text = part(name, value);
      if (text !== null) members.push(`${this.#slice(key)}:${text}`);
    }
    return `{${members.join(",")}}`;
  }

  #array(node: Node, part: (item: Node, index: number) => string | null): string {
    const items = (node.children ?? []).map(part).filter((text) => text !== null);
    return `[${items.join(",")}]`;
  }

  #slice(node: Node): string {
    return this.#text.slice(node.offset, node.offset + node.length);
  }
}

/** An object's members by name; of a name that comes twice the last one counts, as in `JSON.parse`. */
function membersOf(node: Node): Map<string, { key: Node; value: Node }> {
  const members = new Map<string, { key: Node; value: Node }>();
  for (const property of node.type === "object" ? (node.children ?? []) : []) {
    const [key, value] = property.children ?? [];
    if (key && value) members.set(String(key.value), { key, value });
  }
  return members;
}
