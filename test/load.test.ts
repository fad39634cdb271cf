import { afterAll, beforeAll, expect, test } from "vitest";
import { checkLines, createLoadCheck } from "../src/cli/simulate/load-check.ts";
import { createDatabase, sql } from "../src/db/db.ts";
import { runLoad } from "../src/simulator/simulator.ts";
import { createProduct, type Product } from "./support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
  await product.start();
}, 120_000);
afterAll(() => product?.remove());

test("a load on the whole product is found whole afterwards, and what is taken away from it is missed", async () => {
  const options = { origin: product.url, key: product.api_key };
  const load = {
    target_url: `${product.url}/webhooks/meta`,
    app_secret: product.app_secret,
    rate: 300,
    seconds: 2,
    mix: { messages: 1, statuses: 2 },
  };
  const first = await createLoadCheck(options);
  const result = await runLoad(load);
  const { wamids } = result;
  expect(result).toMatchObject({ sent: 600, acknowledged: 600, refused: 0 });
  const found = await first.run(result);
  expect(found).toEqual({
    ok: true,
    acknowledged: 600,
    done: 600,
    pending: 0,
    dead: 0,
    messages: wamids.length,
    missing: [],
    doubled: [],
  });
  expect(checkLines(found)).toEqual([expect.stringContaining("Nothing was lost: all 600")]);

  // A second load counts only its own; one of its messages and one of its webhooks are taken away behind its back.
  const [before, after] = [await createLoadCheck(options), await createLoadCheck(options)];
  const more = await runLoad({ ...load, seconds: 0.5 });
  expect(await before.run(more)).toMatchObject({ ok: true, done: 150 });
  const lost = more.wamids[0]!;
  const db = createDatabase({ url: product.database_url, max: 1 });
  await db.run(sql`delete from messages where wamid = ${lost}`);
  await db.run(sql`delete from journal where id = (select id from journal order by id desc limit 1)`);
  await db.stop();
  const missed = await after.run(more);
  expect(missed).toMatchObject({ ok: false, done: 149, missing: [lost] });
  expect(checkLines(missed).join("\n")).toMatch(
    /1 acknowledged webhooks are not done[^]*1 of \d+ messages are missing/,
  );
}, 120_000);
