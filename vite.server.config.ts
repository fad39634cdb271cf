import { defineConfig } from "vite";

/**
 * The server as it runs: what a role needs in few files, as hundreds of modules take longer to find than to run. Packages
 * stay where they are. `npm run check` looks at the types.
 */
export default defineConfig({
  build: {
    ssr: "src/main.ts",
    outDir: "dist/server",
    target: "node20",
    sourcemap: true,
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      // No module of ours, nor a package that we use, is there for what loading it does: what is asked for by none is left out.
      treeshake: { moduleSideEffects: false },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
