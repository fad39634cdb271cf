import { randomBytes } from "node:crypto";
import { idOf, newId } from "../../src/base/base.ts";
import { AREAS, type Route } from "../../src/contract/contract.ts";
import { sql } from "../../src/db/db.ts";
import type { TestApi } from "./api.ts";
import { exampleFlow, insertActivities, insertAutomation, insertRun } from "./automation-rows.ts";

/** One thing of each kind that has a page, in one workspace; their ids by the name that the kind has in paths. */
export async function insertOneOfEach(
  { db, box, journal }: TestApi,
  { workspace_id, connection_id }: { workspace_id: string; connection_id: string },
  secret: string,
): Promise<Record<string, string>> {
  const sealed = (column: string) => box.seal(secret, `connection:${connection_id}:${column}`);
  await db.run(sql`
    update connections set app_secret = ${sealed("app_secret")}, access_token = ${sealed("access_token")},
      verify_token = ${box.seal("their verify token", `connection:${connection_id}:verify_token`)}
    where id = ${connection_id}`);
  const [number, contacts, conversations, message, messages, templates, endpoints, deliveries, recoveries] =
    Array.from({ length: 9 }, () => newId());
  const [webhook] = await journal.append([
    { connection_id, body: Buffer.from('{"object":"x"}'), received_at_ms: Date.now() },
  ]);
  await db.transaction((tx) => journal.record(tx, [{ id: webhook!, state: "dead", error: "for the test" }]));
  await db.run(
    sql`insert into phone_numbers (workspace_id, id, connection_id, phone_number_id) values (${workspace_id}, ${number}, ${connection_id}, '1')`,
  );
  await db.run(
    sql`insert into contacts (workspace_id, id, profile_name) values (${workspace_id}, ${contacts}, 'Theirs')`,
  );
  await db.run(
    sql`insert into contact_identities (workspace_id, kind, value, contact_id) values (${workspace_id}, 'wa_id', '16505551234', ${contacts})`,
  );
  const merged = newId();
  await db.run(
    sql`insert into contacts (workspace_id, id, profile_name) values (${workspace_id}, ${merged}, 'Theirs as well')`,
  );
  await db.run(
    sql`insert into contact_identities (workspace_id, kind, value, contact_id) values (${workspace_id}, 'bsuid', 'US.theirs', ${merged})`,
  );
  await db.run(sql`insert into conversations (workspace_id, id, phone_number_id, contact_id, last_message_at, last_message_id,
      last_inbound_at, window_expires_at)
    values (${workspace_id}, ${conversations}, ${number}, ${contacts}, now(), ${message}, now(), now() + interval '1 day')`);
  await db.run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${message}, ${conversations}, 'INBOUND', 'CUSTOMER', 'message', ${newId()}, 'text', 'wamid.theirs',
      ${idOf("wamid.theirs")}, 'wa_id', '16505551234', 'Theirs', '{}', now(), now())`);
  await db.run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${messages}, ${conversations}, 'OUTBOUND', 'API', 'sent', ${messages}, 'text',
      'wa_id', '16505551234', 'Theirs', '{}', now(), now())`);
  await db.run(sql`insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, state, asked_at)
    values (${workspace_id}, ${messages}, ${number}, 0, 'wa_id', '16505551234', '{"type":"text","body":"Theirs"}', 'failed', now())`);
  await db.run(
    sql`insert into templates (workspace_id, id, waba_id, template_id, name, language, components)
      values (${workspace_id}, ${templates}, '1', '1', 'theirs', 'en', '{"components":[{"type":"BODY","text":"Theirs"}]}')`,
  );
  const [template_drafts, template_groups, template_media] = Array.from({ length: 3 }, () => newId());
  // Not one that could be submitted: Meta isn't there.
  await db.run(sql`
    insert into template_drafts (workspace_id, id, waba_id, name, language, category, parameter_format, components)
    values (${workspace_id}, ${template_drafts}, '1', 'theirs', 'en', 'UTILITY', 'POSITIONAL', '[]')`);
  await db.run(sql`
    insert into template_groups (workspace_id, id, waba_id, name, fallback_language)
    values (${workspace_id}, ${template_groups}, '1', 'Theirs', 'en')`);
  await db.run(sql`
    insert into template_group_members (workspace_id, group_id, language, template_name)
    values (${workspace_id}, ${template_groups}, 'en', 'theirs')`);
  await db.run(sql`
    insert into media (workspace_id, id, ref, origin, state, mime_type, filename, size_bytes, sha256, stored_in, storage_key)
    values (${workspace_id}, ${template_media}, ${template_media}, 'uploaded', 'stored', 'image/png', 'theirs.png', 1, 'ab', 'folder', 'none')`);
  await db.run(sql`
    insert into media_library (workspace_id, id, name, kind, sha256)
    values (${workspace_id}, ${template_media}, 'theirs.png', 'image', 'ab')`);
  await db.run(sql`insert into endpoints (workspace_id, id, url, enabled, events, secret_salt, secret_key_id, secret_fingerprint,
      removed_headers, removed_headers_at)
    values (${workspace_id}, ${endpoints}, 'http://127.0.0.1:9/theirs', true, '{messages}', ${randomBytes(16)}, ${box.key_id}, '00000000',
      ${box.seal(JSON.stringify({ "X-Theirs": secret }), `endpoint:${endpoints}:headers`)}, now())`);
  await db.run(
    sql`insert into delivery_queue (workspace_id, id, endpoint_id, journal_id, events) values (${workspace_id}, ${deliveries}, ${endpoints}, ${webhook}, '{messages}')`,
  );
  await db.run(sql`
    insert into recoveries (workspace_id, id, endpoint_id, what, since, until, rate_per_s, total)
    values (${workspace_id}, ${recoveries}, ${endpoints}, 'missing', now() - interval '1 hour', now(), 1, 0)`);
  const media = newId();
  await db.run(sql`
    insert into media (workspace_id, id, ref, origin, state, filename, error)
    values (${workspace_id}, ${media}, '1037543291543636', 'received', 'failed', 'theirs.pdf', 'for the test')`);
  const notices = newId();
  await db.run(sql`
    insert into notices (workspace_id, id, key, kind, severity, title, resolved, occurred_at, rank, event_id)
    values (${workspace_id}, ${notices}, 'theirs', 'account', 'info', 'Theirs', false, now(), 0, ${newId()})`);
  const api_keys = newId();
  await db.run(sql`
    insert into api_keys (workspace_id, id, name, key_hash, start)
    values (${workspace_id}, ${api_keys}, 'Theirs', ${newId()}, 'wharf_theirs')`);
  const [contact_fields, tags, lists, segments] = Array.from({ length: 4 }, () => newId());
  await db.run(sql`
    insert into contact_fields (workspace_id, id, name, kind) values (${workspace_id}, ${contact_fields}, 'Theirs', 'text')`);
  await db.run(sql`insert into tags (workspace_id, id, name) values (${workspace_id}, ${tags}, 'Theirs')`);
  await db.run(sql`insert into lists (workspace_id, id, name) values (${workspace_id}, ${lists}, 'Theirs')`);
  await db.run(sql`
    insert into segments (workspace_id, id, name, rule) values (${workspace_id}, ${segments}, 'Theirs', ${JSON.stringify(RULE)}::jsonb)`);
  await db.run(sql`
    insert into contact_events (workspace_id, id, contact_id, name, payload, occurred_at)
    values (${workspace_id}, ${newId()}, ${contacts}, 'theirs', '{}', now())`);
  // One that can be launched: approved, of a template that Meta has approved, to those of the segment.
  const [campaigns, sendable] = [newId(), newId()];
  await db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, components)
    values (${workspace_id}, ${sendable}, '1', '2', 'theirs_sent', 'en', 'UTILITY', 'APPROVED',
      '{"components":[{"type":"BODY","text":"Theirs"}]}')`);
  await db.run(sql`
    insert into campaigns (workspace_id, id, name, phone_number_id, template_name, template_language, audience, approval, prepared_at)
    values (${workspace_id}, ${campaigns}, 'Theirs', ${number}, 'theirs_sent', 'en',
      ${JSON.stringify({ include: [{ kind: "segment", id: segments }], exclude: [] })},
      '{"requested_by": null, "requested_at": "2026-01-01T00:00:00Z", "approved_by": null, "approved_at": "2026-01-01T00:00:00Z"}', now())`);
  const imports = newId();
  await db.run(sql`
    insert into imports (workspace_id, id, file_id, filename, size_bytes, encoding, delimiter, has_header, columns, rows_total, settings)
    values (${workspace_id}, ${imports}, ${template_media}, 'theirs.csv', 1, 'utf-8', ',', true, '[{"name": "Theirs", "samples": []}]', 1,
      ${JSON.stringify(IMPORT)}::jsonb)`);
  const consent = newId();
  await db.run(sql`
    insert into consent_words (workspace_id, id, meaning, matches, text, since)
    values (${workspace_id}, ${consent}, 'STOP', 'typed', 'Theirs', now())`);
  // One that people can enter and that can be activated; the way of one person through it, who waits.
  const flow = exampleFlow(sendable, { phone_number_id: number! });
  const automations = await insertAutomation(db, workspace_id, flow, { name: "Theirs" });
  const automation_runs = await insertRun(db, workspace_id, automations, {
    contact_id: contacts!,
    node_id: "read",
  });
  await insertActivities(db, workspace_id, automation_runs, [
    { visit: 2, node_id: "read", node_type: "wait", status: "SCHEDULED" },
  ]);
  const [automation_tests, notes] = [newId(), newId()];
  await db.run(sql`
    insert into automation_tests (workspace_id, id, automation_id, run_id)
    values (${workspace_id}, ${automation_tests}, ${automations}, ${automation_runs})`);
  await db.run(sql`
    insert into automation_versions (workspace_id, automation_id, version, flow)
    values (${workspace_id}, ${automation_tests}, 1, ${JSON.stringify(flow)}::jsonb)`);
  await db.run(sql`
    update automation_runs set test = '{"by_steps": true, "skips": []}' where workspace_id = ${workspace_id} and id = ${automation_runs}`);
  // On no contact of the others: those are erased before it is deleted.
  await db.run(sql`
    insert into notes (workspace_id, id, contact_id, text, source) values (${workspace_id}, ${notes}, ${newId()}, 'Theirs', 'API')`);
  const [roles, members, invitations, owner, viewer] = Array.from({ length: 5 }, () => newId());
  await db.run(sql`
    insert into roles (workspace_id, id, name, permissions, sees_numbers) values (${workspace_id}, ${roles}, 'Theirs', '{}', false)`);
  await db.run(sql`
    insert into users (id, name, email) values (${owner}, 'Theirs', 'theirs-owner@example.com'), (${viewer}, 'Theirs', 'theirs@example.com')`);
  await db.run(sql`
    insert into members (workspace_id, id, user_id, role) values (${workspace_id}, ${newId()}, ${owner}, 'owner'),
      (${workspace_id}, ${members}, ${viewer}, 'viewer')`);
  await db.run(sql`
    insert into invitations (workspace_id, id, email, role, inviter_id, token_hash, expires_at)
    values (${workspace_id}, ${invitations}, 'theirs-new@example.com', 'viewer', ${owner}, ${newId()}, now() + interval '1 day')`);
  const sessions = newId();
  await db.run(sql`
    insert into sessions (id, user_id, token, ip_address, expires_at) values (${sessions}, ${viewer}, ${newId()}, '192.0.2.1', now() + interval '1 day')`);
  const here = {
    connections: connection_id,
    roles,
    members: viewer,
    invitations,
    sessions,
    workspaces: workspace_id,
    automation_tests,
    notes,
    automations,
    automation_runs,
    campaigns,
    imports,
    consent,
    blacklist: contacts,
    contact_fields,
    tags,
    lists,
    segments,
    api_keys,
    notices,
    media,
    contacts,
    merged,
    conversations,
    messages,
    phone_numbers: number,
    templates,
    template_drafts,
    template_groups,
    template_media,
  };
  return { ...here, endpoints, deliveries, journal: webhook, recoveries } as Record<string, string>;
}

const NO_PERMISSIONS = Object.fromEntries(AREAS.map((area) => [area, "none"]));
const RULE = { groups: [[{ on: "consent", op: "is", states: ["UNKNOWN"] }]] };

const IMPORT = {
  mapping: [{ to: "phone" }],
  default_country: null,
  day_first: true,
  decimal: ".",
  policy: "fill_blanks",
  tag_ids: [],
  list_ids: [],
  new_list: null,
  consent: { state: null, date: null, source: null, agreed: false },
  campaign_id: null,
};

const bodiesFor = (ids: Record<string, string>): Partial<Record<Route, object>> => ({
  "PATCH /api/v1/conversations/:id": { read: true },
  "POST /api/v1/conversations/:id/messages": { content: { type: "text", body: "Hello" } },
  "POST /api/v1/messages": {
    from: ids["phone_numbers"],
    to: "+16505551234",
    content: { type: "text", body: "Hello" },
  },
  "PATCH /api/v1/workspace": { name: "Theirs" },
  "POST /api/v1/installation/confirm": { pending: "drop" },
  "PATCH /api/v1/setup": { dismissed: true },
  "POST /api/v1/api_keys": { name: "Made by a test" },
  "POST /api/v1/api_keys/:id/roll": {},
  "POST /api/v1/roles": { name: "Made by a test", permissions: NO_PERMISSIONS, sees_numbers: false },
  "PATCH /api/v1/roles/:id": { sees_numbers: false },
  "PATCH /api/v1/members/:id": { role: "viewer" },
  "POST /api/v1/members/:id/deactivate": {},
  "POST /api/v1/invitations": { email: "new@example.com", role: "viewer" },
  "POST /api/v1/workspaces": { name: "Made by a test" },
  "POST /api/v1/connections": { name: "Made by a test", app_secret: "the app secret" },
  "PATCH /api/v1/connections/:id": { name: "Theirs too" },
  "POST /api/v1/connections/:id/rotate-app-secret": { app_secret: "the next secret" },
  "POST /api/v1/connections/:id/check": {},
  "POST /api/v1/connections/:id/subscribe": { callback_url: "https://hub.example/webhooks/meta" },
  "POST /api/v1/connections/:id/accounts": { waba_id: "1" },
  "POST /api/v1/connections/:id/accounts/:waba_id/subscribe": { callback_url: null },
  "POST /api/v1/unrouted/adopt": { connection_id: ids["connections"], waba_id: "1" },
  "POST /api/v1/unrouted/discard": { connection_id: ids["connections"], waba_id: "1" },
  "PATCH /api/v1/phone_numbers/:id/settings": { silence_after_s: null },
  "PATCH /api/v1/phone_numbers/:id/profile": { about: "Theirs" },
  "POST /api/v1/phone_numbers/:id/register": { pin: "212834" },
  "POST /api/v1/phone_numbers/:id/pin": { pin: "212834" },
  "POST /api/v1/phone_numbers/:id/request-code": { method: "SMS" },
  "POST /api/v1/phone_numbers/:id/verify-code": { code: "123456" },
  "POST /api/v1/phone_numbers/:id/override": { callback_url: null },
  "POST /api/v1/contacts": { phone: "+16505551234" },
  "POST /api/v1/contacts/bulk": { ids: [ids["contacts"]], add_tags: [ids["tags"]] },
  "POST /api/v1/contacts/:id/merge": { from_id: ids["merged"] },
  "POST /api/v1/contacts/:id/erase": { confirm: true },
  "PATCH /api/v1/contacts/:id/profile": { language: "de" },
  "POST /api/v1/events": { name: "order", contact_id: ids["contacts"] },
  "POST /api/v1/contact_fields": { name: "Made by a test", kind: "text" },
  "PATCH /api/v1/contact_fields/:id": { name: "Theirs too" },
  "POST /api/v1/tags": { name: "Made by a test" },
  "PATCH /api/v1/tags/:id": { name: "Theirs too" },
  "POST /api/v1/lists": { name: "Made by a test" },
  "PATCH /api/v1/lists/:id": { name: "Theirs too" },
  "POST /api/v1/lists/:id/contacts": { add: [ids["contacts"]] },
  "POST /api/v1/segments": { name: "Made by a test", rule: RULE },
  "POST /api/v1/segments/preview": { rule: RULE },
  "PATCH /api/v1/segments/:id": { name: "Theirs too" },
  "POST /api/v1/automations": { name: "Made by a test" },
  "PATCH /api/v1/automations/:id": { name: "Theirs too" },
  "POST /api/v1/automations/:id/test": { contact_id: ids["contacts"] },
  "POST /api/v1/automation_tests/:id/go_on": { do: "end" },
  "POST /api/v1/automation_tests/:id/customer": { does: "read" },
  "POST /api/v1/contacts/:id/notes": { text: "Theirs" },
  "POST /api/v1/automations/:id/runs/count": { verb: "cancel" },
  "POST /api/v1/automations/:id/runs/retry": {},
  "POST /api/v1/automations/:id/runs/cancel": {},
  "POST /api/v1/automations/:id/runs/resume": {},
  "POST /api/v1/automations/:id/runs/move/preview": {},
  "POST /api/v1/automations/:id/runs/move": {},
  "POST /api/v1/campaigns": { name: "Made by a test" },
  "PATCH /api/v1/campaigns/:id": { name: "Theirs too" },
  "POST /api/v1/campaigns/:id/recipients": { recipients: [{ contact_id: ids["contacts"] }] },
  "POST /api/v1/campaigns/:id/exclusions": { phones: ["+16505551234"] },
  "POST /api/v1/campaigns/:id/test": { to: ["+16505551234"] },
  "PUT /api/v1/rate_card": { currency: "USD", rates: [] },
  "POST /api/v1/rate_card/csv": { csv: "market,utility\nDE,1", from: "2026-01-01", currency: "USD" },
  "PATCH /api/v1/imports/:id": { policy: "overwrite" },
  "PATCH /api/v1/endpoints/:id": { description: "changed" },
  "POST /api/v1/endpoints/:id/resendable": { filter: {} },
  "POST /api/v1/endpoints/:id/cancellable": { filter: {} },
  "POST /api/v1/endpoints/:id/cancel": { filter: {} },
  "POST /api/v1/endpoints/:id/resend": { filter: {} },
  "POST /api/v1/endpoints/:id/uncancel-pending": { cancelled_at: "2026-01-01T00:00:00Z" },
  "POST /api/v1/endpoints/:id/restore-headers": { names: ["X-Theirs"] },
  "POST /api/v1/endpoints/:id/recover": { since: "2026-01-01T00:00:00Z" },
  "POST /api/v1/templates/:id/draft": { as: "copy" },
  "POST /api/v1/template_drafts": {
    name: "made_by_a_test",
    language: "en",
    category: "UTILITY",
    components: [{ type: "BODY", text: "Hello" }],
    waba_id: "1",
  },
  "POST /api/v1/template_groups": {
    name: "Made by a test",
    fallback_language: "en",
    members: [{ language: "en", template_name: "theirs" }],
    waba_id: "1",
  },
  "PATCH /api/v1/template_drafts/:id": { category: "MARKETING" },
  "PATCH /api/v1/template_groups/:id": { name: "Theirs, too" },
  "POST /api/v1/consent/words": { meaning: "STOP", text: "Made by a test" },
  "PATCH /api/v1/consent/words/defaults": { language: "es", on: false },
  "POST /api/v1/consent/words/test": { text: "stop" },
  "PATCH /api/v1/consent/settings": { stop_reply: "Bye" },
  "POST /api/v1/contacts/:id/consent": { state: "UNSUBSCRIBED", reason: "Theirs" },
  "POST /api/v1/blacklist": { phone: "+16505551234", reason: "Made by a test" },
  "POST /api/v1/blacklist/:id/remove": { reason: "Theirs" },
  "PATCH /api/v1/marketing_policy": { cap: { messages: 2, days: 7 } },
  "POST /api/v1/endpoints": { url: "https://example.com/ours", enabled: true, events: ["messages"] },
});
const queriesFor = (ids: Record<string, string>): Partial<Record<Route, string>> => ({
  "GET /api/v1/contacts/:id/merge": `?from_id=${ids["merged"]}`,
  "GET /api/v1/audience_uses": `?kind=tag&id=${ids["tags"]}`,
  "GET /api/v1/blacklist/check": "?phone=%2B16505551234",
  "GET /api/v1/messages": "?wamid=wamid.theirs",
  "GET /api/v1/endpoints/:id/recoverable": "?since=2026-01-01T00:00:00Z",
});
/** Makes the request of a route that is granted to those who have the things with these ids: by a key, or a session's headers. */
export const asking = (api: TestApi, ids: Record<string, string>) => {
  const bodies = bodiesFor(ids);
  const queries = queriesFor(ids);
  return (route: string, as: string | Record<string, string>, headers = {}) => {
    const [method, path] = route.split(" ") as ["GET", string];
    const kind = path.split("/")[3]!;
    const url =
      path.replace(":id", ids[kind] ?? "").replace(":waba_id", "1") + (queries[route as Route] ?? "");
    const payload = bodies[route as Route];
    return api.app.inject({
      method,
      url,
      headers: { ...(typeof as === "string" ? { authorization: `Bearer ${as}` } : as), ...headers },
      ...(payload ? { payload } : {}),
    });
  };
};

/** What must have been done before, for the request to be one that is granted. */
export const first: Partial<Record<Route, Route>> = {
  "POST /api/v1/blacklist/:id/remove": "POST /api/v1/contacts/:id/consent",
  "POST /api/v1/endpoints/:id/activate-secret": "POST /api/v1/endpoints/:id/prepare-secret",
  "DELETE /api/v1/endpoints/:id/prepared-secret": "POST /api/v1/endpoints/:id/prepare-secret",
};

/** Granted, and answered with a refusal all the same: what it asks for needs an endpoint that fails, or Meta. */
export const refused: Partial<Record<Route, number>> = {
  // The sandbox is off.
  "POST /api/v1/automations/:id/test": 409,
  "POST /api/v1/automation_tests/:id/go_on": 409,
  "POST /api/v1/automation_tests/:id/customer": 409,
  "POST /api/v1/endpoints/:id/probe": 409,
  // It has a number.
  "DELETE /api/v1/connections/:id": 409,
  // Meta isn't there, and is asked first.
  "POST /api/v1/connections/:id/subscribe": 503,
  "POST /api/v1/connections/:id/accounts": 503,
  "POST /api/v1/connections/:id/accounts/:waba_id/subscribe": 503,
  "GET /api/v1/phone_numbers/:id/settings": 503,
  "PATCH /api/v1/phone_numbers/:id/settings": 503,
  "PATCH /api/v1/phone_numbers/:id/profile": 503,
  "POST /api/v1/phone_numbers/:id/register": 503,
  "POST /api/v1/phone_numbers/:id/deregister": 503,
  "POST /api/v1/phone_numbers/:id/pin": 503,
  "POST /api/v1/phone_numbers/:id/request-code": 503,
  "POST /api/v1/phone_numbers/:id/verify-code": 503,
  "POST /api/v1/phone_numbers/:id/override": 503,
  "DELETE /api/v1/campaigns/:id": 409,
  "DELETE /api/v1/templates/:id": 409,
  // A key is no person.
  "POST /api/v1/members/:id/transfer": 403,
  "POST /api/v1/invitations": 403,
  "POST /api/v1/workspaces/:id/enter": 400,
  "POST /api/v1/workspaces/:id/leave": 400,
  "DELETE /api/v1/sessions/:id": 400,
  // Its file is none.
  "GET /api/v1/imports/:id/preview": 410,
  "POST /api/v1/template_drafts/:id/submit": 422,
};
