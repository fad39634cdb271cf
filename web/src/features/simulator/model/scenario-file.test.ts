import { expect, test } from "vitest";
import { problemsOf, readScenarioFile } from "./scenario-file.ts";

test("of a file one sees what it is about, how many steps it has and how long it takes", () => {
  const text = JSON.stringify({ about: "Two", steps: [{ at: "2min" }, { at: 30 }, { outage: 1 }] });
  expect(readScenarioFile("two.json", text)).toMatchObject({
    name: "two.json",
    about: "Two",
    steps: 3,
    seconds: 120,
    scenario: { about: "Two" },
    problems: [],
  });
});

test.each([
  ["{", /not valid JSON: .*position 1/],
  ["[]", /object with steps/],
  ["null", /object with steps/],
])("%s can't be played, and why is said", (text, says) => {
  const { scenario, problems } = readScenarioFile("bad.json", text);
  expect(scenario).toBe(null);
  expect(problems).toEqual([{ place: null, says: expect.stringMatching(says) }]);
});

test("what the server says of a file is read line by line, with its places", () => {
  expect(problemsOf("steps.0.at: Invalid input\nthe scenario: Unrecognized key")).toEqual([
    { place: "steps.0.at", says: "Invalid input" },
    { place: null, says: "the scenario: Unrecognized key" },
  ]);
});
