// Builds the server: what a role needs in few files, as hundreds of modules take longer to find than to run. Packages stay
// where they are. `npm run check` has looked at the types.
import { build } from "vite";
import { projectDir } from "./project.js";

await build({
  configFile: false,
  root: projectDir,
  logLevel: "warn",
  build: {
    ssr: "src/main.ts",
    outDir: "dist/server",
    target: "node20",
    sourcemap: true,
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      // No module of ours, nor a package that we use, is there for what loading it does: what nothing asks for is left out.
      treeshake: { moduleSideEffects: false },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
