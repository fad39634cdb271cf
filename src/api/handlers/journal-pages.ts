import { isId } from "../../base/base.ts";
import type { Seen } from "../../contract/contract.ts";
import { found, type Database, type Page } from "../../db/db.ts";
import {
  searchSubjects,
  subjectOf,
  subjectsOfMessage,
  summariseEvents,
  tellEvents,
  type EventSummary,
} from "../../inbox/inbox.ts";
import { COUNT_LIMIT, type Journal, type JournalFilter, type JournalPage } from "../../journal/journal.ts";
import { kindsOf } from "../../meta/meta.ts";
import { templatesCalled } from "../../templates/templates.ts";

/** The journal's lists: what is looked for is read by the rooms that know it, and each row says what it tells. */
interface JournalDeps {
  db: Database;
  journal: Pick<Journal, "list" | "counts" | "get" | "retention_days">;
}

type Query = Omit<Seen<"GET /api/v1/journal">["query"], "cursor" | "limit">;

export async function listJournal(
  deps: JournalDeps,
  workspace_id: string,
  { cursor, limit, ...query }: Seen<"GET /api/v1/journal">["query"],
) {
  const { journal } = deps;
  const { filter, is_cut } = await filterOf(deps.db, workspace_id, query);
  const [page, counts] = await Promise.all([
    listed(deps, workspace_id, { ...filter, cursor, limit }),
    cursor === undefined ? journal.counts(workspace_id, filter) : null,
  ]);
  return {
    ...page,
    counts: counts && { ...counts, counted_to: COUNT_LIMIT },
    search_is_cut: is_cut,
    retention_days: journal.retention_days,
  };
}

/** What the query's text and group stand for. A webhook's own id finds that one. */
export async function filterOf(
  db: Database,
  workspace_id: string,
  { search, kind, phone_number_id, ...rest }: Query,
): Promise<{ filter: JournalFilter; is_cut: boolean }> {
  const filter: JournalFilter = { ...rest };
  if (kind !== undefined || phone_number_id !== undefined)
    filter.brought = { kinds: kind === "failures" ? kind : kindsOf(kind), phone_number_id };
  const text = search?.trim() ?? "";
  if (text === "") return { filter, is_cut: false };
  if (isId(text)) return { filter: { ...filter, ids: [text] }, is_cut: false };
  const [{ any, part, is_cut }, templates] = await Promise.all([
    searchSubjects(db, workspace_id, text),
    templatesCalled(db, workspace_id, text),
  ]);
  filter.search = { any: [...any, ...templates.map(subjectOf.template)], part };
  return { filter, is_cut };
}

/** The webhooks that told of a message. */
export async function listWebhooksOf(
  deps: JournalDeps,
  workspace_id: string,
  message_id: string,
  page: Page,
) {
  const any = found(await subjectsOfMessage(deps.db, workspace_id, message_id));
  return listed(deps, workspace_id, { ...page, search: { any, part: null } });
}

async function listed({ db, journal }: JournalDeps, workspace_id: string, page: JournalPage) {
  const { data, next_cursor } = await journal.list(workspace_id, page);
  const ids = data.flatMap(({ event_id }) => event_id ?? []);
  const summaries = byId(await summariseEvents(db, workspace_id, ids));
  return {
    data: data.map(({ event_id, ...row }) => ({
      ...row,
      event: (event_id === null ? undefined : summaries.get(event_id)) ?? null,
    })),
    next_cursor,
  };
}

export async function getWebhook({ db, journal }: JournalDeps, workspace_id: string, id: string) {
  const webhook = found(await journal.get(workspace_id, id));
  const told = await tellEvents(
    db,
    workspace_id,
    webhook.events.map((event) => event.id),
  );
  const tellings = new Map(told.map((one) => [one.summary.id, one]));
  return {
    ...webhook,
    events: webhook.events.flatMap((event) => {
      const telling = tellings.get(event.id);
      return telling ? { ...event, ...telling } : [];
    }),
  };
}

const byId = (summaries: readonly EventSummary[]) =>
  new Map(summaries.map((summary) => [summary.id, summary]));
