import axe, { type Result } from "axe-core";
import type { Page } from "playwright-core";

/** Every change of the page is done at once: what is halfway between two looks has the contrast of neither. */
export const atOnce = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
})()`;

/** As `prefers-color-scheme` says, once the page has followed it: Wharf's own pages and the API reference each by a mark. */
export async function setTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  const reference = theme === "dark" ? "html.dark-mode" : "html:not(.dark-mode):has(.swagger-ui)";
  await page.locator(`[data-mantine-color-scheme=${theme}], ${reference}`).first().waitFor();
}

/** The rules whose answer depends on the theme. */
export const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * What axe-core calls serious or critical on the page as it stands, one line each, with all movement ended; by all rules,
 * or by those that are named.
 */
export async function seriousFaults(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(`void (window.axe ?? (() => {${axe.source}\n})())`);
  await page.evaluate(atOnce);
  // Without fetching the page's style sheets and sounds once more: no rule that finds anything serious asks for them.
  const options = JSON.stringify({
    resultTypes: ["violations"],
    preload: false,
    ...(rules && { runOnly: rules }),
  });
  const violations = await page.evaluate<Result[]>(
    `axe.run(document, ${options}).then((found) => found.violations)`,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(" ")}: ${failureSummary}`),
    );
}

/** All rules in the light theme, and those of colours in the dark one too. */
export async function faultsInBothThemes(page: Page): Promise<string[]> {
  await setTheme(page, "light");
  const light = await seriousFaults(page);
  await setTheme(page, "dark");
  return [...light, ...(await seriousFaults(page, OF_COLOURS)).map((fault) => `dark: ${fault}`)];
}
