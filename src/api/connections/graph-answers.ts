import { Problem } from "../../base/base.ts";
import type { Called } from "../../meta/meta.ts";

/** What Meta answered, or the problem that its refusal is for who asked. */
export function valueOf<Value>(called: Called<Value>): Value {
  if (called.outcome === "done") return called.value;
  if (called.outcome !== "refused")
    throw new Problem(called.outcome === "not_sent" ? "META_AWAY" : "META_UNSURE", called.reason);
  const { says, advice, code, message, details } = called.error;
  // Codes that stand for many faults say which one in their own words.
  const own = details ?? message;
  const is_vague = code === null || code === 1 || code === 100 || code === 2200;
  throw new Problem("META_REFUSED", is_vague && own !== null ? own : `${says} ${advice}`, {
    more: { meta_code: code, says: is_vague && own !== null ? stripped(own) : says, advice },
  });
}

/** Without the code that Graph writes before its words. */
const stripped = (text: string): string => text.replace(/^\(#\d+\)\s*/, "");
