import type { FlowCheck, FlowNode } from "../../contract/automations.ts";
import { nodeById, targetOf } from "../flow/flow.ts";
import { advice, everyWay, nextOf, reachedFrom, type Checked } from "./check.ts";
import { says } from "./texts.ts";

const calls = (node: FlowNode | undefined): boolean =>
  node?.type === "action" && node.act?.kind === "call_url";

/** An answer that is asked for: of a node that calls a URL, or of the last one that did, so that one is called before. */
export function wrongAnswer(
  { flow }: Checked,
  node: FlowNode,
  of: string | null,
  path: readonly string[],
): string[] {
  const wrong_path = path[0] === "status" || path[0] === "body" ? [] : [says.wrongPath(node)];
  if (of !== null) return calls(nodeById(flow, of)) ? wrong_path : [says.notACaller(node)];
  const next = nextOf(flow, everyWay);
  const before = flow.nodes.some(
    (other) => other.id !== node.id && calls(other) && reachedFrom(next, other.id).has(node.id),
  );
  return before ? wrong_path : [says.nothingCalled(node)];
}

/** A call whose failure leads where its answer does: that may be meant. */
export const callAdvice = ({ flow }: Checked): FlowCheck[] =>
  flow.nodes.flatMap((node) =>
    calls(node) && targetOf(flow, node.id, "failed") === null
      ? [advice("Advice", node, says.unusedFailure(node))]
      : [],
  );
