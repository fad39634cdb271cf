import { sentences, tableOf } from "../base/base.ts";
import {
  fact,
  list,
  NOTHING,
  notice,
  peopleADay,
  record,
  seconds_ms,
  spelt,
  tierOf,
  text,
  word,
  type Fact,
  type Said,
} from "./facts.ts";

const MANAGER =
  "See what Meta asks for in WhatsApp Manager. Sending goes on when Meta takes it back, or when you resume the number.";
const MEANWHILE = "Messages go out as before. See what Meta asks for in WhatsApp Manager.";
/** What ends an account's restrictions, and its ban with them. */
export const REINSTATED = "reinstated";

/** What the fields of Meta's about a whole account say. Source: Meta's webhook reference of each field. */
export function readAccount(field: string, value: Record<string, unknown>): Said {
  switch (field) {
    case "account_update":
      return readUpdate(word(value["event"]) ?? "", value);
    case "account_review_update":
      return readReview(word(value["decision"]));
    case "account_alerts":
      return readAlert(value);
    case "business_capability_update":
      return readCapability(value);
    case "account_settings_update":
      return readSettings(value);
    case "business_username_update":
    case "business_username_updates":
      return readUsername(value);
    case "payment_configuration_update":
      return {
        facts: [],
        notices: [
          notice(
            `payment:${text(value["configuration_name"]) ?? ""}`,
            "info",
            `The payment configuration ${text(value["configuration_name"]) ?? ""} is ${spelt(text(value["status"]) ?? "changed")}`,
          ),
        ],
      };
    default:
      return NOTHING;
  }
}

function readUpdate(event: string, value: Record<string, unknown>): Said {
  switch (event) {
    case "ACCOUNT_RESTRICTION":
      return readRestrictions(list(value["restriction_info"]));
    case "DISABLED_UPDATE":
      return readBan(record(value["ban_info"]));
    case "ACCOUNT_VIOLATION": {
      const kind = text(record(value["violation_info"])["violation_type"]) ?? "policy";
      const title = `Meta says that the account breaks its policy: ${spelt(kind)}`;
      const advice = "See the account's quality page in WhatsApp Manager, and appeal there if it is wrong.";
      return {
        facts: [fact("violation", { kind })],
        notices: [notice("violation", "warning", title, advice)],
      };
    }
    case "ACCOUNT_DELETED":
      return stopped("deleted", "The account was deleted", "Meta deleted the account.");
    case "ACCOUNT_OFFBOARDED":
      return stopped(
        "onboarding",
        "The number was disconnected from the API",
        "The number was disconnected from the API.",
      );
    case "ACCOUNT_RECONNECTED":
      return goesOn("onboarding", "The number is connected to the API again");
    case "PARTNER_REMOVED":
      return stopped(
        "partner",
        "The account is no longer shared with you",
        "The account is no longer shared with this business.",
        reasonOf(value),
      );
    case "PARTNER_ADDED":
      return goesOn("partner", "An account is shared with you");
    case "PARTNER_APP_UNINSTALLED":
      return told(
        event,
        "critical",
        "An app was removed from the account",
        "If it is the app of this connection, nothing can be sent or received.",
      );
    case "PARTNER_APP_INSTALLED":
      return told("PARTNER_APP_UNINSTALLED", "info", "An app was added to the account", null, true);
    case "VOLUME_BASED_PRICING_TIER_UPDATE":
    case "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE":
    case "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE":
      return told(
        event,
        "info",
        "Meta changed what the account's messages cost",
        `Meta's word for it is ${event}.`,
      );
    case "":
      return NOTHING;
    default:
      return told(event, "info", `Meta tells of the account: ${spelt(event)}`);
  }
}

const told = (
  key: string,
  severity: "info" | "warning" | "critical",
  title: string,
  detail: string | null = null,
  resolved = false,
): Said => ({ facts: [], notices: [notice(key, severity, title, detail, resolved)] });

const stopped = (aspect: string, title: string, says: string, detail: string | null = null): Said => ({
  facts: [fact(aspect, {}, { blocks: "all", says })],
  notices: [notice(aspect, "critical", title, sentences(detail, "Nothing is sent meanwhile."))],
});

const goesOn = (aspect: string, title: string): Said => ({
  facts: [fact(aspect, {})],
  notices: [notice(aspect, "info", title, null, true)],
});

function reasonOf(value: Record<string, unknown>): string | null {
  const { reason } = record(value["disconnection_info"]);
  const why = text(reason);
  return why === null ? null : `Meta's reason: ${spelt(why)}.`;
}

/** Until when each holds. One that Meta names no more is over by its own time, or by a reinstatement. */
function readRestrictions(restrictions: Record<string, unknown>[]): Said {
  const said: Said = { facts: [], notices: [] };
  for (const { restriction_type, expiration } of restrictions) {
    const type = word(restriction_type);
    if (type === null) continue;
    const until_ms = seconds_ms(expiration);
    const until =
      until_ms === null
        ? null
        : `It ends ${new Date(until_ms).toISOString().slice(0, 16).replace("T", " ")} UTC.`;
    const blocks = type.includes("CUSTOMER_INITIATED")
      ? "all"
      : type.includes("BIZ_INITIATED")
        ? "templates"
        : null;
    const [says, over] = wordsOfRestriction(type, blocks);
    said.facts.push(fact(`restriction:${type}`, { type }, { blocks, until_ms, says }));
    said.notices.push(
      notice(
        `restriction:${type}`,
        blocks === null ? "warning" : "critical",
        says.slice(0, -1),
        sentences(until, blocks === null ? MEANWHILE : MANAGER),
        false,
        { until_ms, by: REINSTATED, title: over },
      ),
    );
  }
  return said;
}

