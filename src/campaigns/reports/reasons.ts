import type { SkipReason } from "../../contract/campaigns.ts";
import { explainFailure } from "../../meta/meta.ts";
import { NOT_META, SKIPPED } from "./texts.ts";

/** Meta chose not to deliver: too much marketing for this person now. */
export const LIMITED_CODE = 131049;
/** The person has stopped marketing messages of this business. */
export const STOPPED_CODE = 131050;

/** What a code of an undelivered message means, by Meta's catalogue; 0 and null are what Wharf itself found. */
export function explainCode(
  code: number | null,
  said: { title?: string | null; details?: string | null } | null,
): { code: number | null; title: string; advice: string } {
  const title = said?.title ?? null;
  const details = said?.details ?? null;
  if (code === null || code === 0)
    return { code: null, title: title ?? NOT_META.title, advice: details ?? NOT_META.advice };
  const { says, advice } = explainFailure({ code, title, message: null, details, href: null });
  return { code, title: says, advice };
}

export const skipTitle = (reason: SkipReason): string => SKIPPED[reason];
