import type { Page } from "playwright-core";

/**
 * What only a background shows, and is gone where the system's own colours replace it: chips, badges, bubbles, chosen
 * rows. Each must have an edge there, or keep its colour on purpose.
 */
export async function shapeless(page: Page): Promise<string[]> {
  await page.evaluate(`(() => {
    const clear = (color) => /, 0\\)$/.test(color);
    const ground = (element) => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if (!clear(color)) return color;
      }
    };
    for (const element of document.querySelectorAll("body *:not(svg *, mark, code, pre, [class*=skip])")) {
      const { width, height } = element.getBoundingClientRect();
      const { backgroundColor, visibility } = getComputedStyle(element);
      if (width < 4 || height < 4 || width > 600 || height > 160 || visibility !== "visible") continue;
      if (!clear(backgroundColor) && backgroundColor !== ground(element)) element.dataset.shape = "";
    }
  })()`);
  await page.emulateMedia({ forcedColors: "active" });
  try {
    return await page.evaluate<
      string[]
    >(`[...document.querySelectorAll("[data-shape]")].flatMap((element) => {
      delete element.dataset.shape;
      const style = getComputedStyle(element);
      const edge = (side) => parseFloat(style["border" + side + "Width"]) > 0;
      const has_edge = ["Top", "Bottom", "Left", "Right"].some(edge) || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
      if (has_edge || style.forcedColorAdjust === "none") return [];
      return [element.tagName + "." + String(element.className) + " " + element.textContent.slice(0, 30)];
    })`);
  } finally {
    await page.emulateMedia({ forcedColors: "none" });
  }
}

/**
 * What a finger has to hit, and where 40 px around its middle are not all its own. Links within a text are as high as
 * their lines, and what lies beside the screen isn't touched.
 */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const REACH = 19;
    const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const found = [];
    const is = (element, hit) => hit !== null && (element.contains(hit) || hit.contains(element) && hit.matches("label, td, th, .mantine-Input-input") ||
      (element.labels && [...element.labels].some((label) => label.contains(hit))));
    for (const element of document.querySelectorAll(TARGETS)) {
      const { display, visibility, opacity } = getComputedStyle(element);
      if (display === "inline" && element.matches("p *, td *, dd *, li a") && element.tagName === "A") continue;
      const label = element.labels && [...element.labels].find((each) => each.offsetWidth > 0);
      const shown = element.offsetWidth > 2 && opacity !== "0" ? element : label;
      if (visibility !== "visible" || element.closest("[inert], [hidden]") || !shown) continue;
      shown.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const { left, top, width, height } = shown.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      if (x <= 0 || x >= innerWidth || y <= 0 || y >= innerHeight) continue;
      const middle = document.elementFromPoint(x, y);
      // Under something else, or a part of it.
      if (!is(element, middle) && !is(shown, middle)) continue;
      const points = [[x, y - REACH], [x, y + REACH], [x - REACH, y], [x + REACH, y]];
      const missed = points.filter(([px, py]) => {
        if (px < 0 || px >= innerWidth || py < 0 || py >= innerHeight) return false;
        const hit = document.elementFromPoint(px, py);
        return !is(element, hit) && !is(shown, hit);
      });
      if (missed.length > 0)
        found.push(Math.round(width) + "x" + Math.round(height) + " " + element.tagName + "." + String(element.className).replace(/mantine-\\S+|m_\\w+/g, "").trim() + " " +
          (element.getAttribute("aria-label") ?? element.textContent).slice(0, 30));
    }
    return found;
  })()`);
}
