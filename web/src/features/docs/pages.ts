import groups from "../../../../docs/pages.json";

export interface DocsPage {
  title: string;
  html: string;
  headings: { id: string; text: string; depth: number }[];
}

/** Rendered while building (web/markdown.ts), a chunk each. */
const files = import.meta.glob<{ default: DocsPage }>("../../../../docs/*.md");

export { groups };

/** Null: there is no such page. */
export async function loadPage(name: string): Promise<DocsPage | null> {
  const listed = groups.some(({ pages }) => pages.some((page) => page.name === name));
  const load = files[`../../../../docs/${name}.md`];
  return listed && load ? (await load()).default : null;
}
