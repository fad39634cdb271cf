import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { projectDir } from "../../base/base.ts";
import { prepare, type Prepared } from "../http/http.ts";

interface Group {
  group: string;
  pages: { name: string; title: string; about: string }[];
}

const dir = join(projectDir, "docs");

/**
 * The docs as programs read them, open to everyone: `/llms.txt` lists the pages, `/docs/NAME.md` is one as it was written.
 * The page shows the same texts, rendered when it was built.
 */
export function mountDocs(app: FastifyInstance): void {
  const groups = JSON.parse(readFileSync(join(dir, "pages.json"), "utf8")) as Group[];
  const known = new Map<string, Promise<Prepared>>();
  const serve = (path: string, make: () => Promise<Prepared> | Prepared) =>
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      const document = known.get(path) ?? Promise.resolve(make());
      known.set(path, document);
      return (await document)(request, reply);
    });
  serve("/llms.txt", () => prepare("text/plain; charset=utf-8", listOf(groups)));
  for (const { name } of groups.flatMap(({ pages }) => pages))
    serve(`/docs/${name}.md`, async () =>
      prepare("text/markdown; charset=utf-8", await readFile(join(dir, `${name}.md`))),
    );
}

/** As llmstxt.org describes it. */
function listOf(groups: Group[]): string {
  const sections = groups.map(({ group, pages }) =>
    [
      `## ${group}`,
      "",
      ...pages.map(({ name, title, about }) => `- [${title}](/docs/${name}.md): ${about}`),
    ].join("\n"),
  );
  return `${[
    "# Wharf",
    "> A self-hosted hub for WhatsApp Business webhooks: it stores what Meta sends, shows it in an inbox, and passes every event on, signed and unchanged. It has an HTTP API to read and send messages.",
    ...sections,
    "## API",
    "- [OpenAPI](/api/openapi.json): Every route of the API, with its fields and answers",
  ].join("\n\n")}\n`;
}
