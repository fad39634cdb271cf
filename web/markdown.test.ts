import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "./markdown.ts";

const dir = new URL("../docs/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, dir), "utf8");
const groups = JSON.parse(read("pages.json")) as { pages: { name: string; about: string }[] }[];
const names = groups.flatMap(({ pages }) => pages.map(({ name }) => name));
const rendered = new Map(names.map((name) => [name, renderMarkdown(read(`${name}.md`))]));

it("a page has its title apart, headings with GitHub's anchors, and code that can be copied", () => {
  const page = renderMarkdown(
    '# A *title*\n\n## What\'s `sent`, and when\n\nSee [tries](webhooks.md#tries), [code](../src/app.ts) and [Meta](https://example.com/?a=1&b=2).\n\n```sh\necho "<b>"\n```\n\n![x](images/x.png)\n',
  );
  expect(page.title).toBe("A title");
  expect(page.headings).toEqual([{ id: "whats-sent-and-when", text: "What's sent, and when", depth: 2 }]);
  expect(page.html).toContain('<h2 id="whats-sent-and-when">');
  expect(page.html).toContain('<a href="/docs/webhooks#tries">tries</a>, code and');
  expect(page.html).toContain(
    '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener">Meta</a>',
  );
  expect(page.html).toContain(
    '<button type="button" data-copy>Copy</button><pre tabindex="0"><code>echo &quot;&lt;b&gt;&quot;',
  );
  expect(page.html).not.toContain("<img");
  expect(page.html).not.toContain("<h1");
});

describe("the docs in the product", () => {
  it.each(names)("%s has a title, and its links lead somewhere", (name) => {
    const { title, html } = rendered.get(name)!;
    expect(title).not.toBe("");
    const broken = [...html.matchAll(/href="(?:\/docs\/([\w-]+))?(?:#([^"]*))?"/g)].filter(
      ([, page = name, anchor]) =>
        !rendered.has(page) ||
        (anchor !== undefined && !rendered.get(page)!.headings.some(({ id }) => id === anchor)),
    );
    expect(broken.map(([link]) => link)).toEqual([]);
    expect(html).not.toMatch(/undefined|\[object/);
  });

  it("are all that is in docs/, each once", () => {
    const files = readdirSync(dir).flatMap((file) =>
      file.endsWith(".md") ? [file.slice(0, -".md".length)] : [],
    );
    const byName = (a: string, b: string) => a.localeCompare(b);
    expect(names.toSorted(byName)).toEqual(files.toSorted(byName));
  });
});
