import { newId, Problem } from "../base/base.ts";
import { found, sql } from "../db/db.ts";
import { publish } from "../live/live.ts";
import { readSoon } from "./apply.ts";
import { graphOf } from "./accounts.ts";
import { foldTemplates, lockTemplates, readHistory } from "./history.ts";
import { problemOf, type SubmitDeps } from "./submit.ts";
import { languagesOf, templatesByIds } from "./views.ts";

/** Deletes a template at Meta, in its language or in all of them. Problems as those of `submitDraft`. */
export async function deleteTemplate(
  deps: Pick<SubmitDeps, "db" | "graphs" | "clock">,
  workspace_id: string,
  id: string,
  all_languages: boolean,
): Promise<void> {
  const { db, clock } = deps;
  const template = found((await templatesByIds(db, workspace_id, [id]))[0]);
  const { waba_id, name } = template;
  if (name === null)
    throw new Problem("TEMPLATE_STATE", "Its name is not known yet; read the templates from Meta first.");
  if (template.status === "DELETED") throw new Problem("TEMPLATE_STATE", "It is deleted already.");
  const graph = await graphOf(deps, workspace_id, waba_id);
  const at = new Date(Math.floor(clock.now() / 1_000) * 1_000);
  const gone = all_languages ? await languagesOf(db, workspace_id, { waba_id, name }) : [template];
  const asked = await graph.deleteTemplate(waba_id, name, all_languages ? undefined : template.template_id);
  if (asked.outcome !== "done") {
    if (asked.outcome === "unknown") await db.transaction((tx) => readSoon(tx, [{ workspace_id, waba_id }]));
    throw problemOf(asked, null);
  }
  await db.transaction(async (tx) => {
    await tx.run(sql`
      select from template_syncs where workspace_id = ${workspace_id} and waba_id = ${waba_id} for no key update`);
    const keys = gone
      .filter(({ status }) => status !== "DELETED")
      .map(({ template_id }) => ({ workspace_id, template_id }));
    const statuses = await lockTemplates(tx, keys);
    for (const { template_id } of keys)
      await tx.run(sql`
        insert into template_events (workspace_id, id, template_id, subject, value, detail, occurred_at)
        values (${workspace_id}, ${newId()}, ${template_id}, 'status', 'DELETED', ${JSON.stringify({ waba_id })}, ${at})`);
    const { changes } = await foldTemplates(tx, await readHistory(tx, keys), statuses);
    await tx.run(sql`
      delete from template_drafts where workspace_id = ${workspace_id} and edits = any(${gone.map((each) => each.id)}::uuid[])`);
    await publish(tx, changes);
  });
}
