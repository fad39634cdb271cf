import { expect, test } from "vitest";
import { exampleFlow } from "../../../test/support/automation-rows.ts";
import { Flow } from "../../contract/automations.ts";
import { readFlow } from "./read-flow.ts";

const says = (value: unknown) => readFlow(Flow, value).problems.map((problem) => problem.says);

test("a flow goes into a file and out of it as it is", () => {
  const flow = exampleFlow(null);
  expect(readFlow(Flow, JSON.parse(JSON.stringify(flow)))).toEqual({ flow, problems: [] });
});

test("what is damaged is told by its step and left out, with the connections to it", () => {
  const flow = exampleFlow(null) as unknown as Record<string, Record<string, unknown>[]>;
  flow["nodes"]![2]!["deadline_min"] = "an hour";
  flow["nodes"]![3]!["type"] = "teleport";
  flow["edges"]![4] = { id: "x", from: "resolve" };
  const read = readFlow(Flow, { ...flow, settings: { frequency_cap: "ALWAYS" }, author: "someone" });
  expect(read.problems).toEqual([
    {
      node_id: "read",
      says: "“Read?”: something in it can't be read (deadline_min). It is left out; draw it again.",
    },
    { node_id: "resolve", says: "“resolve” is of a kind that is not known here (teleport). It is left out." },
    {
      node_id: null,
      says: "Connection 5 of “resolve” can't be read. It is left out; connect the steps again.",
    },
    {
      node_id: null,
      says: "The settings of the flow can't be read (phone_number_id). They are as of a new flow; set them again.",
    },
    { node_id: null, says: "The file holds something that is not known here. It is left out." },
  ]);
  expect(read.flow!.nodes.map(({ id }) => id)).toEqual(["trigger", "send", "end"]);
  expect(read.flow!.edges.map(({ id }) => id)).toEqual(["trigger-next"]);
});

test("a file without a flow holds nothing", () => {
  for (const value of [null, [], "x", { nodes: "none" }]) {
    const { flow, problems } = readFlow(Flow, value);
    expect(problems.length).toBeGreaterThan(0);
    expect(flow).toBeNull();
  }
  expect(says(null)).toEqual(["The file holds no whole flow. Export it again, and choose that file."]);
});
