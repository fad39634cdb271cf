import { tableOf } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import type { Handle } from "../facts/facts.ts";

export type CallView = NonNullable<Reply<"GET /api/v1/messages">["data"][number]["call"]>;

/** A line that is no message: what it says in words, as WhatsApp says none. */
export interface WordlessLine {
  type: string;
  direction: "INBOUND" | "OUTBOUND";
  content: Record<string, unknown>;
  call: Pick<CallView, "result" | "duration_s" | "reason"> | null;
}

const ROLES = tableOf<string>({
  ai_agent: "Meta Business Agent",
  meta_business_agent: "Meta Business Agent",
  customer_service: "Customer service",
  marketing: "The marketing partner",
  utility: "The utility partner",
  ctwa: "The partner for ads",
  escalation: "The escalation partner",
});

/** Null where there is nothing to say: then WhatsApp's own text stands, if it gave one. */
export function wordsOf(line: WordlessLine, nameOf: (who: Handle) => string): string | null {
  if (line.call) return callWords(line.direction, line.call);
  return line.type === "system" ? systemWords(line.content, nameOf) : null;
}

/** The people that a line names; their names are looked up where it is shown. */
export function peopleIn(content: Record<string, unknown> | null): Handle[] {
  const people = content?.["people"];
  return Array.isArray(people) ? (people as Handle[]) : [];
}

function callWords(direction: WordlessLine["direction"], call: NonNullable<WordlessLine["call"]>): string {
  const { result, duration_s, reason } = call;
  const ours = direction === "OUTBOUND";
  switch (result) {
    case "answered": {
      const length = duration_s === null ? null : lengthOf(duration_s);
      return length === null ? "Voice call" : `Voice call, ${length}`;
    }
    case "missed":
      return ours ? "Voice call, no answer" : "Missed voice call";
    case "rejected":
      return "Voice call, declined";
    case "failed":
      return reason === null ? "Voice call failed" : `Voice call failed: ${reason}`;
    default:
      return ours ? "Outgoing voice call" : "Incoming voice call";
  }
}

function lengthOf(duration_s: number): string {
  const [hours, minutes, seconds] = [
    Math.floor(duration_s / 3_600),
    Math.floor((duration_s % 3_600) / 60),
    duration_s % 60,
  ];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min${seconds > 0 ? ` ${seconds} s` : ""}` : `${seconds} s`;
}

function systemWords(content: Record<string, unknown>, nameOf: (who: Handle) => string): string | null {
  const text = (name: string) => (typeof content[name] === "string" ? content[name] : null);
  const who = listed(peopleIn(content).map(nameOf));
  const [subject, note] = [text("subject"), text("note")];
  const quoted = subject === null ? null : `“${subject}”`;
  switch (content["type"]) {
    case "group_create":
      return quoted === null ? "The group was created" : `The group ${quoted} was created`;
    case "group_delete":
      return "The group was deleted";
    case "group_participants_add":
      return who && `${who} joined${text("reason") === "invite_link" ? " by the invitation link" : ""}`;
    case "group_participants_remove":
      return who && (text("initiated_by") === "business" ? `${who} was removed` : `${who} left`);
    case "group_join_request_created":
      return who && `${who} asks to join`;
    case "group_join_request_revoked":
      return who && `${who} no longer asks to join`;
    case "group_settings_update":
      return changesOf(quoted, text("description") !== null, content["picture"] === true);
    case "group_suspend":
      return "WhatsApp suspended the group";
    case "group_suspend_cleared":
      return "WhatsApp ended the group’s suspension";
    case "control_passed":
      return withNote(`${roleOf(text("from_role"))} passed the conversation on to you`, note);
    case "control_taken":
      return withNote(`${roleOf(text("to_role"))} took the conversation over`, note);
    default:
      return null;
  }
}

function changesOf(subject: string | null, description: boolean, picture: boolean): string | null {
  const changed = [description && "the description", picture && "the picture"].filter(Boolean);
  const rest = changed.length === 0 ? null : `${listed(changed as string[])} changed`;
  const named = subject === null ? null : `The group is now called ${subject}`;
  if (named === null) return rest === null ? null : rest.replace(/^t/, "T");
  return rest === null ? named : `${named}; ${rest}`;
}

const roleOf = (role: string | null): string => ROLES[role ?? ""] ?? "Another responder";
const withNote = (words: string, note: string | null): string =>
  note === null ? words : `${words}: ${note}`;

function listed(names: readonly string[]): string | null {
  if (names.length < 2) return names[0] ?? null;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
