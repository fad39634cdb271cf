import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { Atom } from "../model/model.ts";
import { CONDITION } from "../setting-texts.ts";
import { Choose, optionsOf, PathField } from "./fields.tsx";

type OfPayload = Extract<Atom, { is: "payload" | "answer" }>;
type Test = OfPayload["test"];
type Op = keyof typeof CONDITION.ops;

/** The test of what was chosen and typed; null while it is not complete. */
function testOf(op: Op, typed: string): Test | null {
  switch (op) {
    case "is_set":
    case "is_not_set":
      return { op };
    case "true":
    case "false":
      return { op: "is", value: op === "true" };
    case "is":
    case "is_not":
    case "contains":
    case "starts_with":
      return typed.trim() === "" ? null : { op, value: typed.trim() };
    default: {
      const value = Number(typed);
      return typed.trim() === "" || Number.isNaN(value) ? null : { op, value };
    }
  }
}
const opOf = (test: Test): Op =>
  "value" in test && typeof test.value === "boolean"
    ? test.value
      ? "true"
      : "false"
    : test.op in CONDITION.ops
      ? (test.op as Op)
      : "is";
const typedOf = (test: Test): string =>
  "value" in test && typeof test.value !== "boolean"
    ? Array.isArray(test.value)
      ? test.value.join(", ")
      : String(test.value)
    : "";

/** A value of what the trigger told, or a URL answered. */
export function PayloadTest({
  atom,
  put,
  ...words
}: {
  atom: OfPayload;
  put: (atom: Atom) => void;
  label?: string;
  description?: string;
}) {
  const [op, setOp] = useState(() => opOf(atom.test));
  const [typed, setTyped] = useState(() => typedOf(atom.test));
  const change = (next: Op, text: string) => {
    setOp(next);
    setTyped(text);
    const test = testOf(next, text);
    if (test) put({ ...atom, test });
  };
  const takes_value = !["is_set", "is_not_set", "true", "false"].includes(op);
  return (
    <>
      <PathField {...words} value={atom.path} put={(path) => path.length > 0 && put({ ...atom, path })} />
      <Choose
        label={CONDITION.op}
        value={op}
        data={optionsOf(CONDITION.ops)}
        put={(next) => change(next as Op, typed)}
      />
      {takes_value && (
        <TextInput
          dir="auto"
          label={CONDITION.value}
          maxLength={1_000}
          error={testOf(op, typed) === null && CONDITION.incomplete}
          value={typed}
          onChange={({ currentTarget: { value } }) => change(op, value)}
        />
      )}
    </>
  );
}
