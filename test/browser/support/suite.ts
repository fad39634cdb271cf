import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach } from "vitest";
import { projectDir } from "../../../src/base/base.ts";
import { createTestDatabase } from "../../support/database.ts";
import { createProduct, type Product } from "../../support/product.ts";
import { visit } from "./chromium.ts";
import { WITHOUT_CHANCE } from "./meta.ts";

export interface Browser {
  context: BrowserContext;
  /** What the pages complained of since the last look: errors in the console, thrown ones, violations of the CSP. */
  complaints(): string[];
}

export interface Suite {
  product: Product;
  browser: Browser;
}

/**
 * The whole product in its sandbox, and a browser; for one test file, which awaits it at its top. `expected` are
 * complaints that its tests provoke on purpose. Each message is delivered unless `by_chance`. Its database is a clone on
 * the tests' server, unless it runs a PostgreSQL of its own.
 */
export async function startSuite(
  expected: RegExp[] = [],
  {
    by_chance = false,
    own_postgresql = false,
    env = {},
  }: { by_chance?: boolean; own_postgresql?: boolean; env?: Record<string, string> } = {},
): Promise<Suite> {
  const database = own_postgresql ? {} : { database_url: (await createTestDatabase({ max: 1 })).url };
  const product = await createProduct({ sandbox: true, env, ...database });
  const undo: (() => Promise<unknown>)[] = [() => product.remove()];
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  afterAll(stop);
  try {
    const { context, close } = await visit({ baseURL: product.url });
    undo.push(close);
    context.setDefaultTimeout(20_000);
    // What the browser shows when a test fails: dist/browser-failures/.
    afterEach(async ({ task }) => {
      if (task.result?.state !== "fail") return;
      const name = join(projectDir, "dist/browser-failures", task.name.replace(/\W+/g, "-").slice(0, 60));
      for (const [index, page] of context.pages().entries())
        await page.screenshot({ path: `${name}-${index}.png` });
    });
    await product.start();
    if (!by_chance) await product.api("PATCH", "/api/v1/sandbox/simulator", WITHOUT_CHANCE);
    return { product, browser: watch(context, expected) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The simulator starts last, also after a restart: until then a page is told so. */
const SIMULATOR_AWAY = /503 .*\/api\/v1\/sandbox\b/;

function watch(context: BrowserContext, expected: RegExp[]): Browser {
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (![SIMULATOR_AWAY, ...expected].some((each) => each.test(text))) complaints.push(text);
  };
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complain(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => complain(`thrown: ${String(error.error())}`));
  return {
    context,
    complaints: () => complaints.splice(0),
  };
}
