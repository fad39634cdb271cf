import { sql, uuidArray, type Tx } from "../../db/db.ts";
import { readCalls, type CallView } from "../../delivery/delivery.ts";
import type { Answer, CallFacts } from "../flow/flow.ts";
import { testTimeOrNull } from "./test-clock.ts";
import type { Traveller } from "./traveller.ts";

/** The calls that the visits of these runs have made, if any. */
export async function loadCalls(
  tx: Tx,
  workspace_id: string,
  travellers: readonly Traveller[],
): Promise<void> {
  const calls = await readCalls(
    tx,
    workspace_id,
    travellers.map(({ run, visit }) => ({ origin_id: run.id, visit: visit.number })),
  );
  const found = new Map(calls.map((call) => [`${call.origin_id} ${call.visit}`, call]));
  for (const { run, visit, known } of travellers) {
    const call = found.get(`${run.id} ${visit.number}`);
    const facts = call === undefined ? null : factsOf(call);
    known.call = facts && { ...facts, ended_ms: testTimeOrNull(run.test, facts.ended_ms) };
  }
}

function factsOf({
  state,
  attempts,
  status,
  error,
  answer,
  answer_truncated,
  completed_at,
}: CallView): CallFacts {
  return {
    state,
    attempts,
    answer: { status, body: answer === null || answer_truncated ? null : jsonOf(answer) },
    says: error,
    ended_ms: completed_at?.getTime() ?? null,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What URLs answered at earlier visits of these runs: by the primary key of automation_activities. */
export async function loadAnswers(
  tx: Tx,
  workspace_id: string,
  travellers: readonly Traveller[],
): Promise<void> {
  const rows = await tx.rows<{ run_id: string; node_id: string; answer: Answer }>(sql`
    select run_id, node_id, inputs -> 'answer' as answer from automation_activities
    where workspace_id = ${workspace_id} and run_id = any(${uuidArray(travellers.map(({ run }) => run.id))}::uuid[])
      and node_type = 'action' and inputs ? 'answer'
    order by run_id, visit`);
  for (const { run, known } of travellers) {
    const before = new Map<string, Answer>();
    for (const { run_id, node_id, answer } of rows) if (run_id === run.id) put(before, node_id, answer);
    // What this step was answered itself is newer, and not written yet.
    for (const [node_id, answer] of known.answers) put(before, node_id, answer);
    known.answers = before;
  }
}

/** The last one stands behind the others. */
function put(answers: Map<string, Answer>, node_id: string, answer: Answer): void {
  answers.delete(node_id);
  answers.set(node_id, answer);
}

export function keepAnswer(known: Traveller["known"], node_id: string, answer: Answer): void {
  const answers = new Map(known.answers);
  put(answers, node_id, answer);
  known.answers = answers;
}
