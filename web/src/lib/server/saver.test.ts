import { expect, test } from "vitest";
import { createSaver } from "./saver.ts";

const now = () => "2026-11-30T12:00:00.000Z";

test("only what changed is saved, and what is written meanwhile goes with the next saving", async () => {
  const sent: object[] = [];
  let answer: (() => void) | undefined;
  const saver = createSaver(
    { name: "Spring", rate: 1 },
    (change) => {
      sent.push(change);
      return new Promise<void>((resolve) => {
        answer = resolve;
      });
    },
    { now, pause_ms: 60_000 },
  );
  saver.put({ name: "Summer" });
  expect(saver.state()).toMatchObject({ dirty: true, saving: false });
  const saved = saver.flush();
  saver.put({ rate: 2 });
  answer!();
  await expect.poll(() => sent.length).toBe(2);
  answer!();
  await saved;
  expect(sent).toEqual([{ name: "Summer" }, { rate: 2 }]);
  expect(saver.state()).toMatchObject({ dirty: false, saving: false, version: 2, saved_at: now() });
});

test("what could not be saved stays changed, and is saved by the next try", async () => {
  let works = false;
  const sent: object[] = [];
  const saver = createSaver(
    { name: "Spring" },
    async (change) => {
      if (!works) throw new Error("no line");
      sent.push(change);
    },
    { now, pause_ms: 60_000 },
  );
  saver.put({ name: "Summer" });
  await expect(saver.flush()).rejects.toThrow("no line");
  expect(saver.state()).toMatchObject({ dirty: true, version: 0 });
  expect(saver.state().error?.message).toBe("no line");
  works = true;
  await saver.flush();
  expect(sent).toEqual([{ name: "Summer" }]);
  expect(saver.state()).toMatchObject({ dirty: false, error: null });
});

test("what can't be saved as it is waits; put back, there is nothing to save", async () => {
  const sent: object[] = [];
  const saver = createSaver({ name: "Spring", rate: 1 }, async (change) => void sent.push(change), {
    now,
    pause_ms: 60_000,
    sendable: ({ name, ...rest }) => (name === "" || name === undefined ? rest : { name, ...rest }),
  });
  saver.put({ name: "" });
  await saver.flush();
  saver.put({ name: "Spring", rate: 1 });
  await saver.flush();
  expect(sent).toEqual([]);
});
