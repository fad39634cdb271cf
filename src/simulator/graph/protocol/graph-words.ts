import { tableOf } from "../../../base/base.ts";
import type { z } from "zod";
import { GraphFault, graphFault, missing } from "./graph-faults.ts";

type Issue = z.core.$ZodIssue;

/** Reads what a call says. Throws the fault of the first thing that Graph would refuse, in Graph's words. */
export function checked<Shape extends z.ZodType>(shape: Shape, value: unknown, root = ""): z.infer<Shape> {
  const read = shape.safeParse(value, { reportInput: true });
  if (read.success) return read.data;
  throw refused(read.error.issues[0]!, root);
}

/** Graph checks the form of a parameter, and WhatsApp its meaning: what a rule of ours says is WhatsApp's. */
function refused(issue: Issue, root: string): GraphFault {
  if (issue.code === "invalid_union" && issue.errors.length > 0)
    // Of several forms the one that fits best has the deepest fault.
    return refused(
      issue.errors
        .flat()
        .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
        .toSorted((left, right) => right.path.length - left.path.length)[0]!,
      root,
    );
  const name = nameOf(root, issue.path);
  if (isMissing(issue)) {
    if (root === "") return missing(name);
    return new GraphFault(131008, `The parameter ${name} is required.`);
  }
  if (issue.code === "custom") return new GraphFault(131009, issue.message);
  if (issue.code === "unrecognized_keys")
    return graphFault(`(#100) Unexpected key "${issue.keys[0]}" on param "${name}".`);
  return graphFault(`(#100) Param ${name} ${rule(issue)}`);
}

/** What was given; of objects that are told apart by a part, that part, which the path ends with. */
function given(issue: Issue): unknown {
  const { discriminator } = issue as { discriminator?: string };
  return discriminator === undefined
    ? issue.input
    : (issue.input as Record<string, unknown> | undefined)?.[discriminator];
}

const isMissing = (issue: Issue): boolean =>
  given(issue) === undefined && ["invalid_type", "invalid_value", "invalid_union"].includes(issue.code);

/** `interactive['action']['buttons'][0]`, as Graph names a part. */
function nameOf(root: string, path: readonly PropertyKey[]): string {
  const [first = "", ...rest] = root === "" ? path : [root, ...path];
  return `${String(first)}${rest.map((part) => (typeof part === "number" ? `[${part}]` : `['${String(part)}']`)).join("")}`;
}

const KINDS = tableOf<string>({
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "a boolean",
  array: "an array",
  object: "a JSON object",
  record: "a JSON object",
});

const EXCERPT_LENGTH = 100;

function excerpt(input: unknown): string {
  const text = JSON.stringify(input);
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text;
}

function rule(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? "of another type"}.`;
    case "too_big":
      if (issue.origin === "string") return `must be at most ${issue.maximum} characters long.`;
      if (issue.origin === "array") return `must have at most ${issue.maximum} elements.`;
      return `must be less than or equal to ${issue.maximum}.`;
    case "too_small":
      if (issue.origin === "string") return `must be at least ${issue.minimum} characters long.`;
      if (issue.origin === "array") return `must have at least ${issue.minimum} elements.`;
      return `must be greater than or equal to ${issue.minimum}.`;
    case "invalid_value":
      return `must be one of {${issue.values.map(String).join(", ").toUpperCase()}} - got ${excerpt(issue.input)}.`;
    case "invalid_union": {
      const { options } = issue as { options?: unknown[] };
      return options === undefined
        ? `is not valid - got ${excerpt(issue.input)}.`
        : `must be one of {${options.map(String).join(", ").toUpperCase()}} - got ${excerpt(given(issue))}.`;
    }
    case "invalid_format":
      return issue.format === "url" ? "should represent a valid URI" : "is not valid.";
    default:
      return "is not valid.";
  }
}
