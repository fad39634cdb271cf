import { tableOf } from "./table-of.ts";
import { z } from "zod";

type RawIssue = z.core.$ZodRawIssue;

const TYPES = tableOf<string>({
  string: "must be text",
  boolean: "must be true or false",
  array: "must be a list",
  tuple: "must be a list",
  object: "must be an object",
  record: "must be an object",
  date: "must be a time",
  null: "must be null",
});
const FORMATS = tableOf<string>({
  uuid: "must be a UUID",
  guid: "must be a UUID",
  url: "must be a URL",
  email: "must be an email address",
  datetime: "must be a time in ISO 8601, as 2026-11-30T08:15:00Z",
  date: "must be a date, as 2026-11-30",
  base64: "must be base64",
  ipv4: "must be an IPv4 address",
  ipv6: "must be an IPv6 address",
  json_string: "must be JSON",
});

/**
 * What is wrong with a value, as the end of a sentence that begins with its name: "must not be empty". Zod says so in its
 * place (below), wherever a schema has no words of its own.
 */
export function wordsOfIssue(issue: RawIssue): string {
  const { input } = issue;
  if (input === undefined && IF_MISSING.has(issue.code)) return "is required";
  switch (issue.code) {
    case "invalid_type":
      if (issue.expected === "number" || issue.expected === "int") return `must be ${numberOf(issue)}`;
      return TYPES[issue.expected] ?? `must be of the type ${issue.expected}`;
    case "too_small":
    case "too_big":
      return sizeOf(issue);
    case "invalid_value":
      return `must be ${oneOf(issue.values.map((value) => (value === null ? "null" : String(value))))}`;
    case "invalid_format":
      return formatOf(issue);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return `has no field ${issue.keys.map((key) => `\`${key}\``).join(" and no field ")}`;
    case "invalid_union":
      return unionOf(issue);
    case "invalid_key":
      return "has a name in it that is not allowed";
    case "invalid_element":
      return "has an item in it that is not allowed";
    default:
      return "is not valid";
  }
}

const IF_MISSING = new Set(["invalid_type", "invalid_value", "invalid_union"]);

/** `a whole number from 1 to 200`, as far as the schema has bounds. */
function numberOf({ schema, code, ...issue }: RawIssue): string {
  // Where zod keeps what a schema is made of.
  /* oxlint-disable no-underscore-dangle */
  const def = (schema?._zod.def ?? {}) as NumberRule & { checks?: { _zod: { def: NumberRule } }[] };
  const rules = [def, ...(def.checks ?? []).map((check) => check._zod.def)];
  /* oxlint-enable no-underscore-dangle */
  const isWhole =
    rules.some(({ format }) => format?.includes("int")) ||
    (code === "invalid_type" && issue["expected"] === "int");
  const kind = isWhole ? "a whole number" : "a number";
  const bound = (check: string) => rules.find((rule) => rule.check === check);
  const [least, most] = [bound("greater_than"), bound("less_than")];
  if (least?.inclusive && most?.inclusive) return `${kind} from ${least.value} to ${most.value}`;
  const bounds = [
    ...(least ? [`${least.inclusive ? "at least" : "more than"} ${least.value}`] : []),
    ...(most ? [`${most.inclusive ? "at most" : "less than"} ${most.value}`] : []),
  ];
  return bounds.length === 0 ? kind : `${kind}, ${bounds.join(" and ")}`;
}

interface NumberRule {
  check?: string;
  format?: string;
  value?: number;
  inclusive?: boolean;
}

function sizeOf(issue: RawIssue & { code: "too_small" | "too_big" }): string {
  const { origin, exact, inclusive } = issue;
  const bound = issue.code === "too_small" ? issue.minimum : issue.maximum;
  const isMost = issue.code === "too_big";
  if (["number", "int", "bigint"].includes(origin)) {
    if (issue.schema) return `must be ${numberOf(issue)}`;
    const side = isMost ? (inclusive ? "at most" : "less than") : inclusive ? "at least" : "more than";
    return `must be ${side} ${bound}`;
  }
  if (origin === "date") return `must be ${isMost ? "at the latest" : "at the earliest"} ${bound}`;
  const units = { string: "character", file: "byte", map: "entry", record: "entry" } as Record<
    string,
    string
  >;
  const unit = units[origin] ?? "item";
  if (!isMost && !exact && Number(bound) === 1) return "must not be empty";
  const many = Number(bound) === 1 ? unit : unit === "entry" ? "entries" : `${unit}s`;
  return `must have ${exact ? "exactly" : isMost ? "at most" : "at least"} ${bound} ${many}`;
}

function formatOf(issue: RawIssue & { format: string }): string {
  const { prefix, suffix, includes } = issue as { prefix?: string; suffix?: string; includes?: string };
  switch (issue.format) {
    case "starts_with":
      return `must start with ${prefix}`;
    case "ends_with":
      return `must end with ${suffix}`;
    case "includes":
      return `must contain ${includes}`;
    case "regex":
    case "template_literal":
      return "is not of the expected form";
    default:
      return FORMATS[issue.format] ?? `must be a valid ${issue.format.replaceAll("_", " ")}`;
  }
}

/** Of several forms the one that was most likely meant: the one in which the fault lies deepest. */
function unionOf(issue: RawIssue & { code: "invalid_union" }): string {
  const { options } = issue as { options?: unknown[] };
  if (Array.isArray(options) && options.length > 0) return `must be ${oneOf(options.map(String))}`;
  const [best] = issue.errors
    .filter(([first]) => first !== undefined)
    .toSorted(([left], [right]) => right!.path.length - left!.path.length);
  const [fault] = best ?? [];
  if (!fault) return "is not of one of the allowed forms";
  return fault.path.length === 0 ? fault.message : `is not valid: ${sentence(fault.path, fault.message)}`;
}

const oneOf = (values: readonly string[]): string =>
  values.length < 2
    ? (values[0] ?? "left out")
    : `one of ${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;

/** `` `content.body` must not be empty``: words of a schema's own stand behind a colon. */
export function sentence(path: readonly PropertyKey[], message: string, root = ""): string {
  const name = path.length === 0 ? root : `\`${path.map(String).join(".")}\``;
  if (PREDICATE.test(message)) return `${name} ${message}`.trim();
  if (path.length === 0) return message.charAt(0).toUpperCase() + message.slice(1);
  return `${name}: ${message}`;
}
const PREDICATE = /^(?:must|is|has|can|needs) /;

z.config({ localeError: wordsOfIssue });
