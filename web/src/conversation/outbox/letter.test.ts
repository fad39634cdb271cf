import { expect, test } from "vitest";
import { type Letter, sorted } from "./letter.ts";
import type { Message } from "../../lib/types.ts";

const message = (id: string, text: string, more: Partial<Message> = {}) =>
  ({ id, text, type: "text", direction: "OUTBOUND", source: "AGENT", ...more }) as Message;
const letter = (key: string, text: string, more: Partial<Letter> = {}) =>
  ({
    key,
    shown: message(`letter-${key}`, text),
    known: new Set(),
    message_id: null,
    problem: null,
    ...more,
  }) as Letter;
const waiting = (letters: Letter[], messages: Message[]) =>
  sorted(letters, messages).waiting.map(({ key }) => key);

test("a letter gives way to its message, whether the feed or the answer brings it first", () => {
  expect(waiting([letter("a", "Hi")], [message("1", "Hi")])).toEqual([]);
  expect(waiting([letter("a", "Hi", { message_id: "1" })], [message("1", "Hi")])).toEqual([]);
  expect(waiting([letter("a", "Hi", { message_id: "1" })], [message("2", "Hi")])).toEqual(["a"]);
});

test("the same words said twice are two letters, and each takes one message", () => {
  const both = [letter("a", "Hi"), letter("b", "Hi")];
  expect(waiting(both, [message("1", "Hi")])).toEqual(["b"]);
  expect(waiting(both, [message("1", "Hi"), message("2", "Hi")])).toEqual([]);
});

test("what stood there before, and what others said, is not taken for it", () => {
  const known = letter("a", "Hi", { known: new Set(["1"]) });
  expect(waiting([known], [message("1", "Hi")])).toEqual(["a"]);
  expect(waiting([letter("a", "Hi")], [message("1", "Hi", { source: "CAMPAIGN" })])).toEqual(["a"]);
});

test("one whose answer was lost is done when the feed shows that it was taken", () => {
  const lost = letter("a", "Hi", { problem: { status: 0 } as Letter["problem"] });
  expect(sorted([lost], [message("1", "Hi")]).arrived).toHaveLength(1);
});

test("a message goes on as the row of its letter", () => {
  const { became } = sorted(
    [letter("a", "Hi"), letter("b", "Ho", { message_id: "2" })],
    [message("1", "Hi"), message("2", "Ho")],
  );
  expect([...became]).toEqual([
    ["1", "letter-a"],
    ["2", "letter-b"],
  ]);
});
