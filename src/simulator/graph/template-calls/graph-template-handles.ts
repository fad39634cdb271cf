import { tableOf } from "../../../base/base.ts";
import { GraphFault } from "../protocol/protocol.ts";
import type { UploadShelf } from "../state/state.ts";

const FITTING = tableOf<RegExp>({
  IMAGE: /^image\/(?:jpe?g|png)$/,
  VIDEO: /^video\/mp4$/,
  DOCUMENT: /^application\/pdf$/,
});

type Part = Record<string, unknown>;
const partsOf = (value: unknown): Part[] =>
  Array.isArray(value) ? value.filter((part): part is Part => typeof part === "object" && part !== null) : [];

/**
 * Each header that is a file, also of a carousel's cards, names as its example the handle of an uploaded file of that
 * kind. URLs and ids of media are no handles: Meta answers as if there were no example (subcode 2388273).
 */
export function checkHeaderHandles(uploads: UploadShelf, components: unknown): void {
  for (const part of partsOf(components)) {
    const type = String(part["type"]).toUpperCase();
    if (type === "CAROUSEL")
      for (const card of partsOf(part["cards"])) checkHeaderHandles(uploads, card["components"]);
    const format = String(part["format"]).toUpperCase();
    const fitting = FITTING[format];
    if (type !== "HEADER" || !fitting) continue;
    const { header_handle } = (part["example"] ?? {}) as { header_handle?: unknown };
    const handles = typeof header_handle === "string" ? [header_handle] : header_handle;
    if (!Array.isArray(handles) || handles.length === 0) throw withoutExample(format);
    for (const handle of handles as unknown[]) {
      const file = typeof handle === "string" ? uploads.byHandle(handle) : undefined;
      if (!file || !fitting.test(file.mime_type)) throw withoutExample(format);
    }
  }
}

const withoutExample = (format: string) =>
  new GraphFault(
    100,
    `Templates with ${format} header type need an example/sample, but it was not provided. Upload a file with the Resumable Upload API and name its handle in example.header_handle.`,
    { subcode: 2_388_273, user_title: "Message template header is missing a sample" },
  );
