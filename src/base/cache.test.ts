import { expect, test } from "vitest";
import { createCache } from "./cache.ts";

interface Load {
  key: string;
  before: string | null | undefined;
  end: { resolve: (value: string | null) => void; reject: (error: Error) => void };
}

/** A cache whose clock and loads are moved by hand. */
function startCache(options: { patience_ms?: number; max_entries?: number } = {}) {
  const loads: Load[] = [];
  const clock = { ms: 0 };
  const cache = createCache<string | null>({
    load: (key, before) =>
      new Promise((resolve, reject) => loads.push({ key, before, end: { resolve, reject } })),
    fresh_ms: 100,
    now: () => clock.ms,
    ...options,
  });
  return { cache, loads, clock };
}

test("what was loaded answers while it is fresh, and is loaded again with what was known after that", async () => {
  const { cache, loads, clock } = startCache();
  const first = cache.get("a");
  loads[0]!.end.resolve("one");
  expect(await first).toBe("one");
  clock.ms = 99;
  expect(await cache.get("a")).toBe("one");
  expect(loads).toHaveLength(1);
  clock.ms = 100;
  const again = cache.get("a");
  expect(loads[1]).toMatchObject({ key: "a", before: "one" });
  loads[1]!.end.resolve("two");
  expect(await again).toBe("two");
});

test("that there is nothing is kept as well", async () => {
  const { cache, loads } = startCache();
  const first = cache.get("a");
  loads[0]!.end.resolve(null);
  expect([await first, await cache.get("a"), loads.length]).toEqual([null, null, 1]);
});

test("those who ask while a key is loaded get one answer, however long it takes", async () => {
  const { cache, loads, clock } = startCache();
  const first = cache.get("a");
  clock.ms = 1_000;
  const second = cache.get("a");
  loads[0]!.end.resolve("one");
  expect([await first, await second, loads.length]).toEqual(["one", "one", 1]);
});

test("a failure is answered, and the next call loads again with what was known", async () => {
  const { cache, loads, clock } = startCache();
  const first = cache.get("a");
  loads[0]!.end.reject(new Error("away"));
  await expect(first).rejects.toThrow("away");
  const second = cache.get("a");
  loads[1]!.end.resolve("one");
  expect(await second).toBe("one");
  clock.ms = 100;
  const third = cache.get("a");
  loads[2]!.end.reject(new Error("away"));
  await expect(third).rejects.toThrow("away");
  void cache.get("a");
  expect(loads[3]).toMatchObject({ before: "one" });
});

test("with patience what was known answers where loading fails or is slow, and is kept as if it were fresh", async () => {
  const { cache, loads, clock } = startCache({ patience_ms: 1 });
  const first = cache.get("a");
  loads[0]!.end.resolve("one");
  await first;
  clock.ms = 100;
  const failing = cache.get("a");
  loads[1]!.end.reject(new Error("away"));
  expect(await failing).toBe("one");
  expect([await cache.get("a"), loads.length]).toEqual(["one", 2]);
  clock.ms = 200;
  expect(await cache.get("a")).toBe("one");
  expect(loads).toHaveLength(3);
  loads[2]!.end.resolve("two");
  await Promise.resolve();
  expect([await cache.get("a"), loads.length]).toEqual(["two", 3]);
});

test("what is forgotten is loaded again, and what was under way then answers only those who asked", async () => {
  const { cache, loads } = startCache();
  const before = cache.get("a");
  cache.forget();
  const after = cache.get("a");
  loads[0]!.end.resolve("old");
  loads[1]!.end.resolve("new");
  expect([await before, await after, await cache.get("a")]).toEqual(["old", "new", "new"]);
});

test("beyond its bound the oldest entries go; what is known of all is told once nothing is loaded", async () => {
  const { cache, loads } = startCache({ max_entries: 2 });
  const all = ["a", "b", "c"].map((key) => cache.get(key));
  for (const { key, end } of loads) end.resolve(key);
  await Promise.all(all);
  expect(await cache.known()).toEqual(["b", "c"]);
  void cache.get("a");
  expect(loads.map(({ key }) => key)).toEqual(["a", "b", "c", "a"]);
});
