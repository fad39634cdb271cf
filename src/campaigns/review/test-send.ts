import type { z } from "zod";
import { Problem } from "../../base/base.ts";
import type * as shapes from "../../contract/campaigns.ts";
import type { Database, Keep } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { queueMany, type QueueRow } from "../../sending/sending.ts";
import {
  contentOf,
  languagesOf,
  readPeople,
  readRow,
  readTemplates,
  valuesOf,
  type CampaignRow,
  type CampaignTemplate,
  type Person,
  type PlaceValue,
} from "../definition/definition.ts";
import { placeWords } from "./previews.ts";

type Result = z.infer<typeof shapes.CampaignTestResult>;
type Asked = z.infer<typeof shapes.CampaignTest>;

/**
 * Sends what the campaign says to a few numbers, with a contact's values or the author's samples. These messages are an
 * agent's: they belong to no recipient and are in no count. Throws CAMPAIGN_NOT_READY.
 */
export function sendTest(
  db: Database,
  asking: { workspace_id: string; id: string; user_id: string | null },
  { to, as_contact_id }: Asked,
  keep?: Keep<Result>,
): Promise<Result> {
  return db.transaction(async (tx) => {
    const { workspace_id, id, user_id } = asking;
    const row = await readRow(tx, workspace_id, id);
    const templates = await readTemplates(tx, row);
    if (row.phone_number_id === null || templates === null)
      throw new Problem("CAMPAIGN_NOT_READY", "Choose the number and the template first.");
    const from = row.phone_number_id;
    const people =
      as_contact_id === undefined
        ? new Map<string, Person>()
        : await readPeople(tx, workspace_id, [{ contact_id: as_contact_id, values: null }]);
    const person = as_contact_id === undefined ? null : (people.get(as_contact_id) ?? null);
    if (as_contact_id !== undefined && person === null)
      throw new Problem("INVALID_REQUEST", "body.as_contact_id: no contact has this id");
    const template = templates.choose(person === null ? [] : languagesOf(person));
    if (template === null) throw new Problem("CAMPAIGN_NOT_READY", "Its template can't be sent now.");
    const content = contentOf(template, testValues(row, template, person));
    const { outcomes, changes } = await queueMany(
      tx,
      to.map((number): QueueRow => ({
        workspace_id,
        source: user_id === null ? "API" : "AGENT",
        from,
        to: number,
        content,
        once: true,
        ...(user_id === null ? {} : { user_id }),
      })),
    );
    const result: Result = {
      results: outcomes.map((outcome, i) =>
        "id" in outcome
          ? { to: to[i]!, message_id: outcome.id, says: null }
          : {
              to: to[i]!,
              message_id: null,
              says: (outcome.problem.detail ?? outcome.problem.message).replace(/^body\.to: /, ""),
            },
      ),
    };
    await keep?.(tx, result);
    await publish(tx, changes);
    return result;
  });
}

/** Of no person: what is fixed, then fallbacks, then the author's samples. */
const STRANGER: Person = {
  contact_id: "",
  name: null,
  marketing_state: "UNKNOWN",
  reach: null,
  country: null,
  language: null,
  time_zone: null,
  fields: {},
  values: {},
};

function testValues(
  row: CampaignRow,
  template: CampaignTemplate,
  person: Person | null,
): ReadonlyMap<string, PlaceValue> {
  const values = new Map<string, PlaceValue>();
  for (const place of template.places) {
    const filled = valuesOf([place], row.variables, person ?? STRANGER);
    const value = "values" in filled ? filled.values.get(place.place) : undefined;
    const sample = place.kind === "text" ? { text: place.sample ?? "sample" } : undefined;
    const stands = value ?? (place.required ? sample : undefined);
    if (stands !== undefined) values.set(place.place, stands);
    else if (place.required)
      throw new Problem("CAMPAIGN_NOT_READY", `Choose what stands in ${placeWords(place.place)}.`);
  }
  return values;
}
