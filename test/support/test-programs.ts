import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../../src/base/base.ts";

const OUT_DIR = join(projectDir, "dist/test-programs");
const SUFFIX = "-process.ts";

/** The built program of `NAME-process.ts` in this folder, for a process of its own. */
export const testProgram = (name: string): string => join(OUT_DIR, `${name}.js`);

/**
 * All of them, once a run: started from their sources each process would transpile hundreds of modules anew, which is
 * most of what a test costs that starts ten.
 */
export async function buildTestPrograms(): Promise<void> {
  const { build } = await import("vite");
  const names = readdirSync(import.meta.dirname).filter((file) => file.endsWith(SUFFIX));
  await build({
    configFile: false,
    root: projectDir,
    logLevel: "warn",
    build: {
      ssr: true,
      outDir: OUT_DIR,
      target: "node20",
      minify: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: Object.fromEntries(
          names.map((file) => [file.slice(0, -SUFFIX.length), join(import.meta.dirname, file)]),
        ),
        output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
}
