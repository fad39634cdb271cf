import { parsedJson } from "../protocol/protocol.ts";

/** What Meta says of a Flow JSON that isn't right, with its place. */
export interface FlowError {
  error: string;
  error_type: string;
  message: string;
  line_start: number;
  line_end: number;
  column_start: number;
  column_end: number;
  pointers: {
    line_start: number;
    line_end: number;
    column_start: number;
    column_end: number;
    path: string;
  }[];
}

/**
 * Of the rules for Flow JSON those that a client meets first: it is JSON, has a version and screens, each screen has
 * an id of its own and a layout, and one of them ends the flow.
 */
export function validateFlow(text: string): FlowError[] {
  let flow: unknown;
  try {
    flow = parsedJson(text);
  } catch {
    return [errorAt(text, "", "INVALID_JSON", "JSON_ERROR", "The Flow JSON is no valid JSON.")];
  }
  const property = (path: string, message: string, error = "INVALID_PROPERTY") =>
    errorAt(text, path, error, "FLOW_JSON_ERROR", message);
  if (!isObject(flow)) return [property("", "The Flow JSON must be an object.")];
  const errors: FlowError[] = [];
  if (typeof flow["version"] !== "string" || !/^\d+\.\d+$/.test(flow["version"]))
    errors.push(property("version", "The property 'version' must be a version, for example 7.0."));
  const { screens } = flow;
  if (!Array.isArray(screens) || screens.length === 0)
    return [...errors, property("screens", "The property 'screens' must hold at least one screen.")];
  const ids = new Set<unknown>();
  screens.forEach((screen: unknown, at) => {
    const path = `screens[${at}]`;
    if (!isObject(screen)) return void errors.push(property(path, `${path} must be an object.`));
    const { id, layout } = screen;
    if (typeof id !== "string" || !/^[A-Z_a-z]+$/.test(id) || id === "SUCCESS")
      errors.push(property(`${path}.id`, "A screen's id must be letters and underscores, and not SUCCESS."));
    if (ids.has(id))
      errors.push(property(`${path}.id`, `Duplicate screen id '${String(id)}'.`, "DUPLICATE_SCREEN_ID"));
    ids.add(id);
    if (!isObject(layout) || layout["type"] !== "SingleColumnLayout" || !Array.isArray(layout["children"]))
      errors.push(
        property(
          `${path}.layout`,
          "Invalid value found for property 'layout': it must be a SingleColumnLayout with children.",
          "INVALID_PROPERTY_VALUE",
        ),
      );
  });
  if (!screens.some((screen) => isObject(screen) && screen["terminal"] === true))
    errors.push(property("screens", "At least one screen must be terminal.", "MISSING_TERMINAL_SCREEN"));
  return errors;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The place is that of the path's last name, where it stands in the text. */
function errorAt(text: string, path: string, error: string, error_type: string, message: string): FlowError {
  const name = /(\w+)(?:\[\d+\])?$/.exec(path)?.[1];
  const at = name === undefined ? 0 : Math.max(0, text.indexOf(`"${name}"`));
  const before = text.slice(0, at).split("\n");
  const line = before.length;
  const column = before.at(-1)!.length + 1;
  const place = {
    line_start: line,
    line_end: line,
    column_start: column,
    column_end: column + (name?.length ?? 0) + 2,
  };
  return { error, error_type, message, ...place, pointers: [{ ...place, path }] };
}
