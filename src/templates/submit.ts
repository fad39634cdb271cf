import type { Readable } from "node:stream";
import { Problem, type Clock, type Logger } from "../base/base.ts";
import type { Graphs } from "../connections/connections.ts";
import { found, sql, type Database, type Tx } from "../db/db.ts";
import { publish } from "../live/live.ts";
import type { Failed, Graph, GraphTemplate } from "../meta/meta.ts";
import {
  type Component,
  editProblem,
  listOf,
  recordOf,
  sampleOf,
  typeOf,
} from "../template-rules/template-rules.ts";
import { readSoon } from "./apply.ts";
import { graphOf } from "./accounts.ts";
import type { DraftView } from "./draft-views.ts";
import { type DraftSubmitted, lockDraft } from "./drafts.ts";
import { templateId } from "./history.ts";
import { takePage } from "./listing.ts";
import { refusalOf } from "./meta-faults.ts";
import { keepSamples } from "./samples.ts";
import { editTimes, templatesByIds } from "./views.ts";

/** A file of the media library, open. */
export interface Sample {
  body: Readable;
  size_bytes: number;
  mime_type: string;
  filename: string;
}
export interface SubmitDeps {
  db: Database;
  graphs: Pick<Graphs, "of">;
  clock: Clock;
  log: Logger;
  /** Throws NOT_FOUND. */
  openSample(workspace_id: string, media_id: string): Promise<Sample>;
}

/** Longer than everything that is asked of Meta may take but for large files, which are few. */
const UNDER_WAY = "15 minutes";

/**
 * Submits a draft for review. Meta's API has no idempotency key: an answer that is lost leaves the draft unconfirmed, and
 * its list is read, which tells. Problems: TEMPLATE_INVALID (our rules), TEMPLATE_REFUSED (Meta's), TEMPLATE_STATE,
 * META_AWAY (nothing has happened), META_UNSURE.
 */
export async function submitDraft(
  deps: SubmitDeps,
  workspace_id: string,
  id: string,
  user_id: string | undefined,
): Promise<DraftSubmitted> {
  const draft = await claimDraft(deps, workspace_id, id);
  const release = (state: DraftView["state"], refusal: DraftView["refusal"] = null) =>
    deps.db.run(sql`
      update template_drafts set state = ${state}, submitting_until = null, refusal = ${refusal && JSON.stringify(refusal)}
      where workspace_id = ${workspace_id} and id = ${id}`);
  let graph: Graph;
  let components: Record<string, unknown>[];
  try {
    graph = await graphOf(deps, workspace_id, draft.waba_id);
    const asked = await withHandles(deps, graph, workspace_id, draft.components);
    if ("failed" in asked) {
      const refusal = asked.failed.outcome === "refused" ? refusalOf(asked.failed.error) : null;
      await release("draft", refusal && { ...refusal, field: asked.field });
      throw problemOf(asked.failed, refusal);
    }
    components = asked.components;
  } catch (error) {
    // Nothing was asked for yet but uploads, which are nothing without a template.
    if (!(error instanceof Problem && error.code === "TEMPLATE_REFUSED")) await release("draft");
    throw error;
  }
  const at = new Date(Math.floor(deps.clock.now() / 1_000) * 1_000);
  const asked = await askMeta(graph, draft, components);
  if (asked.outcome !== "done") {
    const refusal = asked.outcome === "refused" ? refusalOf(asked.error) : null;
    deps.log.warn({ outcome: asked.outcome, subcode: refusal?.subcode }, "Meta did not take a template");
    await release(asked.outcome === "unknown" ? "unconfirmed" : "draft", refusal);
    if (asked.outcome === "unknown")
      await deps.db.transaction((tx) => readSoon(tx, [{ workspace_id, ...draft }]));
    throw problemOf(asked, refusal);
  }
  return deps.db.transaction((tx) =>
    recordTaken(tx, { workspace_id, draft, at, user_id, taken: asked.value }),
  );
}

/** `meta_id` is that of the template which it edits. */
type Claimed = DraftView & { meta_id: string | null };

/** The draft, which no one else can change or submit until it is given back. */
function claimDraft({ db, clock }: SubmitDeps, workspace_id: string, id: string): Promise<Claimed> {
  return db.transaction(async (tx) => {
    const draft = await lockDraft(tx, workspace_id, id);
    const faults = draft.faults.filter(({ level }) => level === "error");
    if (draft.taken_as !== null)
      faults.push({
        field: "name",
        code: "NAME_TAKEN",
        says: "Meta has a template of this name in this language. Use another name, or edit that one.",
        level: "error",
      });
    if (faults.length > 0)
      throw new Problem("TEMPLATE_INVALID", faults.map(({ field, says }) => `${field}: ${says}`).join(" "), {
        more: { faults },
      });
    let meta_id: string | null = null;
    if (draft.edits !== null) {
      const template = found((await templatesByIds(tx, workspace_id, [draft.edits]))[0]);
      meta_id = template.template_id;
      const problem = editProblem(
        template.status,
        await editTimes(tx, workspace_id, draft.edits),
        clock.now(),
      );
      if (problem !== null) throw new Problem("TEMPLATE_STATE", problem);
    }
    await tx.run(sql`
      update template_drafts set state = 'submitting', submitting_until = now() + ${UNDER_WAY}::interval
      where workspace_id = ${workspace_id} and id = ${id}`);
    return { ...draft, meta_id };
  });
}

