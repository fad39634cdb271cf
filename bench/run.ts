/**
 * `npm run bench -- <name> [options]`: runs bench/<name>.ts. Each prints ratios of things measured in turn in one run,
 * because absolute numbers of a shared machine say little.
 */
import { readdir } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";

const extension = extname(fileURLToPath(import.meta.url));
const names = (await readdir(dirname(fileURLToPath(import.meta.url))))
  .filter(
    (file) => file.endsWith(extension) && !file.endsWith(`.test${extension}`) && file !== `run${extension}`,
  )
  .map((file) => file.slice(0, -extension.length));

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`Which? npm run bench -- ${names.join(" | ")}`);
  process.exitCode = 2;
} else {
  const bench = (await import(`./${name}${extension}`)) as { default: (args: string[]) => Promise<void> };
  await bench.default(args);
}
