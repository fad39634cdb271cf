import { isId } from "../base/base.ts";
import { rowsOf, sql, type Queryable, type Tx } from "../db/db.ts";
import { type Component, listOf, sampleOf, typeOf } from "../template-rules/template-rules.ts";

/** Files of the media library by the place of the template: `header.media`, `cards.0.header.media`. */
export type Samples = Readonly<Record<string, string>>;

/** Of a draft: what its headers name, those of cards too. */
export function samplesIn(components: readonly Component[], at = ""): Record<string, string> {
  const samples: Record<string, string> = {};
  for (const component of components) {
    const type = typeOf(component["type"]);
    const sample = type === "HEADER" ? sampleOf(component) : null;
    if (sample && "media_id" in sample && isId(sample.media_id))
      samples[`${at}header.media`] = sample.media_id.toLowerCase();
    if (type === "CAROUSEL")
      for (const [index, card] of listOf(component["cards"]).entries())
        Object.assign(samples, samplesIn(listOf(card["components"]), `cards.${index}.`));
  }
  return samples;
}

/** A draft's components with the files that were its samples when Meta took the template. */
export function withSamples(
  components: readonly Record<string, unknown>[],
  samples: Samples,
  at = "",
): Record<string, unknown>[] {
  const media_id = samples[`${at}header.media`];
  return components.map((component) => {
    const type = typeOf(component["type"]);
    if (type === "HEADER" && typeOf(component["format"]) !== "TEXT" && media_id !== undefined)
      return { ...component, example: { media_id } };
    if (type !== "CAROUSEL") return component;
    const cards = listOf(component["cards"]).map((card, index) => ({
      ...card,
      components: withSamples(listOf(card["components"]), samples, `cards.${index}.`),
    }));
    return { ...component, cards };
  });
}

/** By template_samples' key. */
export async function readSamples(db: Queryable, workspace_id: string, template: string): Promise<Samples> {
  const rows = await db.rows<{ place: string; media_id: string }>(sql`
    select place, media_id from template_samples where workspace_id = ${workspace_id} and template = ${template}`);
  return Object.fromEntries(rows.map(({ place, media_id }) => [place, media_id]));
}

/** Meta has taken these components as the template. */
export async function keepSamples(
  tx: Tx,
  workspace_id: string,
  template: string,
  components: readonly Component[],
): Promise<void> {
  await tx.run(
    sql`delete from template_samples where workspace_id = ${workspace_id} and template = ${template}`,
  );
  const rows = Object.entries(samplesIn(components)).map(([place, media_id]) => ({ place, media_id }));
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into template_samples (workspace_id, template, place, media_id)
    select ${workspace_id}, ${template}, place, media_id from ${rowsOf(rows, { place: "text", media_id: "uuid" })}`);
}
