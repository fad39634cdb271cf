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
    for (const element of document.querySelectorAll("body *:not(svg *):not(mark)")) {
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

/** What a finger has to hit and is smaller than 40 px, with the room around it in which nothing else is. */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const LEAST = 40;
    const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=switch], [role=radio], [role=checkbox], [role=menuitem], [role=tab]";
    const room = (element) => element.closest("label") ?? document.querySelector('label[for="' + element.id + '"]') ?? element;
    const found = [];
    for (const element of document.querySelectorAll(TARGETS)) {
      const style = getComputedStyle(element);
      if (style.visibility !== "visible" || element.closest("[inert], [hidden]")) continue;
      // A link within a sentence is as high as its line.
      if (style.display === "inline" && element.parentElement.textContent.trim() !== element.textContent.trim()) continue;
      const own = element.getBoundingClientRect();
      if (own.width === 0 || own.height === 0 || own.right <= 0 || own.left >= innerWidth) continue;
      const label = element.id ? room(element).getBoundingClientRect() : own;
      const before = getComputedStyle(element, "::after");
      const grown = before.content !== "none" && before.position === "absolute" ? [parseFloat(before.width), parseFloat(before.height)] : [0, 0];
      const width = Math.max(own.width, label.width, grown[0]);
      const height = Math.max(own.height, label.height, grown[1]);
      if (width >= LEAST - 0.5 && height >= LEAST - 0.5) continue;
      found.push(Math.round(width) + "x" + Math.round(height) + " " + element.tagName + "." + String(element.className?.baseVal ?? element.className).replace(/mantine-\\S+|m_\\w+/g, "").trim() + " " + (element.getAttribute("aria-label") ?? element.textContent).slice(0, 30));
    }
    return found;
  })()`);
}
