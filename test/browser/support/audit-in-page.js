// Runs inside a page. What WCAG asks of everything that can be operated, as far as a query can tell.
(() => {
  const found = [];
  const shown = (element) => element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true });
  const told = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const named = (element) => {
    const by = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    const texts = [
      element.getAttribute("aria-label"),
      ...by.map((id) => document.getElementById(id)?.textContent),
      ...[...(element.labels ?? [])].map((label) => label.textContent),
      element.matches("input, textarea, select") ? element.getAttribute("title") : element.textContent,
    ];
    return texts.some((text) => text?.trim());
  };
  for (const element of document.querySelectorAll(
    "button, a[href], input:not([type=hidden]), textarea, select, [role=button], [role=menuitem], [role=dialog], [role=log]",
  )) {
    if (shown(element) && !named(element)) found.push(`without a name: ${told(element)}`);
  }
  for (const element of document.querySelectorAll("img:not([alt])"))
    found.push(`without alt: ${told(element)}`);
  for (const element of document.querySelectorAll("[tabindex]")) {
    if (element.tabIndex > 0) found.push(`jumps the order of Tab: ${told(element)}`);
  }
  for (const element of document.querySelectorAll("[aria-hidden=true] :is(button, a[href], input)")) {
    if (shown(element) && element.tabIndex >= 0) found.push(`hidden, yet reached by Tab: ${told(element)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index)))
    found.push(`an id twice: ${id}`);
  const headings = [...document.querySelectorAll("h1")].filter(shown);
  if (headings.length === 0) found.push("no h1");
  if (document.querySelectorAll("main").length !== 1) found.push("not exactly one main");
  if (!document.documentElement.lang) found.push("no language");
  if (!document.title) found.push("no title");
  return found;
})();
