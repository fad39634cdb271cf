import { newId, Problem } from "../base/base.ts";
import type { Reply, Seen } from "../contract/contract.ts";
import { found, sql, toList, type Database, type Keep, type List, type Page, type Tx } from "../db/db.ts";
import {
  type Component,
  isNamed,
  listOf,
  partOf,
  sampleOf,
  textOf,
  typeOf,
} from "../template-rules/template-rules.ts";
import { accountOf } from "./accounts.ts";
import { changed } from "./changed.ts";
import { readDraft, readDrafts, type DraftView } from "./draft-views.ts";
import { readSamples, withSamples } from "./samples.ts";
import { templatesByIds } from "./views.ts";

type NewDraft = Seen<"POST /api/v1/template_drafts">["body"];
type DraftChanges = Seen<"PATCH /api/v1/template_drafts/:id">["body"];
type DraftRow = Omit<NewDraft, "waba_id"> & { waba_id: string; edits: string | null };

/** By template_drafts__updated_at. */
export async function listDrafts(db: Database, workspace_id: string, page: Page): Promise<List<DraftView>> {
  return toList(await readDrafts(db, workspace_id, page), page.limit);
}

export const getDraft = async (db: Database, workspace_id: string, id: string): Promise<DraftView> =>
  found(await readDraft(db, workspace_id, id));

export function createDraft(
  db: Database,
  workspace_id: string,
  given: NewDraft,
  user_id: string | undefined,
  keep?: Keep<DraftView>,
): Promise<DraftView> {
  return db.transaction(async (tx) => {
    const waba_id = await accountOf(tx, workspace_id, given.waba_id);
    const draft = await insertDraft(tx, workspace_id, { ...given, waba_id, edits: null }, user_id);
    await keep?.(tx, draft);
    return draft;
  });
}

async function insertDraft(tx: Tx, workspace_id: string, row: DraftRow, user_id: string | undefined) {
  const id = newId();
  await tx.run(sql`
    insert into template_drafts (workspace_id, id, waba_id, edits, name, language, category, parameter_format, components,
      allow_category_change, message_send_ttl_seconds, media_ids, updated_by)
    values (${workspace_id}, ${id}, ${row.waba_id}, ${row.edits}, ${row.name}, ${row.language}, ${row.category},
      ${row.parameter_format}, ${JSON.stringify(row.components)}, ${row.allow_category_change},
      ${row.message_send_ttl_seconds}, ${mediaIdsIn(row.components)}::uuid[], ${user_id ?? null})`);
  return found(await readDraft(tx, workspace_id, id));
}

/** Throws TEMPLATE_EDITED_MEANWHILE for a version that is no longer the newest, and TEMPLATE_STATE while it is submitted. */
export function updateDraft(
  db: Database,
  workspace_id: string,
  id: string,
  { version, ...changes }: DraftChanges,
  user_id: string | undefined,
): Promise<DraftView> {
  return db.transaction(async (tx) => {
    const before = await lockDraft(tx, workspace_id, id);
    if (version !== undefined && version !== before.version)
      throw new Problem("TEMPLATE_EDITED_MEANWHILE", `The newest version is ${before.version}.`);
    const now = changed(before, changes);
    // What it edits has its name and language for good.
    if (before.edits !== null && (now.name !== before.name || now.language !== before.language))
      throw new Problem("TEMPLATE_STATE", "Meta lets no one change the name or the language of a template.");
    await tx.run(sql`
      update template_drafts set name = ${now.name}, language = ${now.language}, category = ${now.category},
        parameter_format = ${now.parameter_format}, components = ${JSON.stringify(now.components)},
        allow_category_change = ${now.allow_category_change},
        message_send_ttl_seconds = ${now.message_send_ttl_seconds}, media_ids = ${mediaIdsIn(now.components)}::uuid[],
        state = 'draft', refusal = null, version = version + 1, updated_by = ${user_id ?? null}, updated_at = now()
      where workspace_id = ${workspace_id} and id = ${id}`);
    return found(await readDraft(tx, workspace_id, id));
  });
}

export async function deleteDraft(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockDraft(tx, workspace_id, id);
    await tx.run(sql`delete from template_drafts where workspace_id = ${workspace_id} and id = ${id}`);
  });
}

/** For the rest of the transaction; throws NOT_FOUND, and TEMPLATE_STATE while a request to Meta is under way. */
export async function lockDraft(tx: Tx, workspace_id: string, id: string): Promise<DraftView> {
  const row = found(
    await tx.first<{ busy: boolean }>(sql`
      select state = 'submitting' and submitting_until > now() as busy from template_drafts
      where workspace_id = ${workspace_id} and id = ${id} for update`),
  );
  if (row.busy) throw new Problem("TEMPLATE_STATE", "It is being submitted just now.");
  return found(await readDraft(tx, workspace_id, id));
}

