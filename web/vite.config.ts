import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { markdown } from "./markdown.ts";

/** Of what pages have in common, what the Inbox needs too. */
const SHARED =
  /@mantine[\\/](?:hooks[\\/]esm[\\/]use-(?:id|merged-ref|mounted|mutation-observer|uncontrolled)|core[\\/]esm[\\/]components[\\/](?:CloseButton|FloatingIndicator|Input|InputBase|SegmentedControl|Skeleton|TextInput))[\\/]|@tanstack/;

/** Of what the Inbox, and beside it a conversation, import at once: modules of these folders. */
const PARTS = [
  { name: "inbox", first: "inbox-page.tsx" },
  { name: "conversation", first: "chosen.tsx" },
];
const OF_PARTS = /web.src.(?:conversation|features.inbox)/;
const reached = new Map<string, Set<string>>();
/** The first part that a module belongs to; null: none. */
function partOf(id: string, importsOf: (id: string) => readonly string[]): string | null {
  if (!OF_PARTS.test(id)) return null;
  for (const { name, first } of PARTS) {
    let ids = reached.get(name);
    if (!ids) {
      ids = new Set([fileURLToPath(new URL(`src/features/inbox/${first}`, import.meta.url))]);
      reached.set(name, ids);
      for (const each of ids) for (const next of importsOf(each)) ids.add(next);
    }
    if (ids.has(id)) return name;
  }
  return null;
}

/** `npx vite build web` writes what the server serves; `npm run dev` serves the pages from their sources, before a Wharf. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), markdown(), keepPreviousAssets(), compress()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: false,
    manifest: true,
    // The Content-Security-Policy forbids inline scripts and `data:` fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Of a sub-module a page takes what it names, not all that the entry file passes on.
      treeshake: {
        moduleSideEffects: [{ test: /\/web\/src\/(?!app\/styles).*\.tsx?$/, sideEffects: false }],
      },
      output: {
        // The first file lists all others: their names alone would be a kilobyte of it.
        chunkFileNames: "assets/[hash].js",
        codeSplitting: {
          groups: [
            // What every page needs before anything else is one file, and so are the icons that pages share.
            { name: "base", tags: ["$initial"] },
            { name: "icons", test: /@tabler[\\/]icons/, minShareCount: 2 },
            // So is what most pages use: each small file more is another turn of waiting on a slow line.
            { name: "shared", test: SHARED, minShareCount: 7 },
            // And so is a page that is made of many of them, and what the ways to sign in share.
            {
              name: (id, context) => partOf(id, (of) => context.getModuleInfo(of)?.importedIds ?? []),
              includeDependenciesRecursively: false,
            },
            {
              name: "sign-in",
              test: /web.src.features.sign-in/,
              minShareCount: 2,
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api", "/webhooks", "/sign-in/link", "/healthz", "/readyz"].map((path) => [
        path,
        process.env["WHARF_DEV_TARGET"] ?? "http://127.0.0.1:3000",
      ]),
    ),
  },
});

/** Pages that are open during an upgrade go on asking for the assets that they came with: one build back is kept. */
function keepPreviousAssets(): Plugin {
  return {
    name: "keep-previous-assets",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      const record = join(dir, ".vite/assets.json");
      const previous = existsSync(record) ? (JSON.parse(readFileSync(record, "utf8")) as string[]) : [];
      const current = Object.keys(bundle);
      const kept = new Set([...current, ...previous]);
      for (const name of readdirSync(join(dir, "assets")))
        if (!kept.has(`assets/${name.replace(COMPRESSED, "")}`)) rmSync(join(dir, "assets", name));
      writeFileSync(record, JSON.stringify(current));
    },
  };
}

const COMPRESSED = /\.(?:br|gz)$/;
const COMPRESSIBLE = /\.(?:html|js|css|svg|json|txt|md)$/;
/** Less than this fits into the first packets anyway. */
const COMPRESS_FROM_BYTES = 512;

/** `x.js.br` and `x.js.gz` beside `x.js`, made once here, so that serving them costs nothing. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    enforce: "post",
    writeBundle({ dir = "" }) {
      const files = readdirSync(dir, { recursive: true, encoding: "utf8" });
      for (const name of files.filter((file) => COMPRESSIBLE.test(file) && !file.startsWith(".vite"))) {
        const path = join(dir, name);
        // A name under assets/ says its content.
        if (name.startsWith("assets") && existsSync(`${path}.br`)) continue;
        const plain = readFileSync(path);
        if (plain.length < COMPRESS_FROM_BYTES) continue;
        const hint = { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
        writeFileSync(`${path}.br`, brotliCompressSync(plain, { params: hint }));
        writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
      }
    },
  };
}
