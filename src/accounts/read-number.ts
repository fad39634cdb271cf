import { sentences, tableOf } from "../base/base.ts";
import { fact, NOTHING, notice, peopleADay, spelt, text, tierOf, word, type Said } from "./facts.ts";

/**
 * What the fields of Meta's about one business number say: of its name, its security, its quality. What a value holds
 * tells which it is. Source: Meta's webhook reference of each field.
 */
export function readNumber(value: Record<string, unknown>): Said {
  if (value["decision"] !== undefined) return readName(value);
  return (word(value["event"]) ?? "").startsWith("PIN_") ? readSecurity(value) : readQuality(value);
}

function readName(value: Record<string, unknown>): Said {
  const decision = word(value["decision"]);
  const name = text(value["requested_verified_name"]);
  if (decision === null) return NOTHING;
  const reason = text(value["rejection_reason"]);
  const shown = name === null ? "The display name" : `The display name “${name}”`;
  const titles = tableOf<string>({
    APPROVED: `${shown} is approved`,
    REJECTED: `${shown} was rejected`,
    PENDING: `${shown} is being reviewed`,
    DEFERRED: `The review of ${shown.charAt(0).toLowerCase()}${shown.slice(1)} was put off`,
  });
  const detail = reason === null || reason === "NONE" ? null : `Meta's reason: ${reason}`;
  return {
    facts: [
      fact("name", { decision, name }),
      ...(decision === "APPROVED" && name !== null ? [fact("verified_name", { name })] : []),
    ],
    notices: [
      notice(
        "name",
        decision === "REJECTED" ? "warning" : "info",
        titles[decision] ?? `${shown}: ${spelt(decision)}`,
        detail,
        decision === "APPROVED",
      ),
    ],
  };
}

function readQuality(value: Record<string, unknown>): Said {
  const event = word(value["event"]);
  const limit = value["current_limit"] ?? value["max_daily_conversations_per_business"];
  const said: Said = { facts: [], notices: [] };
  const people = peopleADay(limit);
  if (people !== null) said.facts.push(fact("limit", { limit: tierOf(limit) }));
  const may = people === null ? null : `It may begin conversations with ${people} a day.`;
  if (event === "FLAGGED" || event === "UNFLAGGED") {
    said.facts.push(fact("flag", { flagged: event === "FLAGGED" }));
    said.notices.push(
      event === "FLAGGED"
        ? notice(
            "flag",
            "warning",
            "People block or report the number: its quality is low",
            "Send less, and only what people asked for; Meta lowers its limit if it stays low.",
          )
        : notice("flag", "info", "The number's quality is no longer low", may, true),
    );
  } else if (event === "THROUGHPUT_UPGRADE") {
    said.notices.push(
      notice("throughput", "info", "The number may send up to 1,000 messages a second", null, true),
    );
  } else if (event === "DOWNGRADE") {
    said.notices.push(notice("limit", "warning", "Meta lowered the number's limit", may));
  } else if (event === "UPGRADE" || event === "ONBOARDING") {
    const title = event === "UPGRADE" ? "Meta raised the number's limit" : "The number is ready to send";
    said.notices.push(notice("limit", "info", title, may, true));
  } else if (event !== null) {
    said.notices.push(
      notice(`quality:${event}`, "info", `Meta tells of the number's quality: ${spelt(event)}`, may),
    );
  }
  return said;
}

const SECURITY = tableOf<string>({
  PIN_CHANGED: "The number's two-step PIN was changed",
  PIN_RESET_REQUEST: "A reset of the number's two-step PIN was asked for",
  PIN_REQUEST_SUCCESS: "The number's two-step PIN was reset",
});

function readSecurity(value: Record<string, unknown>): Said {
  const event = word(value["event"]);
  if (event === null) return NOTHING;
  const requester = text(value["requester"]);
  const who = requester === null ? null : `It was asked for by the user ${requester}.`;
  const detail = sentences(who, "If it was no one of yours, secure the business in Meta's Security Centre.");
  return {
    facts: [],
    notices: [
      notice(
        `security:${event}`,
        "warning",
        SECURITY[event] ?? `Security of the number: ${spelt(event)}`,
        detail,
      ),
    ],
  };
}