/** While it holds, and once it is over. */
function wordsOfRestriction(type: string, blocks: Fact["blocks"]): [says: string, over: string] {
  if (blocks === "all")
    return [
      "Meta restricts the account: it may not answer people.",
      "A restriction by Meta is over: the account may answer people again",
    ];
  if (blocks === "templates")
    return [
      "Meta restricts the account: it may not begin conversations, so templates wait.",
      "A restriction by Meta is over: the account may begin conversations again",
    ];
  if (type === "RESTRICTED_ADD_PHONE_NUMBER_ACTION")
    return [
      "Meta restricts the account: it may not add phone numbers.",
      "A restriction by Meta is over: the account may add phone numbers again",
    ];
  const what = spelt(type.replace(/^RESTRICTED_/, ""));
  return [`Meta restricts the account: ${what}.`, `A restriction by Meta is over: ${what}`];
}

function readBan(ban: Record<string, unknown>): Said {
  const state = word(ban["waba_ban_state"]);
  const date = text(ban["waba_ban_date"]);
  if (state === null) return NOTHING;
  if (state === "REINSTATE")
    return {
      facts: [fact("ban", { state }), fact(REINSTATED, {})],
      ends: [REINSTATED],
      notices: [notice("ban", "info", "Meta has reinstated the account", "It may send again.", true)],
    };
  if (state === "SCHEDULE_FOR_DISABLE") {
    const title = `Meta is going to disable the account${date === null ? "" : ` on ${date}`}`;
    return { facts: [fact("ban", { state, date })], notices: [notice("ban", "critical", title, MEANWHILE)] };
  }
  if (state !== "DISABLE")
    return told("ban", "warning", `Meta tells of a ban of the account: ${spelt(state)}`);
  const says = "Meta has disabled the account.";
  return {
    facts: [fact("ban", { state, date }, { blocks: "all", says })],
    notices: [notice("ban", "critical", "Meta has disabled the account", MANAGER)],
  };
}

const REVIEWS = tableOf<[severity: "info" | "warning" | "critical", title: string]>({
  APPROVED: ["info", "Meta has approved the account"],
  PENDING: ["info", "Meta is reviewing the account"],
  DEFERRED: ["warning", "Meta has put the review of the account off"],
  REJECTED: ["critical", "Meta has rejected the account"],
});

function readReview(decision: string | null): Said {
  if (decision === null) return NOTHING;
  const [severity, title] = REVIEWS[decision] ?? ["info", `Meta's review of the account: ${spelt(decision)}`];
  const detail =
    decision === "REJECTED"
      ? "See why in the business's Security Centre, and ask for another review there."
      : null;
  return {
    facts: [fact("review", { decision })],
    notices: [notice("review", severity, title, detail, decision === "APPROVED")],
  };
}

const ALERTS = tableOf<"critical" | "warning">({ CRITICAL: "critical", WARNING: "warning" });

/** Newer payloads have the alert's parts in `alert_info`, older ones beside it. */
function readAlert(value: Record<string, unknown>): Said {
  const alert = { ...value, ...record(value["alert_info"]) };
  const type = word(alert["alert_type"]);
  if (type === null) return NOTHING;
  const severity = ALERTS[word(alert["alert_severity"]) ?? ""] ?? "info";
  const entity = text(value["entity_id"]) ?? "";
  const over = word(alert["alert_status"]) === "NONE";
  const title = `Meta's alert: ${spelt(type)}`;
  return {
    facts: [],
    notices: [notice(`alert:${type}:${entity}`, severity, title, text(alert["alert_description"]), over)],
  };
}

function readCapability(value: Record<string, unknown>): Said {
  const limit = value["max_daily_conversations_per_business"] ?? value["max_daily_conversation_per_phone"];
  const numbers = text(value["max_phone_numbers_per_waba"] ?? value["max_phone_numbers_per_business"]);
  const people = peopleADay(limit);
  const title =
    people === null
      ? "Meta changed what the business may do"
      : `The business may begin conversations with ${people} a day`;
  const detail =
    numbers === null ? null : `It may have ${numbers === "-1" ? "any number of" : numbers} phone numbers.`;
  return {
    facts: people === null ? [] : [fact("limit", { limit: tierOf(limit) })],
    notices: [notice("capability", "info", title, detail)],
  };
}

function readSettings(value: Record<string, unknown>): Said {
  const { phone_number_id, calling } = record(value["phone_number_settings"]);
  const number = text(phone_number_id);
  const status = word(record(calling)["status"]);
  const title =
    number === null
      ? "Settings of the account were changed at Meta"
      : `Settings of the number ${number} were changed at Meta`;
  return told(
    `settings:${number ?? ""}`,
    "info",
    title,
    status === null ? null : `Calls are ${spelt(status)}.`,
  );
}

function readUsername(value: Record<string, unknown>): Said {
  const username = text(value["username"]);
  const status = text(value["status"]) ?? text(value["decision"]) ?? "changed";
  const title =
    username === null
      ? `The business username: ${spelt(status)}`
      : `The business username @${username.replace(/^@/, "")}: ${spelt(status)}`;
  const bad = /reject|deleted|denied/i.test(status);
  return {
    facts: [fact("username", { username, status })],
    notices: [notice("username", bad ? "warning" : "info", title, null, /approved|active/i.test(status))],
  };
}
