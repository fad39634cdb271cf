/** Texts of the docs' pages. What they tell is in docs/*.md, their titles in docs/pages.json. */

export const DOCS = {
  title: "Docs",
  lead: "Guides for this version of Wharf. Programs read them at /llms.txt.",
  nav: "Docs",
  on_this_page: "On this page",
  reference: "API reference",
  reference_about: "Every route, with its fields and answers",
  raw: "View as Markdown",
  all: "All docs",
  copied: "Copied",
  copy_failed: "Copy it by hand",
  copy: "Copy",
  missing_title: "There is no such page in the docs",
  missing: "The address may be mistyped.",
};
