import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { markdown } from "./markdown.ts";

/** `npx vite build web` writes what the server serves; `npx vite web` serves the pages against a Wharf on port 3000. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), markdown(), keepPreviousAssets()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: false,
    manifest: true,
    // The Content-Security-Policy forbids inline scripts and `data:` fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api", "/webhooks", "/healthz", "/readyz"].map((path) => [path, "http://127.0.0.1:3000"]),
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
        if (!kept.has(`assets/${name}`)) rmSync(join(dir, "assets", name));
      writeFileSync(record, JSON.stringify(current));
    },
  };
}
