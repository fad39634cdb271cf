import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { projectDir } from "../../base/base.ts";
import { createGraphStandIn, createSimulator, NUMBERS } from "../simulator.ts";

const docs = readFileSync(join(projectDir, "docs/simulator.md"), "utf8");
const simulator = createSimulator({ target_url: "http://127.0.0.1:9/", app_secret: "s" });
const standIn = createGraphStandIn({ simulator });
afterAll(async () => {
  await standIn.stop();
  await simulator.stop();
});

/** How a page names a kind of object. */
const PLACES: Readonly<Record<string, string>> = { root: "", application: "{app}" };
const NAMES = ["app", "debug_token", "oauth", "signups", "message_template_library"];

/** `POST number messages` is `POST /{number}/messages`, and what one of several has stands for a star. */
function pathOf(row: string): string {
  const [method, kind = "", edge = ""] = row.split(" ");
  const object = PLACES[kind] ?? (NAMES.includes(kind) ? kind : `{${kind}}`);
  const star = kind === "signups" ? "{signup}" : "{code}";
  return `${method} /${[object, ...edge.split("/").map((part) => (part === "*" ? star : part))].filter((part) => part !== "").join("/")}`;
}

/** The calls of a table's first column: a method alone is one of the next path's. */
function callsOf(table: string): string[] {
  const calls: string[] = [];
  for (const line of table.split("\n").filter((each) => each.startsWith("| `"))) {
    let methods: string[] = [];
    for (const [, span = ""] of line.split(" | ")[0]!.matchAll(/`([^`]+)`/g)) {
      const [method = "", path] = span.split(" ");
      methods.push(method);
      if (path === undefined) continue;
      calls.push(...methods.map((each) => `${each} ${path}`));
      methods = [];
    }
  }
  return calls;
}

const section = docs.slice(docs.indexOf("### What it answers"), docs.indexOf("### Options"));
const [has = "", lacks = ""] = section.split("It doesn't have Meta's other calls");

describe("docs/simulator.md", () => {
  it("has exactly the calls that the simulator has (C)", () => {
    const rows = standIn.rows.filter((row) => !row.includes(" public "));
    expect(callsOf(has).toSorted()).toEqual(rows.map(pathOf).toSorted());
  });

  it("says of no call that it lacks it which the simulator has (C)", async () => {
    const missing = callsOf(lacks);
    expect(missing.length).toBeGreaterThan(5);
    const url = await standIn.listen(0);
    for (const call of missing) {
      const [method = "", path = ""] = call.split(" ");
      const { phone_number_id, waba_id } = NUMBERS[0]!;
      const answer = await fetch(
        `${url}/v27.0${path.replace("{account}", waba_id).replace("{number}", phone_number_id)}`,
        { method, headers: { authorization: "Bearer T" } },
      );
      expect({ call, status: answer.status, ...((await answer.json()) as object) }).toMatchObject({
        call,
        status: 400,
        error: { code: 100 },
      });
    }
  });
});
