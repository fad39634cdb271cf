import axe, { type Result } from "axe-core";
import type { Page } from "playwright-core";

/** One that is paused never ends. */
const atRest = `Promise.race([
  Promise.all(
    document.getAnimations()
      .filter((each) => each.playState === "running" && each.effect?.getTiming().iterations !== Infinity)
      .map((each) => each.finished.catch(() => {})),
  ),
  new Promise((resolve) => setTimeout(resolve, 2_000)),
])`;

/**
 * What axe-core calls serious or critical on the page as it stands, one line each. It waits until what moves has come to
 * rest, as half-transparent text has half its contrast.
 */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  await page.evaluate(atRest);
  const violations = await page.evaluate<Result[]>(
    "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations)",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(" ")}: ${failureSummary}`),
    );
}
