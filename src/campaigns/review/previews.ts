import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import type { FieldValue } from "../../contract/audience.ts";
import { sql, type Tx } from "../../db/db.ts";
import { isRefused } from "../../sending/sending.ts";
import {
  audienceSql,
  languagesOf,
  readPeople,
  valuesOf,
  type CampaignRow,
  type CampaignTemplates,
  type Person,
  type PlaceValue,
} from "../definition/definition.ts";

type Preview = z.infer<typeof shapes.Review>["previews"][number];

/** Among how many of the audience one of each kind is looked for. */
const LOOK_AT = 500;

/** What a few real people would get: one with all values, one without, and one who is kept out. */
export async function readPreviews(
  tx: Tx,
  row: CampaignRow,
  templates: CampaignTemplates,
  now: Date,
): Promise<Preview[]> {
  const audience = await audienceSql(tx, row, now.toISOString().slice(0, 10));
  const wanted = await tx.rows<{ contact_id: string; values: Record<string, FieldValue> | null }>(sql`
    select few.id as contact_id, a."values" from (
      select distinct id from (${audience.included(() => sql`true`)} limit ${LOOK_AT * 2}) found limit ${LOOK_AT}) few
    left join campaign_additions a on a.workspace_id = ${row.workspace_id} and a.campaign_id = ${row.id}
      and a.contact_id = few.id`);
  const people = [...(await readPeople(tx, row.workspace_id, wanted)).values()];
  const found = new Map<Preview["kind"], Preview>();
  for (const person of people) {
    const preview = previewOf(row, templates, person);
    if (!found.has(preview.kind)) found.set(preview.kind, preview);
  }
  return (["complete", "missing", "suppressed"] as const).flatMap((kind) => found.get(kind) ?? []);
}

export function previewOf(row: CampaignRow, templates: CampaignTemplates, person: Person): Preview {
  const template = templates.choose(languagesOf(person)) ?? templates.members[0] ?? null;
  const phone = person.reach === null || person.reach.kind === "bsuid" ? null : `+${person.reach.value}`;
  const about = {
    contact: { id: person.contact_id, display_name: person.name ?? phone ?? "Unknown", phone },
    template_id: template?.id ?? null,
  };
  if (person.reach === null)
    return { ...about, kind: "suppressed", says: "They have no number that can be written to.", values: {} };
  if (template !== null && isRefused(template.category, person.marketing_state))
    return {
      ...about,
      kind: "suppressed",
      says: "They want no marketing: nothing is sent to them.",
      values: {},
    };
  const places = template?.places ?? [];
  const filled = valuesOf(places, row.variables, person);
  if ("missing" in filled)
    return {
      ...about,
      kind: "missing",
      says: `They have no value for ${placeWords(filled.missing)} and are skipped.`,
      // What there is of this person; the places without a value stay empty.
      values: shownOf(
        valuesOf(
          places.map((place) => ({ ...place, required: false })),
          row.variables,
          person,
        ),
      ),
    };
  const values = shownOf(filled);
  return { ...about, kind: "complete", says: "They get it as it is shown here.", values };
}

function shownOf(filled: ReturnType<typeof valuesOf>): Preview["values"] {
  const values = "missing" in filled ? [] : [...filled.values];
  return Object.fromEntries(values.map(([place, value]) => [place, shown(value)]));
}

function shown(value: PlaceValue): string {
  if ("text" in value) return value.text;
  if ("media" in value) return "id" in value.media ? value.media.id : value.media.link;
  return value.name || `${value.latitude}, ${value.longitude}`;
}

/** A place of a template in words: `{{1}} of the body`. */
export function placeWords(place: string): string {
  const [part, ...rest] = place.split(".");
  if (part === "buttons")
    return `the ${rest[1] === "code" ? "code" : "link"} of button ${Number(rest[0]) + 1}`;
  if (rest[0] === "media") return "the header's file";
  if (rest[0] === "location") return "the header's location";
  return `{{${rest.join(".")}}} of the ${part}`;
}
