import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { problems, projectDir } from "../src/base/base.ts";
import { checkMedium } from "../src/meta/meta.ts";

interface Text {
  says: string;
  advice: string | null;
}

const page = <T>(file: string) => import(join(projectDir, "web/src/lib/server", file)) as Promise<T>;
const { fetchProblemTexts, problemText } = await page<{
  fetchProblemTexts: () => Promise<void>;
  problemText: (problem: { code: string; detail: string | null }) => Text;
}>("common-problem-texts.ts");
await fetchProblemTexts();
const { problemOf, wordsOf } = await page<{
  problemOf: (status: number, parsed: unknown) => Promise<Error>;
  wordsOf: (error: Error) => string;
}>("api.ts");

const textOf = (code: string, detail: string | null = null) => problemText({ code, detail });

it("every problem of the API has a sentence for people, and none of them speaks of requests and fields", () => {
  const unknown = textOf("NO_SUCH_CODE").says;
  const texts = Object.keys(problems).map((code) => ({ code, ...textOf(code) }));
  expect(texts.filter(({ says }) => says === unknown)).toEqual([]);
  const technical = /`|\bAPI\b|Bearer|\bdetail\b|MIME|\bJSON\b|\bbody\b/i;
  expect(texts.filter(({ says, advice }) => technical.test(`${says} ${advice ?? ""}`))).toEqual([]);
});

it("what the server says is never part of the words", async () => {
  const problem = await problemOf(400, {
    code: "INVALID_REQUEST",
    title: "The request can't be taken as it is; `detail` says what is wrong.",
    detail: "params.id: Invalid UUID",
    request_id: "01a2",
  });
  expect(wordsOf(problem)).toBe("Wharf could not use what was entered. Check it and try again.");
  expect(problem.message).toBe(wordsOf(problem));
});

it("a problem without a sentence of its own, and one inside Wharf, names the request", async () => {
  const of = async (code: string) =>
    wordsOf(await problemOf(500, { code, title: "boom", detail: "at x.ts:3", request_id: "01a2" }));
  expect(await of("INTERNAL")).toContain("(request 01a2)");
  expect(await of("HTTP_599")).toContain("(request 01a2)");
  expect(await of("HTTP_599")).not.toContain("boom");
});

it("a refused file is told by its kind or its size, without lists of types", () => {
  const of = (file: Parameters<typeof checkMedium>[0]) => {
    const { says, advice } = textOf("MEDIA_INVALID", checkMedium(file).join(" "));
    return [says, advice].filter(Boolean).join(" ");
  };
  expect(of({ type: "document", mime_type: "application/x-ms-dos-executable", size_bytes: 9 })).toBe(
    "This kind of file can't be sent. Send a PDF, Office file or text.",
  );
  expect(of({ type: "image", mime_type: "image/jpeg", size_bytes: 9_000_000 })).toBe(
    "The file is too large: 8.6 MB. WhatsApp takes up to 5 MB for a photo.",
  );
  expect(of({ type: "video", mime_type: "video/webm", size_bytes: 9 })).toBe(
    "This kind of video can't be sent. Send an MP4.",
  );
  expect(of({ type: "document", mime_type: "application/pdf", size_bytes: 0 })).toBe("The file is empty.");
});

it("a refused header is named as it was written", () => {
  expect(textOf("HEADER_NOT_ALLOWED", '"Host": it is set by Wharf.').says).toBe(
    "The header Host can't be set: it is set by Wharf.",
  );
});

/** Their titles are true beside each detail that is given: that only says more. */
const HOLDS = new Set([
  "EDITED_MEANWHILE",
  "INTERNAL",
  "MASTER_KEY_MISSING",
  "MEDIA_MISSING",
  "MEDIA_UNAVAILABLE",
  "META_AWAY",
  "META_UNSURE",
  "NAME_TAKEN",
  "TEMPLATE_EDITED_MEANWHILE",
  "TEMPLATE_INVALID",
  "TEMPLATE_REFUSED",
  "NOT_FOUND",
  "QUERY_TIMEOUT",
  "RANGE_OUTSIDE",
  "SIMULATOR_AWAY",
  "SIMULATOR_BUSY",
  "TEMPLATE_BLOCKED",
  "TOO_MANY_READERS",
  "TOO_MANY_REQUESTS",
  "UNAVAILABLE",
]);

it("a title leaves to `detail` what a detail says, so the two never contradict each other", () => {
  const wrong = new Set<string>();
  let seen = 0;
  for (const file of readdirSync(join(projectDir, "src"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const source = readFileSync(join(projectDir, "src", file), "utf8");
    for (const [, code = ""] of source.matchAll(/new Problem\(\s*"([A-Z_]+)",\s*(?!undefined|[{)])/g)) {
      seen++;
      if (!HOLDS.has(code) && !problems[code as keyof typeof problems].title.includes("`detail`"))
        wrong.add(code);
    }
  }
  expect(seen).toBeGreaterThan(50);
  expect([...wrong]).toEqual([]);
});
