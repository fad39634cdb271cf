import type { SimulatorState } from "../../lib/types.ts";

export const STATUSES = ["sent", "delivered", "read", "played", "failed"] as const;
export type Status = (typeof STATUSES)[number];

/** What can be asked for the next message; docs/simulator.md has the same list. */
export type Fate =
  | "lost_answer"
  | "status_first"
  | "bad_gateway"
  | { refuse: number }
  | { fail: number }
  | { go: Status[] }
  | { held: "released" | "dropped" };

export const fatesOf = ({ next }: Pick<SimulatorState, "next">) => next as Fate[];

export const SIMPLE: readonly { fate: Fate; title: string; says: string }[] = [
  {
    fate: "lost_answer",
    title: "Answer lost",
    says: "Meta takes it, but the line breaks before Wharf hears so",
  },
  { fate: "status_first", title: "Status first", says: "Its statuses come before the answer does" },
  {
    fate: { go: ["sent", "read"] },
    title: "Read at once",
    says: "Sent and read, with no “delivered” between them",
  },
  {
    fate: "bad_gateway",
    title: "Bad gateway",
    says: "Something before Meta answers with an error page, and it isn’t taken",
  },
  {
    fate: { held: "released" },
    title: "Held, then released",
    says: "A template waits to see how people take it, and then goes",
  },
  {
    fate: { held: "dropped" },
    title: "Held, then dropped",
    says: "A template waits, and fails as people did not like it",
  },
];

export function nameOf(fate: Fate): string {
  const key = JSON.stringify(fate);
  const simple = SIMPLE.find((each) => JSON.stringify(each.fate) === key);
  if (simple || typeof fate !== "object") return simple?.title ?? key;
  if ("refuse" in fate) return `Refused with ${fate.refuse}`;
  if ("fail" in fate) return `Fails with ${fate.fail}`;
  return "go" in fate ? `Exactly: ${fate.go.join(", ")}` : key;
}
