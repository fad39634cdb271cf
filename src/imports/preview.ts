import type { z } from "zod";
import { Problem } from "../base/base.ts";
import type * as shapes from "../contract/imports.ts";
import { found, sql, uuidArray, type Tx } from "../db/db.ts";
import { openFile, storedFile } from "../media/media.ts";
import { applyRows, type Applied } from "./apply-rows.ts";
import { asProblem, withMade, type ImportDeps } from "./drafts.ts";
import { ROW_COLUMNS, type ImportRow } from "./import-rows.ts";
import { judgeRows, rulesOf, type Verdict } from "./judge-rows.ts";
import { BEGINNING, readRows, type FileRow } from "./read-rows.ts";

type Preview = z.infer<typeof shapes.ImportPreview>;
type Contact = NonNullable<Preview["rows"][number]["contact"]>;

const SHOWN = 20;

/** Carries what was found out of a transaction that is undone. */
class Undone extends Error {
  readonly preview: Preview;
  constructor(preview: Preview) {
    super("a preview");
    this.preview = preview;
  }
}

/** The first rows as they would become: they are imported, looked at, and undone. Throws NOT_FOUND. */
export async function previewImport(deps: ImportDeps, workspace_id: string, id: string): Promise<Preview> {
  const { db } = deps;
  const imported = found(
    await db.first<ImportRow>(sql`
      select ${ROW_COLUMNS} from imports i where i.workspace_id = ${workspace_id} and i.id = ${id}`),
  );
  const rows = await asProblem(() => firstRows(deps, imported));
  try {
    return await db.transaction(async (tx) => {
      const ready = { ...imported, settings: await settingsOf(tx, imported) };
      const verdicts = await judgeRows(rows, await rulesOf(tx, ready));
      throw new Undone(await lookAt(tx, ready, verdicts));
    });
  } catch (error) {
    if (error instanceof Undone) return error.preview;
    throw error;
  }
}

/** As they will be; where a name is taken, which the draft's problems say, without what is to be made. */
async function settingsOf(tx: Tx, imported: ImportRow): Promise<ImportRow["settings"]> {
  try {
    return await tx.savepoint(() => withMade(tx, imported));
  } catch (error) {
    if (error instanceof Problem) return imported.settings;
    throw error;
  }
}

async function firstRows({ db, files }: ImportDeps, imported: ImportRow): Promise<FileRow[]> {
  const { workspace_id, file_id, has_header } = imported;
  const file = await storedFile(db, workspace_id, file_id);
  const rows: FileRow[] = [];
  const open = () => openFile({ db, store: files }, workspace_id, file);
  for await (const row of readRows(open, imported, { from: BEGINNING, has_header })) {
    rows.push(row);
    if (rows.length === SHOWN) break;
  }
  return rows;
}

async function lookAt(tx: Tx, imported: ImportRow, verdicts: readonly Verdict[]): Promise<Preview> {
  const people = verdicts.flatMap((verdict) => ("person" in verdict ? [verdict.person] : []));
  // Of a campaign's file only the people are looked at.
  const { applied, kept_opted_out } = await applyRows(tx, { ...imported, kind: "contacts" }, people);
  const by_row = new Map(people.map(({ row }, i) => [row, applied[i]!]));
  const outcomes = verdicts.map((verdict): Applied =>
    "faults" in verdict ? { outcome: "invalid", faults: verdict.faults } : by_row.get(verdict.person.row)!,
  );
  const contacts = await contactsOf(
    tx,
    imported.workspace_id,
    outcomes.flatMap((each) => (each.outcome === "invalid" ? [] : [each.contact_id])),
  );
  const many = (outcome: Applied["outcome"]) => outcomes.filter((each) => each.outcome === outcome).length;
  return {
    rows: verdicts.map(({ read: { line } }, i) => {
      const one = outcomes[i]!;
      return one.outcome === "invalid"
        ? { line, outcome: one.outcome, faults: one.faults, contact: null }
        : { line, outcome: one.outcome, faults: [], contact: contacts.get(one.contact_id) ?? null };
    }),
    counts: {
      created: many("created"),
      updated: many("updated"),
      unchanged: many("unchanged"),
      invalid: many("invalid"),
      duplicates: many("duplicate"),
      kept_opted_out,
    },
  };
}

async function contactsOf(
  tx: Tx,
  workspace_id: string,
  ids: readonly string[],
): Promise<Map<string, Contact>> {
  const rows = await tx.rows<{ id: string; contact: Contact }>(sql`
    select c.id, json_build_object(
      'phone', (select i.value from contact_identities i where i.workspace_id = c.workspace_id and i.contact_id = c.id
        and i.kind in ('wa_id', 'phone') order by i.former, i.kind desc limit 1),
      'name', coalesce(c.name, c.book_name, c.profile_name), 'language', p.language, 'country', p.country,
      'time_zone', p.time_zone, 'marketing_state', c.marketing_state,
      'tags', (select coalesce(json_agg(t.name order by lower(t.name)), '[]') from contact_tags m
        join tags t on t.workspace_id = m.workspace_id and t.id = m.tag_id
        where m.workspace_id = c.workspace_id and m.contact_id = c.id),
      'fields', (select coalesce(json_agg(json_build_object('name', f.name, 'value', p.fields -> f.id::text) order by f.created_at, f.id), '[]')
        from contact_fields f where f.workspace_id = c.workspace_id and p.fields ? f.id::text)) as contact
    from contacts c left join contact_profiles p on p.workspace_id = c.workspace_id and p.contact_id = c.id
    where c.workspace_id = ${workspace_id} and c.id = any(${uuidArray([...ids])}::uuid[])`);
  return new Map(rows.map(({ id, contact }) => [id, contact]));
}