type Taken = Pick<GraphTemplate, "id" | "status" | "category" | "components">;

async function askMeta(
  graph: Graph,
  draft: Claimed,
  components: Record<string, unknown>[],
): Promise<{ outcome: "done"; value: Taken } | Failed> {
  const { name, language, category, parameter_format, allow_category_change } = draft;
  const ttl = draft.message_send_ttl_seconds;
  const lasting = ttl === null ? {} : { message_send_ttl_seconds: ttl };
  const listed = components as Taken["components"];
  const id = draft.meta_id;
  if (id === null) {
    const about = {
      name,
      language,
      category,
      parameter_format,
      components,
      allow_category_change,
      ...lasting,
    };
    const asked = await graph.createTemplate(draft.waba_id, about);
    return asked.outcome === "done"
      ? { outcome: "done", value: { ...asked.value, components: listed } }
      : asked;
  }
  // The category of an approved template is Meta's to change.
  const recategorised = draft.edits_status === "APPROVED" ? {} : { category };
  const asked = await graph.editTemplate(id, { components, ...recategorised, ...lasting });
  return asked.outcome === "done"
    ? { outcome: "done", value: { id, status: "PENDING", category: null, components: listed } }
    : asked;
}

/** Meta has it: it is a template from now on, before any webhook tells of it. */
async function recordTaken(
  tx: Tx,
  given: { workspace_id: string; draft: DraftView; at: Date; user_id: string | undefined; taken: Taken },
): Promise<DraftSubmitted> {
  const { workspace_id, draft, at, user_id, taken } = given;
  const { waba_id, name, language, parameter_format } = draft;
  const sync = await tx.first<{ read_at: Date | null }>(sql`
    select read_at from template_syncs where workspace_id = ${workspace_id} and waba_id = ${waba_id} for no key update`);
  const listed = { ...taken, name, language, parameter_format, quality_score: null, rejected_reason: null };
  const changes = await takePage(tx, { workspace_id, waba_id }, [listed], {
    at,
    read_at: sync?.read_at ?? null,
  });
  await tx.run(sql`delete from template_drafts where workspace_id = ${workspace_id} and id = ${draft.id}`);
  if (draft.edits !== null)
    await tx.run(sql`
      insert into template_edits (workspace_id, template, edited_at, user_id)
      values (${workspace_id}, ${draft.edits}, ${at}, ${user_id ?? null}) on conflict do nothing`);
  await readSoon(tx, [{ workspace_id, waba_id }]);
  const id = templateId({ workspace_id, template_id: taken.id });
  await keepSamples(tx, workspace_id, id, draft.components);
  const template = found((await templatesByIds(tx, workspace_id, [id]))[0]);
  await publish(tx, changes);
  return template;
}

type Handled = { components: Record<string, unknown>[] } | { failed: Failed; field: string };

/** With Meta's handles in place of the library's files, each uploaded now. */
async function withHandles(
  deps: SubmitDeps,
  graph: Graph,
  workspace_id: string,
  components: readonly Component[],
  place = "",
): Promise<Handled> {
  const done: Record<string, unknown>[] = [];
  for (const component of components) {
    const sample = typeOf(component["type"]) === "HEADER" ? sampleOf(component) : null;
    if (sample && "media_id" in sample) {
      const uploaded = await graph.uploadSample(await deps.openSample(workspace_id, sample.media_id));
      if (uploaded.outcome !== "done") return { failed: uploaded, field: `${place}header.example` };
      done.push({ ...component, example: { header_handle: [uploaded.value.handle] } });
    } else if (typeOf(component["type"]) === "CAROUSEL") {
      const cards: unknown[] = [];
      for (const [at, card] of listOf(component["cards"]).entries()) {
        const inside = listOf(recordOf(card)["components"]);
        const handled = await withHandles(deps, graph, workspace_id, inside, `cards.${at}.`);
        if ("failed" in handled) return handled;
        cards.push({ ...card, components: handled.components });
      }
      done.push({ ...component, cards });
    } else done.push({ ...component });
  }
  return { components: done };
}

/** What a caller is told of a request to Meta that did not end well. */
export function problemOf(failed: Failed, refusal: DraftView["refusal"]): Problem {
  if (failed.outcome === "not_sent") return new Problem("META_AWAY", failed.reason);
  if (failed.outcome === "unknown") return new Problem("META_UNSURE", failed.reason);
  const told = refusal ?? refusalOf(failed.error);
  return new Problem("TEMPLATE_REFUSED", [told.says, told.details].filter(Boolean).join(" "), {
    more: { refusal: told },
  });
}
