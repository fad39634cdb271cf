import type { NodeOf } from "./graph.ts";
import type { CallFacts, Known, MessageFacts } from "./known.ts";
import { end, pass } from "./steps.ts";
import { messageTimes } from "./tests.ts";
import type { Acted, Done, Inputs, Visit } from "./step.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How often it is looked whether what keeps everyone at a node is over. */
const HELD_MS = 60_000;
/** How long a message that the limits keep back is tried again: the longest window of a cap. */
const KEPT_BACK_MS = 30 * DAY_MS;
/** What Wharf itself keeps back when a message is to go: nothing was sent. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ["MARKETING_REFUSED", "consent"],
  ["FREQUENCY_CAP", "frequency_cap"],
  ["QUIET_HOURS", "quiet_hours"],
]);

type ActionNode = NodeOf<"action">;
type Now = Pick<Known, "now_ms">;
type RestStep = Extract<Done, { kind: "rest" }>;

/** What follows from an action that was done just now. */
export function afterAct(node: ActionNode, visit: Visit, acted: Acted, now: Now): Done {
  switch (acted.kind) {
    case "done":
      return pass("next", visit.started_ms, visit, now, acted.inputs ?? {});
    case "sent":
      return resting(acted.message_id, now, {});
    case "called":
      return awaitingAnswer(now);
    case "failed":
      return failed(visit, acted.reason, now, { says: acted.says });
    case "held":
      return held(acted.reason, now);
    case "skipped":
      return keptBack(node, visit, acted.reason, now, {});
    case "stopped":
      return stopped(acted.reason, now, { says: acted.says });
  }
}

/** The word of who calls wakes it; it looks by itself only in case. */
const awaitingAnswer = (now: Now): Done => ({
  ...resting(null, now, {}),
  hears: ["called"],
});

/** The same where it called a URL before: that goes on with what it answered. */
export function afterCall(visit: Visit, call: CallFacts, now: Now): Done {
  const { state, attempts, answer, says, ended_ms } = call;
  if (state === "pending") return awaitingAnswer(now);
  const inputs = { attempts, answer };
  const at_ms = ended_ms ?? now.now_ms;
  if (state === "answered") return pass("next", at_ms, visit, now, inputs);
  return failed(visit, "CALL_FAILED", now, { ...inputs, says });
}

/** The same where it sent a message before: that goes on once Meta took it, and fails with it. */
export function afterSent(node: ActionNode, visit: Visit, known: Known): Done {
  const message = known.messages.find(({ id }) => id === visit.message_id);
  // Its rows are gone: how it ended is not known any more.
  if (message === undefined) return { ...pass("next", known.now_ms, visit, known), reason: "unconfirmed" };
  const inputs = messageTimes(message);
  const refused = message.delivered_ms === null && (message.state === "failed" || message.failed_ms !== null);
  if (refused) return afterRefusal(node, visit, message, known, inputs);
  if (message.state === "cancelled")
    return { ...pass("next", known.now_ms, visit, known, inputs), status: "SKIPPED", reason: "cancelled" };
  if (message.state === "unconfirmed" && message.sent_ms === null)
    return { ...pass("next", known.now_ms, visit, known, inputs), reason: "unconfirmed" };
  if (message.sent_ms === null) return resting(message.id, known, inputs);
  return pass("next", message.sent_ms, visit, known, inputs);
}

function afterRefusal(node: ActionNode, visit: Visit, message: MessageFacts, now: Now, inputs: Inputs): Done {
  const { reason, says, of_template } = message.error ?? {
    reason: "FAILED",
    says: "It could not be sent.",
    of_template: false,
  };
  const limit = LIMITS.get(reason);
  if (limit !== undefined) return keptBack(node, visit, limit, now, inputs);
  if (of_template) return stopped(reason, now, { ...inputs, says });
  return failed(visit, reason, now, { ...inputs, says });
}

/** Meta's word wakes it; it looks by itself only in case. */
const resting = (message_id: string | null, { now_ms }: Now, inputs: Inputs): RestStep => ({
  kind: "rest",
  status: "PENDING",
  due_ms: null,
  wake_ms: now_ms + DAY_MS,
  message_id,
  reason: null,
  hears: [],
  inputs,
});

const failed = (visit: Visit, reason: string, now: Now, inputs: Inputs): Done => ({
  ...pass("failed", now.now_ms, visit, now, inputs),
  status: "FAILED",
  reason,
});

const stopped = (reason: string, now: Now, inputs: Inputs): Done => ({
  ...end("FAILED", reason, now, inputs),
  stopped: true,
});

/** For as long as it takes: it concerns no one in particular, and a banner tells of it. */
const held = (reason: string, { now_ms }: Now): Done => ({
  kind: "rest",
  status: "SCHEDULED",
  due_ms: null,
  wake_ms: now_ms + HELD_MS,
  message_id: null,
  reason,
  hears: [],
  inputs: {},
});

/** Who does not want it is not asked again; what the limits keep back may wait until they allow it. */
function keptBack(node: ActionNode, visit: Visit, reason: string, now: Now, inputs: Inputs): Done {
  if (node.on_limit === "exit") return end("EXITED", reason, now, inputs);
  const is_over = now.now_ms - visit.started_ms > KEPT_BACK_MS;
  if (node.on_limit === "wait" && reason !== "consent" && !is_over)
    return {
      kind: "rest",
      status: "SCHEDULED",
      due_ms: now.now_ms + HOUR_MS,
      wake_ms: now.now_ms + HOUR_MS,
      message_id: null,
      reason,
      hears: [],
      inputs,
    };
  return { ...pass("next", now.now_ms, visit, now, inputs), status: "SKIPPED", reason };
}
