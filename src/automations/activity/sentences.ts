import { explainFailure } from "../../meta/meta.ts";
import type { FlowNode } from "../../contract/automations.ts";
import * as texts from "./texts.ts";

/** A visit of a node, as far as a sentence tells of it. */
interface Told {
  status: string;
  port: string | null;
  reason: string | null;
  inputs: Record<string, unknown>;
  due_at: string | null;
}

/** Why a run ended, rests or did not begin; null: there is nothing to say. `said`: by its last node. */
export function sayRun(state: string, reason: string | null, said: unknown): string | null {
  if (reason === null) return null;
  const own = state === "BLOCKED" ? texts.BLOCKED_REASONS : texts.RUN_REASONS;
  return own[reason] ?? sayReason(reason, said);
}

function sayReason(reason: string, said: unknown): string {
  if (typeof said === "string" && said !== "") return said;
  if (/^\d+$/.test(reason)) {
    const { says } = explainFailure({
      code: Number(reason),
      title: null,
      message: null,
      details: null,
      href: null,
    });
    return says;
  }
  return texts.NODE_REASONS[reason] ?? texts.UNKNOWN_REASON;
}

/** What happened at a node: the reason where it has one, else what was decided there, and from what. */
export function sayActivity(node: FlowNode | undefined, told: Told): string | null {
  const { status, reason, inputs, due_at, port } = told;
  const until = status === "SCHEDULED" && due_at !== null ? texts.waitsUntil(timeText(due_at)) : null;
  if (reason === "CALL_FAILED") return sayFailedCall(inputs);
  if (reason !== null) {
    const own = texts.NODE_REASONS[reason] === undefined ? texts.RUN_REASONS[reason] : undefined;
    const says = own ?? sayReason(reason, inputs["says"]);
    return until === null ? says : `${says} ${until}`;
  }
  if (status === "PENDING")
    return node?.type === "action" && node.act?.kind === "call_url"
      ? texts.waitsForAnswer
      : texts.waitsForMeta;
  if (status === "SCHEDULED") return until;
  switch (node?.type) {
    case "wait":
      return sayWait(inputs);
    case "condition":
      return sayCondition(inputs, port);
    case "action":
      return sayAnswer(inputs);
    case "split":
      return texts.drewBranch(node.branches.find(({ id }) => id === port)?.name ?? port ?? "");
    default:
      return null;
  }
}

const statusOf = ({ answer }: Record<string, unknown>): string | null => {
  const status = (answer as { status?: unknown } | undefined)?.status;
  return typeof status === "number" ? String(status) : null;
};

function sayAnswer(inputs: Record<string, unknown>): string | null {
  const status = statusOf(inputs);
  return status === null ? null : texts.callAnswered(status, Number(inputs["attempts"] ?? 1));
}

function sayFailedCall(inputs: Record<string, unknown>): string {
  const { says, attempts } = inputs;
  const error = typeof says === "string" ? says : (texts.NODE_REASONS["CALL_FAILED"] ?? "");
  return texts.callFailed(statusOf(inputs), error, Number(attempts ?? 1));
}

/** `2026-11-30 10:02 UTC`, which the pages show in the reader's own zone. */
export function timeText(iso: unknown): string {
  const at = new Date(String(iso));
  if (Number.isNaN(at.getTime())) return String(iso);
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** How far the message came: `delivered 2026-11-30 10:02 UTC, not read, no reply`. */
function messageText(facts: Record<string, unknown>): string {
  if (facts["message_id"] === null) return texts.noMessage;
  return texts.STEPS.flatMap(([key, is, is_not]) => {
    if (!(key in facts)) return [];
    const at = facts[key];
    return typeof at === "string" ? [`${is} ${timeText(at)}`] : is_not === null ? [] : [is_not];
  }).join(", ");
}

function sayWait(inputs: Record<string, unknown>): string {
  const { outcome, happened_at, deadline_at } = inputs;
  if (typeof outcome === "string")
    return texts.outcomeAt(texts.OUTCOMES[outcome] ?? outcome, timeText(happened_at));
  const known = messageText(inputs);
  return `${texts.deadlineOver(timeText(deadline_at))}${known === "" ? "" : ` ${capital(known)}.`}`;
}

/** Each question with its own answer, and what it was decided from. */
function sayCondition(inputs: Record<string, unknown>, port: string | null): string {
  const tests = Array.isArray(inputs["tests"]) ? (inputs["tests"] as Record<string, unknown>[]) : [];
  const parts = tests.map((test) => {
    const because = becauseOf(test);
    // What was asked is told, also where its opposite was.
    const yes = test["not"] === true ? test["result"] !== true : test["result"] === true;
    return `${questionOf(test)} ${texts.answer(yes)}${because === "" ? "" : `: ${because}`}.`;
  });
  return parts.length === 0 ? `${texts.answer(port === "yes")}.` : parts.join(" ");
}

function questionOf(test: Record<string, unknown>): string {
  const kind = String(test["is"]);
  if (kind === "event") return texts.asksEvent(String(test["name"]));
  if (kind === "payload" || kind === "answer") {
    const { op, value } = test["test"] as { op: string; value?: unknown };
    const path = Array.isArray(test["path"]) ? test["path"].join(".") : "";
    const asks = kind === "payload" ? texts.asksPayload : texts.asksAnswer;
    return asks(path, op, value === undefined ? "" : valueText(value));
  }
  return texts.QUESTIONS[kind === "delivery_status" ? String(test["status"]) : kind] ?? `${kind}?`;
}

const valueText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
};

function becauseOf(test: Record<string, unknown>): string {
  switch (test["is"]) {
    case "delivery_status":
    case "replied":
      return messageText(test);
    case "payload":
    case "answer": {
      const value = test["value"];
      return value === null || value === undefined ? texts.isNothing : texts.isNow(valueText(value));
    }
    case "window_open": {
      const until = test["until"];
      if (typeof until !== "string") return texts.neverWrote;
      return test["result"] !== test["not"]
        ? texts.openUntil(timeText(until))
        : texts.closedSince(timeText(until));
    }
    case "event":
      return typeof test["occurred_at"] === "string" ? texts.happenedAt(timeText(test["occurred_at"])) : "";
    default:
      return "";
  }
}
