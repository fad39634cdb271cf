import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { projectDir } from "../../../src/base/base.ts";

/** The file of a part of the pages by its name. */
export function fileOf(name: string): string {
  const path = join(projectDir, "dist/web/.vite/manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Record<string, { name?: string; file: string }>;
  const part = Object.values(manifest).find((each) => each.name === name);
  if (!part) throw new Error(`the build has no ${name}`);
  return part.file;
}

export interface PageLoad {
  /** From the navigation to the paint of the largest thing, the newest that the browser named. */
  lcp_ms: number;
  /** By how much things moved that a person did not move: 0 is not at all, 0.1 is felt. */
  layout_shift: number;
  /** Each move that counts, and what moved: its markup, and its place before and after. */
  shifts: { value: number; of: string[] }[];
  /** Bytes on the wire, heads included. */
  wire_bytes: number;
  requests: number;
  /** What was fetched, in that order. */
  paths: string[];
}

export interface Line {
  rtt_ms: number;
  /** Both ways. */
  mbit_per_s: number;
}

/** Counts from before the page's own scripts; the browser hands out what happened earlier as well. */
const observe = `
  window.pageLoad = { lcp_ms: 0, shifts: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.pageLoad.lcp_ms = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  {
    const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join();
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries())
        if (!hadRecentInput)
          window.pageLoad.shifts.push({
            value,
            of: sources.map(({ node, previousRect, currentRect }) =>
              (node?.outerHTML ?? "?").slice(0, 90) + " " + place(previousRect) + " > " + place(currentRect)),
          });
    }).observe({ type: "layout-shift", buffered: true });
  }`;

/**
 * Opens `path` in a tab of its own as a first visit, with an empty cache, and measures until `ready` is
 * visible and nothing is under way any more but the live stream.
 */
export async function measureLoad(
  context: BrowserContext,
  path: string,
  ready: (page: Page) => Locator,
  { line, width }: { line?: Line | undefined; width?: number } = {},
): Promise<PageLoad> {
  const page = await context.newPage();
  if (width !== undefined) await page.setViewportSize({ width, height: width < 720 ? 844 : 900 });
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  if (line) {
    const bytes_per_s = (line.mbit_per_s * 1_000_000) / 8;
    await client.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: line.rtt_ms,
      downloadThroughput: bytes_per_s,
      uploadThroughput: bytes_per_s,
    });
  }
  const paths: string[] = [];
  let wire_bytes = 0;
  client.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url.startsWith("http")) paths.push(new URL(request.url).pathname);
  });
  client.on("Network.loadingFinished", ({ encodedDataLength }) => (wire_bytes += encodedDataLength));
  try {
    await page.addInitScript(observe);
    await page.goto(path);
    await ready(page).first().waitFor();
    await quiet(() => paths.length + wire_bytes);
    const { lcp_ms, shifts } = await page.evaluate<Pick<PageLoad, "lcp_ms" | "shifts">>("window.pageLoad");
    const layout_shift = shifts.reduce((sum, { value }) => sum + value, 0);
    return { lcp_ms, layout_shift, shifts, wire_bytes, requests: paths.length, paths };
  } finally {
    await page.close();
  }
}

const QUIET_MS = 500;

/** Until `progress` has stood still for half a second. */
async function quiet(progress: () => number): Promise<void> {
  for (let last = -1, since = Date.now(); Date.now() - since < QUIET_MS;) {
    if (progress() !== last) {
      last = progress();
      since = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
