import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, expect } from "vitest";
import { projectDir } from "../../../src/base/base.ts";
import { createProduct, type Product } from "../../support/product.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The Chromium named by CHROMIUM_PATH, or one that is installed; undefined when there is none. */
export function findChromium(): string | undefined {
  const dirs = (process.env["PATH"] ?? "").split(delimiter);
  const places = [
    process.env["CHROMIUM_PATH"],
    ...NAMES.flatMap((name) => dirs.map((dir) => join(dir, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return places.find((path) => path && existsSync(path));
}

/** A profile of its own that starts empty and is removed at the end. */
export async function launch(
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {},
): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error(
      "The browser tests need Chromium: install it (Debian: `apt-get install chromium`, macOS: `brew install --cask chromium`), or name one in CHROMIUM_PATH.",
    );
  }
  const profile = mkdtempSync(join(tmpdir(), "wharf-browser-test-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export interface Browser {
  context: BrowserContext;
  open(path: string): Promise<Page>;
  /** What the pages complained of since the last look: errors in the console, thrown ones, violations of the CSP. */
  complaints(): string[];
}

export interface Suite {
  product: Product;
  browser: Browser;
}

/**
 * The whole product in its sandbox, and a browser; for one test file, which awaits it at its top. `expected` are
 * complaints that its tests provoke on purpose.
 */
export async function startSuite(expected: RegExp[] = []): Promise<Suite> {
  const product = await createProduct({ sandbox: true });
  const undo: (() => Promise<unknown>)[] = [() => product.remove()];
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  afterAll(stop);
  try {
    const { context, close } = await launch({ baseURL: product.url });
    undo.push(close);
    context.setDefaultTimeout(8_000);
    // What the browser shows when a test fails: dist/browser-failures/.
    afterEach(async ({ task }) => {
      if (task.result?.state !== "fail") return;
      const name = join(projectDir, "dist/browser-failures", task.name.replace(/\W+/g, "-").slice(0, 60));
      for (const [index, page] of context.pages().entries())
        await page.screenshot({ path: `${name}-${index}.png` });
    });
    await product.start();
    return { product, browser: watch(context, expected) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function watch(context: BrowserContext, expected: RegExp[]): Browser {
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (!expected.some((each) => each.test(text))) complaints.push(text);
  };
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complain(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => complain(`thrown: ${String(error.error())}`));
  return {
    context,
    async open(path) {
      const page = await context.newPage();
      await page.goto(path);
      return page;
    },
    complaints: () => complaints.splice(0),
  };
}

export const PASSWORD = "four words in a row";

/** Enters by the one-time link and sets the password, so that every page of the context is the owner's. */
export async function signIn(product: Product, context: BrowserContext): Promise<void> {
  const entered = await context.request.get(product.sign_in_url ?? "there was no link");
  expect(entered.ok()).toBe(true);
  const saved = await context.request.post("/api/auth/set-password", {
    data: { password: PASSWORD },
    headers: { origin: product.url },
  });
  expect(saved.status()).toBe(204);
}
