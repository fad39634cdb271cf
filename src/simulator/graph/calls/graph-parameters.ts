import { Busboy } from "@fastify/busboy";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { type Body, graphFault, parsedJson } from "../protocol/protocol.ts";
import type { Medium } from "../state/state.ts";
import type { Call } from "./graph-server.ts";

/** What a call says, wherever Graph takes it from. */
export interface Parameters {
  values: Body;
  files: Record<string, Medium & { filename: string }>;
}

/** The query counts less than the body. Null counts as left out. */
export async function parametersOf(call: Call): Promise<Parameters> {
  const bytes = await call.read();
  const { values, files } =
    bytes.length === 0 ? { values: {}, files: {} } : await bodyOf(bytes, call.content_type);
  return { values: present({ ...Object.fromEntries(call.query), ...values }), files };
}

async function bodyOf(bytes: Buffer, content_type: string): Promise<Parameters> {
  if (/^multipart\/form-data/i.test(content_type)) return formOf(bytes, content_type);
  const text = bytes.toString();
  if (/^application\/x-www-form-urlencoded/i.test(content_type))
    return { values: Object.fromEntries(new URLSearchParams(text)), files: {} };
  try {
    const value = parsedJson(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { values: value as Body, files: {} };
  } catch {
    // The fault below tells it.
  }
  throw graphFault("(#100) The request's body is not a valid JSON object.");
}

/** A part with a file's name or type is a file, however its names are quoted. */
async function formOf(bytes: Buffer, content_type: string): Promise<Parameters> {
  const values: Body = {};
  const files: Promise<[string, Medium & { filename: string }]>[] = [];
  try {
    const form = new Busboy({ headers: { "content-type": content_type } });
    form.on("field", (name, value) => {
      values[name] = value;
    });
    form.on("file", (name, stream, filename, _, mime_type) => {
      files.push(buffer(stream).then((content) => [name, { bytes: content, mime_type, filename }]));
    });
    const done = once(form, "finish");
    form.end(bytes);
    await done;
    return { values, files: Object.fromEntries(await Promise.all(files)) };
  } catch {
    throw graphFault("(#100) The request's body is not valid multipart/form-data.");
  }
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