/** A template's edit (the one that there is, if any), or a copy of it under a name that is free. */
export function draftOf(
  db: Database,
  workspace_id: string,
  id: string,
  as: "edit" | "copy",
  user_id: string | undefined,
): Promise<DraftView> {
  return db.transaction(async (tx) => {
    const template = found((await templatesByIds(tx, workspace_id, [id]))[0]);
    if (as === "edit") {
      const known = await tx.first<{ id: string }>(
        sql`select id from template_drafts where workspace_id = ${workspace_id} and edits = ${id}`,
      );
      if (known) return found(await readDraft(tx, workspace_id, known.id));
    }
    const parts = template.components?.["components"];
    if (!Array.isArray(parts) || template.name === null || template.language === null)
      throw new Problem("TEMPLATE_STATE", "Its parts are not known yet; read the templates from Meta first.");
    const components = withSamples(listOf(parts).map(writable), await readSamples(tx, workspace_id, id));
    const row: DraftRow = {
      waba_id: template.waba_id,
      edits: as === "edit" ? id : null,
      name: as === "edit" ? template.name : await freeName(tx, workspace_id, template.name),
      language: template.language,
      category: template.category ?? "UTILITY",
      parameter_format: formatOf(template.components, components),
      components,
      allow_category_change: true,
      message_send_ttl_seconds: null,
    };
    return insertDraft(tx, workspace_id, row, user_id);
  });
}

function formatOf(
  told: Record<string, unknown> | null,
  components: readonly Component[],
): "POSITIONAL" | "NAMED" {
  const format = typeOf(told?.["parameter_format"]);
  if (format === "NAMED" || format === "POSITIONAL") return format;
  return isNamed(components.map((each) => textOf(each["text"]))) ? "NAMED" : "POSITIONAL";
}

/** As it is submitted again: of a code's words Meta's own are left out, and links to samples are no handles. */
function writable(component: Component): Record<string, unknown> {
  const type = typeOf(component["type"]);
  const { example, ...rest } = component;
  if (type === "HEADER" && typeOf(component["format"]) !== "TEXT") return { ...rest };
  if (type === "CAROUSEL")
    return {
      ...component,
      cards: listOf(component["cards"]).map((card) => ({
        components: listOf(card["components"]).map(writable),
      })),
    };
  if (type === "BODY" && component["add_security_recommendation"] !== undefined)
    return { type, add_security_recommendation: component["add_security_recommendation"] };
  if (type === "FOOTER" && component["code_expiration_minutes"] !== undefined)
    return { type, code_expiration_minutes: component["code_expiration_minutes"] };
  if (type === "BUTTONS") return { ...rest, buttons: listOf(component["buttons"]).map(asWritten) };
  return example === undefined ? { ...rest } : { ...rest, example };
}

/** Meta tells the button of a code as a link to itself. */
function asWritten(button: Component): Component {
  const url = textOf(button["url"]);
  if (!url.startsWith("https://www.whatsapp.com/otp/")) return button;
  const otp_type = /otp_type=([A-Z_]+)/.exec(url)?.[1] ?? "COPY_CODE";
  return { type: "OTP", otp_type, ...(otp_type === "COPY_CODE" ? {} : { supported_apps: [] }) };
}

/** `order_update_2`: the first that no template and no draft has. */
async function freeName(tx: Tx, workspace_id: string, name: string): Promise<string> {
  const stem = name.replace(/_\d+$/, "").slice(0, 500);
  const taken = await tx.rows<{ name: string }>(sql`
    select name from templates where workspace_id = ${workspace_id} and name like ${`${stem.replaceAll("_", "\\_")}%`}
    union select name from template_drafts where workspace_id = ${workspace_id}`);
  const names = new Set(taken.map((row) => row.name));
  for (let number = 2; ; number++) if (!names.has(`${stem}_${number}`)) return `${stem}_${number}`;
}

/** The files of the library that are samples of headers, also of cards. */
export function mediaIdsIn(components: readonly Component[]): string[] {
  const header = partOf(components, "HEADER");
  const sample = header && sampleOf(header);
  const cards = listOf(partOf(components, "CAROUSEL")?.["cards"]);
  return [
    ...(sample && "media_id" in sample && isUuid(sample.media_id) ? [sample.media_id] : []),
    ...cards.flatMap((card) => mediaIdsIn(listOf(card["components"]))),
  ];
}
const isUuid = (text: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

export type DraftSubmitted = Reply<"POST /api/v1/template_drafts/:id/submit">;
