import { expect, test } from "vitest";
import { isAnsweredElsewhere } from "./responder.ts";

const said = { type: "text", standby: false, content: {} };
const standby = { ...said, standby: true };
const system = (type: string) => ({ type: "system", standby: false, content: { type } });
const call = { type: "call", standby: false, content: {} };

test.each([
  ["nothing was said", [], false],
  ["it was said to us", [said, standby], false],
  ["it was said to another", [standby, said], true],
  ["another passed it on to us", [system("control_passed"), standby], false],
  ["another took it", [system("control_taken"), said], true],
  ["a call and other lines tell nothing of it", [call, system("user_changed_number"), standby], true],
])("who has the thread is told by its newest word: %s (F26)", (_, messages, elsewhere) => {
  expect(isAnsweredElsewhere(messages)).toBe(elsewhere);
});
