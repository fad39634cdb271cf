import type { Tx } from "../../db/db.ts";
import type { QueueRow } from "../../sending/sending.ts";
import { listOf, textOf } from "../../template-rules/template-rules.ts";
import { partsOf, type CampaignRow, type CampaignTemplate } from "../definition/definition.ts";
import { isTracked, linkTarget, makeLinks, type NewLink } from "../reports/reports.ts";

/** A message that is to be queued, by its template. */
export interface Send {
  send: QueueRow & { contact_id: string };
  template: CampaignTemplate;
}

type Content = Extract<QueueRow["content"], { type: "template" }>;

/**
 * URL buttons that lead over Wharf get a token of their person in place of the address, set-wise for all of a step. Null
 * for a message of which an address is none on the web: it can't be sent.
 */
export async function trackLinks(
  tx: Tx,
  row: CampaignRow,
  sends: readonly Send[],
  public_url: string | null,
): Promise<(Send | null)[]> {
  if (public_url === null) return [...sends];
  const links: NewLink[] = [];
  const planned = sends.map((one) => {
    const tracked = trackedButtons(one.template, public_url);
    const { content, contact_id } = one.send;
    if (tracked.size === 0 || content.type !== "template") return { one, content: null, places: [] };
    const places = (content.buttons ?? []).flatMap((button, at) =>
      button.type === "url" && tracked.has(button.index) ? [{ at, ...button }] : [],
    );
    const targets = places.map(({ text }) => linkTarget(text));
    if (targets.includes(null)) return null;
    const first = links.length;
    for (const [i, { index }] of places.entries())
      links.push({
        contact_id: row.track_clicks ? contact_id : null,
        button: `buttons.${index}.url`,
        target: targets[i]!,
      });
    return { one, content, places: places.map(({ at }, i) => ({ at, link: first + i })) };
  });
  const tokens = await makeLinks(tx, { workspace_id: row.workspace_id, campaign_id: row.id }, links);
  return planned.map((plan) => {
    if (plan === null || plan.content === null) return plan?.one ?? null;
    return {
      ...plan.one,
      send: { ...plan.one.send, content: withTokens(plan.content, plan.places, tokens) },
    };
  });
}

function withTokens(
  content: Content,
  places: readonly { at: number; link: number }[],
  tokens: readonly string[],
): Content {
  const buttons = (content.buttons ?? []).map((button, at) => {
    const place = places.find((one) => one.at === at);
    return place && button.type === "url" ? { ...button, text: tokens[place.link]! } : button;
  });
  return { ...content, buttons };
}

/** The places of a template's URL buttons that were approved with Wharf's own address. */
function trackedButtons({ components }: CampaignTemplate, public_url: string): Set<number> {
  const buttons = partsOf(components).find((part) => textOf(part["type"]).toUpperCase() === "BUTTONS");
  return new Set(
    listOf(buttons?.["buttons"]).flatMap((button, index) =>
      isTracked(textOf(button["url"]), public_url) ? [index] : [],
    ),
  );
}
