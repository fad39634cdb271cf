import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";

/** There is a standard or a plainer word for each: pending, fix, which, no process, worker, queue, lease … */
const BANNED = [
  /(?<![\w-])(?:owed|owes|owe|mend|mends|mended|whom|whoever|nobody|somebody|lanes?|settles?|settled|as in life|what becomes of|wharf made a mistake|come further|once more than)(?!\w)/i,
  /\b(?:owe|mend|settle)[A-Z]|[a-z](?:Owed|Lanes?|Settled?)\b|takeThrough|(?:^|_)(?:lanes?|owed|settled)(?:_|$)/,
];

/** Proper uses, each with its file. */
const ALLOWED: readonly [file: RegExp, line: RegExp][] = [
  // The system's user of that name.
  [/^(?:docs\/configuration\.md|src\/db\/embedded-place\.ts)$/, /nobody/],
  // A payment.
  [/^(?:docs\/meta-errors\.md|src\/meta\/errors\/error-codes\.ts)$/, /Settle the payment|is settled/],
  // A promise is settled, and so is a mutation.
  [/./, /\b(?:allSettled|onSettled)\b/],
  [/^src\/db\/embedded-process\.ts$/, /Settles when it is gone/],
  [/^test\/words\.test\.ts$/, /./],
];

const FOLDERS = ["src", "web/src", "docs", "bench", "scripts", "test", ".github"];
const files = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(projectDir, folder), { encoding: "utf8", recursive: true })
      .map((path) => join(folder, path))
      .filter((path) => /\.(?:tsx?|js|css|md|json|ya?ml)$/.test(path) && !path.startsWith("test/fixtures/")),
  ),
];

it("code, comments, documents and texts use the field's words", () => {
  expect(files.length).toBeGreaterThan(900);
  const found = files.flatMap((path) =>
    readFileSync(join(projectDir, path), "utf8")
      .split("\n")
      .map((line, index) => ({ line, at: `${path}:${index + 1}` }))
      .filter(
        ({ line }) =>
          BANNED.some((word) => word.test(line)) &&
          !ALLOWED.some(([file, use]) => file.test(path) && use.test(line)),
      )
      .map(({ line, at }) => `${at}: ${line.trim().slice(0, 160)}`),
  );
  expect(found).toEqual([]);
});
