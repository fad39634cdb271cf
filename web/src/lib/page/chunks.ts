import { lazyRouteComponent } from "@tanstack/react-router";
import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import { inTab } from "./kept.ts";
import { whenReachable } from "./reachable.ts";
import { reloadPage } from "./reload.ts";

/**
 * Parts of the pages that are fetched when they are needed. Fetching fails while Wharf restarts or the line is away, and
 * after an upgrade whose assets are gone: the part then waits until Wharf answers, and the page reloads where it is.
 * Drafts and unsent messages outlive the reload.
 */

const RELOADED_KEY = "wharf.reloaded_at";
/** A second failure within this time is not cured by reloading: it is shown. */
const RELOAD_ONCE_MS = 30_000;

/** As the browsers and the build's preloader name it; anything else is a fault of the part itself. */
const FETCH_FAILED =
  /dynamically imported module|Importing a module script failed|Unable to preload CSS|error loading/i;

async function fetchPart<Part>(importer: () => Promise<Part>): Promise<Part> {
  try {
    return await importer();
  } catch (cause) {
    if (!(cause instanceof Error) || !FETCH_FAILED.test(cause.message)) throw cause;
    await whenReachable();
    // Browsers remember a failed module, so a second import alone would not be enough.
    if (Math.abs(Date.now() - Number(inTab.read(RELOADED_KEY) ?? 0)) < RELOAD_ONCE_MS) throw cause;
    // A page that can't know that it has been reloaded would reload for ever.
    if (!inTab.write(RELOADED_KEY, String(Date.now()))) throw cause;
    reloadPage();
    return new Promise(() => {});
  }
}

// Any props: they are those of the component that is named.
// oxlint-disable-next-line typescript/no-explicit-any
type Component = ComponentType<any>;

/** A page of the router: `page(() => import("./x-page.tsx"), "XPage")`. */
export function page<Name extends string, Part extends Record<Name, Component>>(
  importer: () => Promise<Part>,
  name: Name,
) {
  return lazyRouteComponent(() => fetchPart(importer), name);
}

/** A component in a chunk of its own, fetched when it is first drawn. */
export function lazyPart<Name extends string, Part extends Record<Name, Component>>(
  importer: () => Promise<Part>,
  name: Name,
): LazyExoticComponent<Part[Name]> {
  return nearPart(importer, name).Part;
}

/** The same, fetched at once beside what is already drawn: it is not needed for the first paint, but soon. */
export function soonPart<Name extends string, Part extends Record<Name, Component>>(
  importer: () => Promise<Part>,
  name: Name,
): LazyExoticComponent<Part[Name]> {
  const { Part, fetch } = nearPart(importer, name);
  void fetch();
  return Part;
}

/**
 * The same, fetched when it is first drawn, or before by `fetch`: when one points at what leads to it, or its address is
 * opened. One that is there is drawn at once: React shows what it has once suspended for only after 300 ms.
 */
export function nearPart<Name extends string, Part extends Record<Name, Component>>(
  importer: () => Promise<Part>,
  name: Name,
): { Part: LazyExoticComponent<Part[Name]>; fetch: () => Promise<void> } {
  let fetched: Part | undefined;
  let under_way: Promise<{ default: Part[Name] }> | undefined;
  const once = () =>
    (under_way ??= fetchPart(importer).then((part) => {
      fetched = part;
      return { default: part[name] };
    }));
  return {
    Part: lazy(() => (fetched ? atOnce({ default: fetched[name] }) : once())),
    // A failure is thrown where it is drawn.
    fetch: () => once().then(nothing, nothing),
  };
}

const nothing = () => {};

/** A promise whose value React takes without waiting. */
const atOnce = <Value>(value: Value) =>
  // oxlint-disable-next-line unicorn/no-thenable
  ({ then: (take: (value: Value) => unknown) => take(value) }) as unknown as Promise<Value>;
