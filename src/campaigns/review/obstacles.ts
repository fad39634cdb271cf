import type { Hold } from "../../contract/campaigns.ts";
import type { Queryable } from "../../db/db.ts";
import { getPhoneNumber, refusalsOf } from "../../sending/sending.ts";
import {
  isSendable,
  readTemplates,
  type CampaignRow,
  type CampaignTemplates,
} from "../definition/definition.ts";
import {
  connectionHold,
  fallbackHold,
  limitHold,
  NO_NUMBER,
  NO_TEMPLATE,
  numberHold,
  templateHold,
  templateRefusedHold,
  variableHold,
} from "./sentences.ts";
import { placeWords } from "./previews.ts";

/** Codes after which Meta limits a number or account for what people say of it. */
const LIMITS = [131048, 131064];
const CONNECTION = [0, 3, 10, 102, 190, 368, 131005, 131031, 131042, 131044];

/** What a campaign sends by, or what stands in its way now. */
export type Readiness =
  | { hold: Hold }
  | {
      hold: null;
      templates: CampaignTemplates;
      /** What its number may send. */
      rate_per_s: number;
    };

export async function readReadiness(db: Queryable, row: CampaignRow): Promise<Readiness> {
  const ready = await readSending(db, row);
  const hold = ready.hold === null ? valueObstacle(ready.templates, row) : null;
  return hold === null ? ready : { hold };
}

/** The same of a draft, whose values are checked by their places. */
export async function readSending(db: Queryable, row: CampaignRow): Promise<Readiness> {
  const templates = await readTemplates(db, row);
  const hold = templates === null ? NO_TEMPLATE : templateObstacle(templates);
  if (hold !== null || templates === null) return { hold: hold ?? NO_TEMPLATE };
  const refused = await refusalHold(db, row, templates);
  if (refused !== null) return { hold: refused };
  if (row.phone_number_id === null) return { hold: NO_NUMBER };
  const number = await getPhoneNumber(db, row.workspace_id, row.phone_number_id).catch(() => null);
  if (number === null) return { hold: NO_NUMBER };
  if (!number.connected) return { hold: connectionHold("No access token is set.") };
  const { paused, throughput_per_s } = number.sending;
  if (paused) {
    const display = number.display_phone_number ?? number.phone_number_id;
    const reason = sentence(paused.reason ?? "It is paused.");
    const { code } = paused;
    if (code !== null && LIMITS.includes(code)) return { hold: limitHold(display, reason, code) };
    if (code !== null && (CONNECTION.includes(code) || (code >= 200 && code < 300)))
      return { hold: connectionHold(reason) };
    return { hold: numberHold(display, reason, code) };
  }
  return { hold: null, templates, rate_per_s: throughput_per_s };
}

/** Meta goes on listing as approved what it refuses to send by. */
export async function refusalHold(
  db: Queryable,
  { workspace_id }: CampaignRow,
  { members }: CampaignTemplates,
): Promise<Hold | null> {
  const sendable = members.filter(isSendable);
  const refusals = await refusalsOf(
    db,
    workspace_id,
    sendable.flatMap(({ id }) => id ?? []),
  );
  const refused = sendable.find(({ id }) => refusals.has(id!));
  return refused === undefined ? null : templateRefusedHold(refused, refusals.get(refused.id!)!);
}

/** A group, or a template that Meta approved anew, may have come to places that had no value at the launch. */
function valueObstacle({ members }: CampaignTemplates, { variables }: CampaignRow): Hold | null {
  for (const member of members.filter(isSendable))
    for (const { place, required } of member.places)
      if (required && variables[place] === undefined) return variableHold(member, placeWords(place));
  return null;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/**
 * Of a group the fallback has to be sendable: it is everyone's whose own language isn't, and without it they would be
 * skipped for good.
 */
export function templateObstacle({ members, group }: CampaignTemplates): Hold | null {
  if (group === null) {
    const [only] = members;
    if (only === undefined) return NO_TEMPLATE;
    return isSendable(only) ? null : templateHold(only.name, only.status);
  }
  const fallback = members.find(({ language }) => language === group.fallback_language);
  if (fallback === undefined) return NO_TEMPLATE;
  return isSendable(fallback) ? null : fallbackHold(fallback, group.name);
}
