// `npm test` (everything), `npm test -- src/inbox --project db` (the tests that these name) and `npm run check` (all but
// the tests). Ends in one line: `N passed, N failed`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, checkNode, install, projectDir, step, stop, tool } from "./project.js";

const only_checks = process.argv.includes("--only-checks");
/** For vitest: parts of paths, or its options. */
const chosen = process.argv.slice(2).filter((each) => each !== "--only-checks");
const passed = [];
const failed = [];

checkNode();
try {
  await install();
} catch (error) {
  stop(error.message);
}

if (chosen.length === 0) {
  await check("Types", () => step("Types", tool("typescript", ["-b"], "tsc")));
  await check("Lint", () =>
    step(
      "Lint",
      tool("oxlint", [
        "--type-aware",
        "--deny-warnings",
        "--report-unused-disable-directives",
        ...existing("src", "test", "web", "bench", "scripts"),
      ]),
    ),
  );
  await check("Format", () => step("Format", tool("oxfmt", ["--check", "."])));
  await check("Dead code", () => step("Dead code", tool("knip", [])));
}
if (!only_checks) {
  await check("Build", build);
  const needs_browser = chosen.length === 0 || chosen.some((each) => each.includes("browser"));
  const browser = needs_browser ? await findBrowser() : null;
  const tests = await runTests(browser);
  passed.push(...tests.passed);
  failed.push(...tests.failed);
}
if (failed.length > 0) console.log(`\nFailed:\n${failed.map((name) => `  ${name}`).join("\n")}`);
console.log(`\n${passed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);

async function check(name, work) {
  try {
    await work();
    passed.push(name);
  } catch (error) {
    console.log(error.message);
    failed.push(name);
  }
}

function existing(...paths) {
  return paths.filter((path) => existsSync(join(projectDir, path)));
}

/** The tests' Chromium, installed where that is possible without asking; null when there is none. */
async function findBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const find = () =>
    [
      process.env.CHROMIUM_PATH,
      ...names.map((name) => which(name)),
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ].find((path) => path && existsSync(path)) ?? null;
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const apt = (args) => ({
      file: "apt-get",
      args,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    await check("Chromium", async () => {
      await step("Looking for Chromium", apt(["update", "-qq"]));
      await step("Installing Chromium", apt(["install", "-y", "-qq", "--no-install-recommends", "chromium"]));
    });
  } else {
    console.log(
      "No Chromium here, so the browser tests are skipped: install it (Debian: `sudo apt-get install chromium`, macOS: `brew install --cask chromium`), or name one in CHROMIUM_PATH.",
    );
  }
  return find();
}

function which(name) {
  const { status, stdout } = spawnSync("which", [name], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

async function runTests(browser) {
  const results = join(projectDir, "dist", "test-results.json");
  mkdirSync(join(projectDir, "dist"), { recursive: true });
  rmSync(results, { force: true });
  const started_ms = Date.now();
  console.log("Tests …");
  const { file, args } = tool("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...chosen,
  ]);
  const code = await new Promise((resolve) => {
    const env = { ...process.env, ...(browser ? { CHROMIUM_PATH: browser } : {}) };
    const child = spawn(file, args, { cwd: projectDir, env, stdio: ["ignore", "inherit", "inherit"] });
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    child.on("error", () => resolve(1));
    child.on("exit", (status) => resolve(status ?? 1));
  });
  console.log(
    `Tests: ${code === 0 ? "done" : "failed"} in ${((Date.now() - started_ms) / 1000).toFixed(1)} s`,
  );
  const tests = { passed: [], failed: [] };
  if (existsSync(results)) {
    for (const file of JSON.parse(readFileSync(results, "utf8")).testResults) {
      const name = file.name.replace(`${projectDir}/`, "");
      // A file that does not even load has no tests.
      if (file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"))
        tests.failed.push(name);
      for (const { fullName, status } of file.assertionResults) {
        if (status === "passed") tests.passed.push(fullName);
        else if (status === "failed") tests.failed.push(`${name}: ${fullName}`);
      }
    }
  }
  if (code !== 0 && tests.failed.length === 0)
    tests.failed.push("vitest ended with an error outside of a test");
  return tests;
}
