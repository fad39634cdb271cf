import { expect, it } from "vitest";
import { OF_COLOURS, seriousFaults, setTheme } from "./support/axe.ts";
import { startAxeScene } from "./support/axe-scene.ts";
import { shapeless, tooSmall } from "./support/senses.ts";

/**
 * axe-core finds nothing serious on any page, in both themes, at the width of a desk and of a phone; a finger hits what it
 * is meant to; and in the system's own colours everything still has a shape. What opens over pages: axe-dialogs.test.ts.
 */

const { product, browser, conversation_id, endpoint_path } = await startAxeScene();
const { context } = browser;

const { body: journal } = await product.api("GET", "/api/v1/journal?limit=1");
const webhook_id = (journal["data"] as { id: string }[])[0]!.id;
const paths = [
  "/inbox",
  `/inbox/${conversation_id}`,
  "/inbox/01a22bad-35f5-71b1-be46-f24c63afb954",
  "/inbox?search=nothing-at-all",
  "/journal",
  `/journal/${webhook_id}`,
  "/journal/unmatched",
  "/settings/webhooks",
  `${endpoint_path}?tab=settings`,
  `${endpoint_path}?tab=overview`,
  `${endpoint_path}?tab=deliveries`,
  "/sandbox",
  "/simulator",
  "/start",
  "/settings",
  "/settings/api-keys",
  "/docs",
  "/docs/webhooks",
  "/no-such-page",
  "/sign-in",
  "/welcome",
];

it.each(paths)("%s", async (path) => {
  const page = await context.newPage();
  await page.goto(path);
  await page.locator("h1, h2").first().waitFor();
  await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), { timeout: 20_000 }).toBe(0);
  await setTheme(page, "light");
  expect(await seriousFaults(page), "1440 px, light").toEqual([]);
  await setTheme(page, "dark");
  expect(await seriousFaults(page, OF_COLOURS), "1440 px, dark").toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await seriousFaults(page), "390 px, dark").toEqual([]);
  // On a phone's screen.
  expect(await tooSmall(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await shapeless(page)).toEqual([]);
  await page.close();
});
