import type { Reply, Seen } from "../contract/contract.ts";
import { beforeId, found, iso, sql, toListById, type Page, type Queryable } from "../db/db.ts";
import { explainFailure } from "../meta/meta.ts";

/**
 * What names a tag, list, segment or field: segments in their rules, campaigns in their audience, also by such a segment. A workspace has some
 * hundreds of each; the rules of all are looked through.
 */
export async function usesOf(
  db: Queryable,
  workspace_id: string,
  { kind, id }: Seen<"GET /api/v1/audience_uses">["query"],
): Promise<Omit<Reply<"GET /api/v1/audience_uses">, "automations">> {
  const segments = await db.rows<{ id: string; name: string }>(sql`
    select s.id, s.name from segments s
    where s.workspace_id = ${workspace_id} and ${kind} <> 'segment' and strpos(s.rule::text, '"' || ${id}::text || '"') > 0
    order by lower(s.name), s.id`);
  const campaigns = await db.rows<{ id: string; name: string; state: string }>(sql`
    select c.id, c.name, c.state from campaigns c
    where c.workspace_id = ${workspace_id} and c.archived_at is null
      and exists (
        select from unnest(${[id, ...segments.map((segment) => segment.id)]}::text[]) as named
        where strpos(c.audience::text || c.variables::text, '"' || named || '"') > 0)
    order by c.id desc limit 100`);
  return { segments, campaigns };
}

/** The newest, by campaigns__listed. */
export async function campaignNames(
  db: Queryable,
  workspace_id: string,
): Promise<Reply<"GET /api/v1/campaign_names">> {
  return {
    data: await db.rows(sql`
      select c.id, c.name from campaigns c
      where c.workspace_id = ${workspace_id} and c.archived_at is null order by c.id desc limit 200`),
  };
}

/** The campaigns that a contact was a recipient of, newest first: by campaign_recipients__contact_id. */
export async function receivedBy(
  db: Queryable,
  workspace_id: string,
  contact_id: string,
  { cursor, limit }: Page,
): Promise<Reply<"GET /api/v1/contacts/:id/campaigns">> {
  found(
    await db.first(sql`select from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`),
  );
  const rows = await db.rows<Received>(sql`
    select c.id, c.id as campaign_id, c.name, (${STATES}::text[])[r.state + 1] as state, r.skip_reason, r.error_code, r.error,
      ${iso(sql`coalesce(r.sent_at, r.submitted_at)`)} as sent_at, ${iso(sql`r.delivered_at`)} as delivered_at,
      ${iso(sql`coalesce(r.read_at, r.played_at)`)} as read_at, ${iso(sql`r.replied_at`)} as replied_at
    from campaign_recipients r
    join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
    where r.workspace_id = ${workspace_id} and r.contact_id = ${contact_id} and ${beforeId(sql`c.id`, cursor)}
    order by c.id desc limit ${limit + 1}`);
  const { data, next_cursor } = toListById(rows, limit);
  return {
    data: data.map((row) => {
      const { id: _, error_code, error, ...campaign } = row;
      return { ...campaign, error: error_code === null && error === null ? null : whyNot(error_code, error) };
    }),
    next_cursor,
  };
}

/** By the number in which campaign_recipients keeps it, see 0052_campaigns.sql. */
const STATES = [
  "WAITING",
  "SKIPPED",
  "QUEUED",
  "SUBMITTED",
  "SENT",
  "DELIVERED",
  "READ",
  "PLAYED",
  "FAILED",
  "LIMITED",
  "UNCONFIRMED",
  "CANCELLED",
];

type Shown = Reply<"GET /api/v1/contacts/:id/campaigns">["data"][number];
type Said = { title?: string | null; details?: string | null } | null;
type Received = Omit<Shown, "error"> & { id: string; error_code: number | null; error: Said };

/** By Meta's catalogue; 0 and null are what Wharf itself found, which its words say. */
function whyNot(code: number | null, said: Said): NonNullable<Shown["error"]> {
  const [title, details] = [said?.title ?? null, said?.details ?? null];
  if (code === null || code === 0)
    return { code: null, title: title ?? "The message could not be sent.", advice: details ?? "" };
  const { says, advice } = explainFailure({ code, title, message: null, details, href: null });
  return { code, title: says, advice };
}
