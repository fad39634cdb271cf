import { metrics } from "../../base/base.ts";
import type { Failed, Sent } from "../../meta/meta.ts";
import type { Claimed, NumberDue } from "../claim/claim.ts";
import type { SendOutcome } from "../outcomes/outcomes.ts";
import { wireTo } from "../queue/queue.ts";
import { FOUND, refusalOf, type Refusal } from "../send-error.ts";
import { writeOutcome } from "./outcome-writer.ts";
import type { Sender } from "./sender-state.ts";

type Outcome = SendOutcome["outcome"];

/** One request to Meta, and its outcome on its way to be written. Calls `onAsk` when nothing is left to do but to ask Meta. */
export async function carryOut(
  sender: Sender,
  number: NumberDue,
  send: Claimed,
  onAsk: () => void,
): Promise<void> {
  const started_ms = performance.now();
  const outcome = await request(sender, number, send, onAsk);
  metrics.sending_requests.inc({ outcome: outcome.state });
  metrics.sending_request_seconds.observe((performance.now() - started_ms) / 1_000);
  writeOutcome(sender, { ...send, outcome });
}

const refused = (error: Refusal): Outcome => ({ state: "refused", error });

async function request(
  { graphs, media, log }: Sender,
  { id: phone_number, connection_id, phone_number_id }: NumberDue,
  send: Claimed,
  onAsk: () => void,
): Promise<Outcome> {
  try {
    const graph = await graphs.of(connection_id);
    if (graph === null) return refused(FOUND.no_token);
    const { workspace_id } = send;
    const resolved = media
      ? await media.resolve({ workspace_id, phone_number, graph, phone_number_id }, send.content)
      : ({ outcome: "done", value: send.content } as const);
    // Nothing of the message has left yet, whatever became of its file.
    if (resolved.outcome !== "done")
      return refused(
        resolved.outcome === "refused" ? refusalOf(resolved.error) : FOUND.not_reached(resolved.reason),
      );
    const to = wireTo({ kind: send.to_kind, value: send.to_value });
    onAsk();
    const answer = await graph.send(phone_number_id, {
      to,
      content: resolved.value,
      callback_data: send.id,
      ...(send.context_wamid === null ? {} : { context_wamid: send.context_wamid }),
    });
    return outcomeOf(answer);
  } catch (err) {
    // An internal error: it may have happened after the request began.
    log.error({ err, send: send.id }, "a message could not be sent");
    return { state: "waiting", error: FOUND.unknown("An internal error stopped it.") };
  }
}

function outcomeOf(answer: Sent | Failed): Outcome {
  switch (answer.outcome) {
    case "sent":
      return { state: "sent", wamid: answer.wamid, wa_id: answer.wa_id, user_id: answer.user_id };
    case "refused":
      return refused(refusalOf(answer.error));
    case "not_sent":
      return refused(FOUND.not_reached(answer.reason));
    case "unknown":
      return { state: "waiting", error: FOUND.unknown(answer.reason) };
  }
}
