import { Marked, type Tokens } from "marked";
import type { Plugin } from "vite";

/** A heading that one can link to. */
export interface Heading {
  id: string;
  text: string;
  depth: number;
}

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The anchor of a heading, as GitHub makes it: links in `docs/` work in both places. */
export const anchorOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

/** Other pages of `docs/` are pages of Wharf; a link to anything else in the repository becomes plain text. */
function linkOf(href: string): string | null {
  if (/^(https?:|#|\/)/.test(href)) return href;
  const [, name, anchor = ""] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  return name === undefined ? null : `/docs/${name}${anchor}`;
}

/** Markdown as the page shows it: the title apart, headings with anchors, code with a button that copies it. */
export function renderMarkdown(text: string): { title: string; html: string; headings: Heading[] } {
  const headings: Heading[] = [];
  let title = "";
  const plain = (tokens: Tokens.Generic[]): string =>
    tokens.map((token) => (token.tokens ? plain(token.tokens) : String(token["text"] ?? ""))).join("");
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const said = plain(tokens);
        if (depth === 1) {
          title = said;
          return "";
        }
        const id = anchorOf(said);
        headings.push({ id, text: said, depth });
        const link = `<a href="#${id}" aria-label="Link to ${escape(said)}">#</a>`;
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}${link}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens);
        const to = linkOf(href);
        if (to === null) return words;
        const away = to.startsWith("http") ? ' target="_blank" rel="noopener"' : "";
        return `<a href="${escape(to)}"${away}>${words}</a>`;
      },
      code({ text: code }) {
        return `<div class="code"><button type="button" data-copy>Copy</button><pre tabindex="0"><code>${escape(code)}</code></pre></div>\n`;
      },
      image: () => "",
    },
  });
  // A table that is too wide scrolls by itself.
  const html = (marked.parse(text) as string)
    .replaceAll("<table>", '<div class="wide" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>");
  return { title, html, headings };
}

/** `import page from "x.md"`: rendered while building, so that no Markdown is parsed in the browser. */
export function markdown(): Plugin {
  return {
    name: "markdown",
    enforce: "pre",
    transform(text, id) {
      if (!id.endsWith(".md")) return null;
      return { code: `export default ${JSON.stringify(renderMarkdown(text))}`, map: null, moduleType: "js" };
    },
  };
}
