import type { Hold } from "../../contract/campaigns.ts";
import type { Queryable } from "../../db/db.ts";
import { getPhoneNumber } from "../../sending/sending.ts";
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
} from "./sentences.ts";

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
  const templates = await readTemplates(db, row);
  const hold = templates === null ? NO_TEMPLATE : templateObstacle(templates);
  if (hold !== null || templates === null) return { hold: hold ?? NO_TEMPLATE };
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
