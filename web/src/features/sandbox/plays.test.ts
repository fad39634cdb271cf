import { describe, expect, it } from "vitest";
import { playOfFile, SAMPLES, withCaption } from "./plays.ts";

const MB = 1024 * 1024;
const file = (mime_type: string, size_bytes = 1_000) =>
  Object.keys(playOfFile({ id: "1", mime_type, size_bytes, sha256: "" }, "name"))[0];

describe("a file of the customer's own goes as WhatsApp's phones send it", () => {
  it.each([
    ["image/jpeg", 5 * MB, "image"],
    ["image/jpeg", 5 * MB + 1, "document"],
    ["image/heic", 1_000, "document"],
    ["video/mp4", 16 * MB, "video"],
    ["video/mp4", 17 * MB, "document"],
    ["video/webm", 1_000, "document"],
    ["audio/ogg; codecs=opus", 1_000, "audio"],
    ["audio/flac", 1_000, "document"],
    ["image/webp", 400_000, "sticker"],
    ["image/webp", MB, "document"],
    ["text/html", 1_000, "document"],
    ["", 1_000, "document"],
  ])("%s of %i bytes as %s", (mime_type, size_bytes, kind) => {
    expect(file(mime_type, size_bytes)).toBe(kind);
  });
});

it("what was written is the caption of what can have one", () => {
  expect(withCaption(SAMPLES.image, "Look")).toEqual({ image: { sample: true, caption: "Look" } });
  expect(withCaption(SAMPLES.plain, "Look")).toMatchObject({
    document: { mime_type: "text/plain", caption: "Look" },
  });
  expect(withCaption(SAMPLES.voice, "Look")).toBeNull();
  expect(withCaption(SAMPLES.voice, "")).toBe(SAMPLES.voice);
});
