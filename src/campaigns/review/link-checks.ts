import { listOf, textOf } from "../../template-rules/template-rules.ts";
import { isSendable, partsOf, type CampaignRow, type CampaignTemplates } from "../definition/definition.ts";
import { isTracked, LINK_PATH } from "../reports/reports.ts";

/**
 * What is wrong with links that were to lead over Wharf, each in a sentence: where Wharf is not known to be at the
 * template's address it puts no token there, and a whole address behind the template's own leads nowhere.
 */
export function linkFaults(
  templates: CampaignTemplates,
  row: CampaignRow,
  public_url: string | null,
): { place: string; says: string }[] {
  const faults = new Map<string, string>();
  for (const { components } of templates.members.filter(isSendable)) {
    const part = partsOf(components).find(({ type }) => textOf(type).toUpperCase() === "BUTTONS");
    for (const [index, button] of listOf(part?.["buttons"]).entries()) {
      const url = textOf(button["url"]);
      if (!url.includes("{{1}}") || isTracked(url, public_url)) continue;
      const place = `buttons.${index}.url`;
      const variable = row.variables[place];
      const is_address = variable?.from === "text" && /^https?:\/\//i.test(variable.text.trim());
      const is_ours = row.track_clicks && url.endsWith(`${LINK_PATH}{{1}}`);
      if (is_ours) faults.set(place, notOurs(index, url, public_url));
      else if (is_address)
        faults.set(
          place,
          `The link of button ${index + 1} would be ${url.replace("{{1}}", variable.text.trim())}. Give only what stands behind ${url.replace("{{1}}", "")}`,
        );
    }
  }
  return [...faults].map(([place, says]) => ({ place, says }));
}

const notOurs = (index: number, url: string, public_url: string | null) =>
  public_url === null
    ? `The link of button ${index + 1} can't be tracked: Wharf does not know its own address. Set WHARF_PUBLIC_URL to ${url.replace(`${LINK_PATH}{{1}}`, "")} and restart, or switch off counting clicks.`
    : `The link of button ${index + 1} begins with ${url.replace("{{1}}", "")}, and Wharf is at ${public_url}. Use a template with ${public_url}${LINK_PATH}{{1}}, or switch off counting clicks.`;
