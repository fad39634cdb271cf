import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import type { Product } from "../../support/product.ts";

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

function needChromium(): string {
  const path = findChromium();
  if (path) return path;
  throw new Error(
    "The browser tests need Chromium: install it (Debian: `apt-get install chromium`, macOS: `brew install --cask chromium`), or name one in CHROMIUM_PATH.",
  );
}

export interface Opened {
  context: BrowserContext;
  close: () => Promise<void>;
}

const USUAL: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, locale: "en-GB" };

/** One Chromium for all test files of a process, which ends with it: to start one takes longer than most tests. */
let shared: Promise<Browser> | null = null;

async function sharedChromium(): Promise<Browser> {
  const running = await shared?.catch(() => null);
  if (running?.isConnected()) return running;
  return (shared = chromium.launch({ executablePath: needChromium(), args: FLAGS }));
}

/** A visitor of its own in the shared Chromium: no cookie, nothing stored or cached by another. */
export async function visit(options: BrowserContextOptions = {}): Promise<Opened> {
  const browser = await sharedChromium();
  const context = await browser.newContext({ ...USUAL, ...options });
  openWindows(browser, context);
  return { context, close: () => context.close() };
}

/**
 * Each page gets a window of its own: a tab that another one covers is drawn once a second, and every click waits for two
 * such frames.
 */
function openWindows(browser: Browser, context: BrowserContext): void {
  const openTab = context.newPage.bind(context);
  let last: Promise<Page> | null = null;
  let browserContextId: string | undefined;
  const openNext = async (): Promise<Page> => {
    await last?.catch(() => {});
    if (browserContextId === undefined) {
      const page = await openTab();
      const session = await context.newCDPSession(page);
      ({ browserContextId } = (await session.send("Target.getTargetInfo")).targetInfo);
      await session.detach();
      return page;
    }
    const session = await browser.newBrowserCDPSession();
    const window = { url: "about:blank", browserContextId, newWindow: true };
    const [page] = await Promise.all([
      context.waitForEvent("page"),
      session.send("Target.createTarget", window),
    ]);
    await session.detach();
    return page;
  };
  context.newPage = () => (last = openNext());
}

/**
 * A Chromium and a profile of its own that starts empty, but for `preferences` of Chromium's, and is removed at the end.
 */
export async function launch(
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {},
  preferences?: object,
): Promise<Opened> {
  const executablePath = needChromium();
  const profile = mkdtempSync(join(tmpdir(), "wharf-browser-test-"));
  if (preferences) {
    mkdirSync(join(profile, "Default"));
    writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(preferences));
  }
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: FLAGS,
    ...USUAL,
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

export const PASSWORD = "four words in a row";

/** Enters by the one-time link and sets the password, so that every page of the context is the owner's. */
export async function signIn(product: Product, context: BrowserContext): Promise<void> {
  const entered = await context.request.post(product.sign_in_url ?? "there was no link");
  const saved = await context.request.post("/api/auth/set-password", {
    data: { password: PASSWORD },
    headers: { origin: product.url },
  });
  if (!entered.ok() || saved.status() !== 204) throw new Error("the one-time link did not let us in");
}
