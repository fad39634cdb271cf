import { isId, newId } from "../../base/base.ts";
import { rowsOf, sql, type Database, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { addCounts } from "../counts/counts.ts";
import { writeActs, type Candidate } from "./acts.ts";

/** Where tracked links lead: this path of Wharf's public address, and a token. */
export const LINK_PATH = "/r/";
const MAX_TARGET = 2_000;

/**
 * Whether a template's URL button leads over Wharf. Meta fixes what comes before a button's variable, so only a template
 * that was approved with Wharf's own address there can be tracked: `https://wharf.example.com/r/{{1}}`.
 */
export const isTracked = (button_url: string, public_url: string | null): boolean =>
  public_url !== null && button_url === `${public_url}${LINK_PATH}{{1}}`;

/** The address that a link may lead to, as it will be told to browsers; null: it is none on the web. */
export function linkTarget(text: string): string | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return null;
  return url.href.length <= MAX_TARGET ? url.href : null;
}

export interface NewLink {
  /** Who is counted when it is opened; null: no one. */
  contact_id: string | null;
  /** The button's place in the template, as `buttons.0.url`. */
  button: string;
  /** As `linkTarget` answers it. */
  target: string;
}

/** Makes links, set-wise, and answers what stands for each in the button's variable. */
export async function makeLinks(
  tx: Tx,
  { workspace_id, campaign_id }: { workspace_id: string; campaign_id: string },
  links: readonly NewLink[],
): Promise<string[]> {
  if (links.length === 0) return [];
  const rows = links.map((link) => ({ ...link, token: newId() }));
  await tx.run(sql`
    insert into campaign_links (workspace_id, campaign_id, token, contact_id, button, target)
    select ${workspace_id}, ${campaign_id}, token, contact_id, button, target
    from ${rowsOf(rows, { token: "uuid", contact_id: "uuid", button: "text", target: "text" })} order by token`);
  return rows.map(({ token }) => tokenText(workspace_id, token));
}

const bytesOf = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");

/** 43 characters: a link is found by its workspace. */
function tokenText(workspace_id: string, token: string): string {
  return Buffer.concat([bytesOf(workspace_id), bytesOf(token)]).toString("base64url");
}

function readToken(text: string): { workspace_id: string; token: string } | null {
  if (!/^[\w-]{43}$/.test(text)) return null;
  const hex = Buffer.from(text, "base64url").toString("hex");
  const id = (part: string) => part.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const [workspace_id, token] = [id(hex.slice(0, 32)), id(hex.slice(32))];
  return isId(workspace_id) && isId(token) ? { workspace_id, token } : null;
}

/** What a request for a link says of who asks. */
export interface Opener {
  method: string;
  user_agent: string | undefined;
  /** `Sec-Purpose`, `Purpose` or `X-Moz`. */
  purpose: string | undefined;
}

/** Messengers draw previews, mail filters and browsers look ahead: no person has opened the link. */
const MACHINES =
  /whatsapp|facebookexternalhit|facebot|bot\b|crawl|spider|preview|slurp|curl|wget|python-|headless/i;
const isMachine = ({ method, user_agent, purpose }: Opener) =>
  method !== "GET" || !user_agent || MACHINES.test(user_agent) || /prefetch|preview/i.test(purpose ?? "");

/**
 * Where a link leads; null: there is no such link. The first time that a person opens one of theirs it counts, in the
 * transaction that this answers for.
 */
export async function openLink(db: Database, text: string, opener: Opener): Promise<string | null> {
  const key = readToken(text);
  if (key === null) return null;
  const { workspace_id, token } = key;
  const link = await db.first<{
    target: string;
    campaign_id: string;
    contact_id: string | null;
    is_new: boolean;
  }>(sql`
    select target, campaign_id, contact_id, clicked_at is null as is_new from campaign_links
    where workspace_id = ${workspace_id} and token = ${token}`);
  if (!link) return null;
  const { target, campaign_id, contact_id, is_new } = link;
  if (is_new && contact_id !== null && !isMachine(opener))
    await db.transaction((tx) => countClick(tx, workspace_id, token, campaign_id));
  return target;
}

async function countClick(tx: Tx, workspace_id: string, token: string, campaign_id: string): Promise<void> {
  const [clicked] = await tx.rows<{ contact_id: string; at: Date }>(sql`
    update campaign_links set clicked_at = now()
    where workspace_id = ${workspace_id} and token = ${token} and clicked_at is null
    returning contact_id, clicked_at as at`);
  if (!clicked) return;
  const { contact_id, at } = clicked;
  const rows = await tx.rows<Pick<Candidate, "campaign_id" | "contact_id" | "country" | "clicked_at">>(sql`
    select r.campaign_id, r.contact_id, r.country, r.clicked_at from campaign_recipients r
    where r.workspace_id = ${workspace_id} and r.campaign_id = ${campaign_id} and r.contact_id = ${contact_id}
    for no key update of r`);
  const { counts, changes } = await writeActs(
    tx,
    workspace_id,
    rows.flatMap((row) =>
      row.clicked_at === null ? [{ ...row, what: "clicked", at, before: null } as const] : [],
    ),
  );
  await addCounts(tx, counts);
  await publish(tx, changes);
}

/** Links of a contact who turned out to be another one. */
export async function followLinks(
  tx: Tx,
  { workspace_id, from, to }: { workspace_id: string; from: string; to: string },
): Promise<void> {
  await tx.run(sql`
    update campaign_links set contact_id = ${to} where workspace_id = ${workspace_id} and contact_id = ${from}`);
}
