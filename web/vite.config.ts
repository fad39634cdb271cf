import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `npx vite build web` writes what the server serves; `npx vite web` serves the pages against a Wharf on port 3000. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
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
