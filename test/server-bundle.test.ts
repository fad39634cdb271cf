import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";

const dir = join(projectDir, "dist/server");

/** The packages that are loaded with the module of a role or a command, before anything is asked of it. */
function packagesOf(name: string): Set<string> {
  if (!existsSync(dir)) throw new Error("dist/server is missing; run `npm run build` first");
  const files = readdirSync(dir).filter((file) => file.endsWith(".js"));
  const [first] = files.filter((file) => file.startsWith(`${name}-`));
  if (first === undefined) throw new Error(`the build has no ${name}`);
  const seen = new Set<string>();
  const packages = new Set<string>();
  const add = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(dir, file), "utf8");
    for (const [, from = ""] of text.matchAll(/^import (?:[^"]* from )?"([^"]+)";$/gm)) {
      if (from.startsWith("./")) add(from.slice(2));
      else if (!from.startsWith("node:"))
        packages.add(
          from
            .split("/")
            .slice(0, from.startsWith("@") ? 2 : 1)
            .join("/"),
        );
    }
  };
  add(first);
  return packages;
}

/** Those of `unwanted` that it loads all the same. */
const wrongIn = (name: string, unwanted: string[]) => {
  const found = packagesOf(name);
  return unwanted.filter((each) => found.has(each)).map((each) => `${name} loads ${each}`);
};
const SERVING = ["fastify", "@fastify/static", "@fastify/compress", "@fastify/swagger-ui"];
const SIGN_IN = ["better-auth", "@better-auth/api-key"];

it("a role loads what it needs and nothing else", () => {
  const wrong = [
    ...["pipeline-role", "sending-role", "delivery-role"].flatMap((role) =>
      wrongIn(role, [...SERVING, ...SIGN_IN, "@aws-sdk/client-s3", "commander"]),
    ),
    // People come later, or never.
    ...wrongIn("front-role", [...SIGN_IN, "@aws-sdk/client-s3", "uqr"]),
    ...wrongIn("simulator-role", [...SERVING, ...SIGN_IN, "jsonc-parser"]),
  ];
  expect(wrong).toEqual([]);
  expect([...packagesOf("front-role")]).toContain("fastify");
});

it("the supervisor loads hardly anything", () => {
  const unwanted = [...SERVING, ...SIGN_IN, "undici", "prom-client", "libphonenumber-js", "jsonc-parser"];
  expect(wrongIn("start", unwanted)).toEqual([]);
  expect([...packagesOf("start")]).toContain("pg");
});
