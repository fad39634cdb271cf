import { tableOf } from "../../base/base.ts";
import type { Hold } from "../../contract/campaigns.ts";

/** What people are told when a campaign holds, and what to do. */
const hold = (reason: Hold["reason"], says: string, advice: string, code: string | null = null): Hold => {
  return { reason, code, says, advice };
};

const STATUS_WORDS = tableOf<string>({
  PAUSED: "is paused by Meta",
  DISABLED: "is disabled by Meta",
  REJECTED: "was rejected by Meta",
  PENDING: "waits for Meta's approval",
  DELETED: "was deleted",
  LIMIT_EXCEEDED: "is limited by Meta",
  LOCKED: "is locked by Meta",
  IN_APPEAL: "is under appeal",
});

const stands = (status: string | null) =>
  status === null ? "is not in the account any more" : (STATUS_WORDS[status] ?? "can't be sent now");

export const templateHold = (name: string, status: string | null): Hold =>
  hold(
    "template",
    `The template “${name}” ${stands(status)}.`,
    "Resume when Meta approves it again, or duplicate the campaign with another template.",
    status,
  );
export const fallbackHold = (
  { name, language, status }: { name: string; language: string; status: string | null },
  group: string,
): Hold =>
  hold(
    "template",
    `The template “${name}” (${language}), the fallback of the group “${group}”, ${stands(status)}.`,
    "Resume when Meta approves it again, or choose another fallback for the group.",
    status,
  );
export const templateRefusedHold = (
  { name, language }: { name: string; language: string },
  says: string,
): Hold =>
  hold(
    "template",
    `Meta refuses to send the template “${name}” (${language}): ${says}`,
    "Correct the template and have it approved, then resume.",
  );
/** What a campaign says that was held for its template, once that can be sent again. */
export const templateBackHold = (name: string): Hold =>
  hold(
    "template",
    `It was held for its template. Meta has approved “${name}” again.`,
    "Resume to go on with those who were not reached.",
  );
export const NO_TEMPLATE = hold(
  "template",
  "The template group is gone, or has no template of its fallback language.",
  "Correct the group, then resume.",
);
export const numberHold = (display: string, says: string, code: number | null): Hold =>
  hold(
    "number_paused",
    `Nothing can be sent from ${display}: ${says}`,
    "Do what Meta asks for, resume the number, then resume the campaign.",
    code === null ? null : String(code),
  );
export const limitHold = (display: string, says: string, code: number): Hold =>
  hold(
    "limit",
    `Meta limits what ${display} may send: ${says}`,
    "Wait until Meta lifts the limit, resume the number, then resume the campaign.",
    String(code),
  );
export const connectionHold = (says: string): Hold =>
  hold(
    "connection",
    `The connection to Meta can't send: ${says}`,
    "Correct the connection, then resume the campaign.",
  );
export const variableHold = ({ name, language }: { name: string; language: string }, place: string): Hold =>
  hold(
    "template",
    `The template “${name}” (${language}) has a place that the campaign has no value for: ${place}.`,
    "Take the template out of the group and resume, or duplicate the campaign and choose the value there.",
  );
export const NO_NUMBER = hold(
  "connection",
  "The campaign's number is gone.",
  "Duplicate it with another number.",
);
export const missedStart = (minutes: number, why: "was not running" | "was not approved"): Hold =>
  hold(
    "missed_start",
    why === "was not running"
      ? `It should have started ${minutes} minutes ago, when Wharf was not running.`
      : `It should have started ${minutes} minutes ago, before it was approved.`,
    "Resume to start it now, or cancel it.",
  );
export const APPROVAL = hold(
  "approval",
  "It waits for the approval of a second person.",
  "Another user approves it on this page.",
);
/** The code tells it from one that waits. */
export const APPROVAL_OFF = hold(
  "approval",
  "It waited for the approval of a second person. Campaigns need no approval any more.",
  "Resume to send it, or cancel it.",
  "off",
);
export const audienceHold = (what: string): Hold =>
  hold("audience", `${what} was deleted.`, "Duplicate the campaign and choose its audience again.");
/** What came of the first is told where it is shown (`canarySoFar`). */
export const canaryHold = (people: number, minutes: number): Hold =>
  hold(
    "canary",
    `The first ${people === 1 ? "one is" : `${people} are`} on the way. The others follow in ${minutes === 1 ? "1 minute" : `${minutes} minutes`} if all goes well.`,
    "Resume to go on now, or pause to look longer.",
  );
/** Its wait is over, and of too few of them it is known what became of them. */
export const canaryWaitsHold = (people: number): Hold =>
  hold(
    "canary",
    `${people === 1 ? "The first one's message has" : `Most of the first ${people} messages have`} not arrived at Meta yet, or Meta has not said so. The others wait for that.`,
    "See whether the number can send. It goes on by itself once Meta tells of them; resume to go on now.",
    "no_outcome",
  );
export const breakerHold = (percent: number, window: number, what: "failed" | "opted_out"): Hold =>
  hold(
    "breaker",
    what === "failed"
      ? `${percent}% of the last ${window} messages did not arrive.`
      : `${percent}% of the last ${window} people opted out.`,
    what === "failed"
      ? "Look at the reasons of the failures, then resume or cancel."
      : "Look at the audience and at the text, then resume or cancel.",
  );
