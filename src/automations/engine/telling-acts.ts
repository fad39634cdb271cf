import { idOf, isId } from "../../base/base.ts";
import { listFields } from "../../audience/audience.ts";
import type { Act } from "../../contract/automations.ts";
import { sql, uuidArray, type Tx } from "../../db/db.ts";
import { queueCalls, sendOwnEvents } from "../../delivery/delivery.ts";
import { addNotes } from "../../inbox/inbox.ts";
import type { LiveChange } from "../../live/live.ts";
import { recordNotices } from "../../notices/notices.ts";
import { fillText, type Acted } from "../flow/flow.ts";
import { filledPerson, phoneOf } from "./filled-person.ts";
import type { Acting } from "./sends.ts";
import type { Traveller } from "./traveller.ts";

/** What tells others of a person: the team by a note or notice, another system by an event or a call. */
export type TellingAct = Extract<Act, { kind: "add_note" | "notify_user" | "notify_endpoint" | "call_url" }>;

const KINDS: readonly string[] = ["add_note", "notify_user", "notify_endpoint", "call_url"];
export const isTelling = ({ act }: Acting): boolean => KINDS.includes(act.kind);

interface Telling {
  tx: Tx;
  workspace_id: string;
  now: Date;
  /** Of automations, by their id. */
  names: ReadonlyMap<string, string>;
}

interface Done {
  acted: Acted[];
  changes: LiveChange[];
}

/** What the automations of those who tell something are called; a test's run tells its automation's. */
export async function namesOf(
  tx: Tx,
  workspace_id: string,
  acting: readonly Acting[],
): Promise<Map<string, string>> {
  const ids = [...new Set(acting.filter(isTelling).map(({ traveller: { run } }) => run.automation_id))];
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{ id: string; name: string }>(sql`
    select a.id, a.name from automations a
    where a.workspace_id = ${workspace_id} and a.id = any(${uuidArray(ids)}::uuid[])
    union all
    select t.id, a.name from automation_tests t
    join automations a on a.workspace_id = t.workspace_id and a.id = t.automation_id
    where t.workspace_id = ${workspace_id} and t.id = any(${uuidArray(ids)}::uuid[])`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Those of one node or of several that say the same: a statement or two for all of them. */
export function tellAll(telling: Telling, members: readonly Acting<TellingAct>[]): Promise<Done> {
  switch (members[0]!.act.kind) {
    case "add_note":
      return note(telling, members);
    case "notify_user":
      return notify(telling, members);
    case "notify_endpoint":
      return sendEvents(telling, members);
    case "call_url":
      return call(telling, members);
  }
}

const done = (members: readonly Acting[], acted: Acted = { kind: "done" }): Acted[] =>
  members.map(() => acted);
const idFor = ({ run, visit }: Traveller, what: string) => idOf(`${run.id}:${what}:${visit.number}`);

const textOf = ({ traveller: { person, known }, act }: Acting<TellingAct>): string =>
  "text" in act ? fillText(act.text, filledPerson(person), known).trim() : "";

/** In the conversation with the flow's number. */
async function note(
  { tx, workspace_id, now, names }: Telling,
  members: readonly Acting<TellingAct>[],
): Promise<Done> {
  const written = members.filter((one) => textOf(one) !== "");
  const changes = await addNotes(
    tx,
    written.map((one) => ({
      id: idFor(one.traveller, "note"),
      workspace_id,
      contact_id: one.traveller.run.contact_id,
      phone_number_id: one.traveller.flow.settings.phone_number_id,
      text: textOf(one),
      source: "AUTOMATION" as const,
      user_id: null,
      automation_name: names.get(one.traveller.run.automation_id) ?? null,
      at: now,
    })),
  );
  return { acted: members.map((one) => (textOf(one) === "" ? EMPTY : { kind: "done" })), changes };
}

const EMPTY: Acted = {
  kind: "failed",
  reason: "EMPTY_TEXT",
  says: "Nothing was left of the text, as what it is filled in with is not there.",
};

async function notify(
  { tx, workspace_id, now, names }: Telling,
  members: readonly Acting<TellingAct>[],
): Promise<Done> {
  const [{ act }] = members as [Acting<Extract<Act, { kind: "notify_user" }>>];
  const user_id = act.user_id;
  if (user_id !== null && !(await isMember(tx, workspace_id, user_id)))
    return {
      acted: done(members, {
        kind: "failed",
        reason: "USER_GONE",
        says: "The user does not work in this workspace any more.",
      }),
      changes: [],
    };
  const changes = await recordNotices(
    tx,
    members.map((one) => {
      const { run, person } = one.traveller;
      const who = person?.name ?? phoneOf(person);
      const name = names.get(run.automation_id) ?? "";
      return {
        workspace_id,
        key: `automation:${idFor(one.traveller, "notice")}`,
        kind: "automation" as const,
        severity: "info" as const,
        title: textOf(one) || name,
        detail: [who, `Automation “${name}”`].filter((part) => part !== null).join(" · "),
        resolved: false,
        end: null,
        waba_id: null,
        display_phone_number: null,
        at_ms: now.getTime(),
        rank: 0,
        event_id: idFor(one.traveller, "notice"),
        journal_id: null,
        about: { user_id, contact_id: run.contact_id, conversation_id: run.conversation_id },
      };
    }),
  );
  return { acted: done(members), changes };
}

const isMember = async (tx: Tx, workspace_id: string, user_id: string): Promise<boolean> =>
  isId(user_id) &&
  (await tx.first(
    sql`select from members where workspace_id = ${workspace_id} and user_id = ${user_id} and deactivated_at is null`,
  )) !== undefined;

/** What is told of a run to other systems: the same in an event and in a call. */
function toldOf(
  { traveller }: Acting,
  { names, fields, now }: Pick<Telling, "names" | "now"> & { fields: ReadonlyMap<string, string> },
): Record<string, unknown> {
  const { run, person, node, known, visit } = traveller;
  const nameOfField = (id: string) => fields.get(id) ?? id;
  return {
    id: idFor(traveller, "told"),
    occurred_at: now.toISOString(),
    automation: { id: run.automation_id, name: names.get(run.automation_id) ?? null },
    run_id: run.id,
    node: { id: node.id, name: node.name, visit: visit.number },
    contact: {
      id: run.contact_id,
      ...filledPerson(person),
      marketing_state: person?.marketing_state ?? null,
      fields: Object.fromEntries(
        Object.entries(person?.fields ?? {}).map(([id, value]) => [nameOfField(id), value]),
      ),
    },
    conversation_id: run.conversation_id,
    payload: known.payload,
    answers: Object.fromEntries(known.answers),
  };
}

async function sendEvents(
  { tx, workspace_id, now, names }: Telling,
  members: readonly Acting<TellingAct>[],
): Promise<Done> {
  const [{ act }] = members as [Acting<Extract<Act, { kind: "notify_endpoint" }>>];
  const { endpoint_id } = act;
  if (endpoint_id === null) return { acted: done(members, ENDPOINT_GONE), changes: [] };
  const fields = await fieldNames(tx, workspace_id);
  const outcomes = await sendOwnEvents(
    tx,
    members.map((one) => ({
      workspace_id,
      endpoint_id,
      name: "automation.notified" as const,
      body: bodyOf({
        type: "automation.notified",
        ...toldOf(one, { names, fields, now }),
        text: textOf(one),
      }),
    })),
  );
  const acted = outcomes.map((outcome): Acted => {
    if (outcome === "queued") return { kind: "done" };
    return outcome === "gone" ? ENDPOINT_GONE : ENDPOINT_OFF;
  });
  return { acted, changes: [] };
}

const fieldNames = async (tx: Tx, workspace_id: string) =>
  new Map((await listFields(tx, workspace_id)).data.map(({ id, name }) => [id, name]));

const bodyOf = (value: object): Buffer => Buffer.from(JSON.stringify(value));

const ENDPOINT_GONE: Acted = { kind: "failed", reason: "ENDPOINT_GONE", says: "The webhook was deleted." };
const ENDPOINT_OFF: Acted = {
  kind: "failed",
  reason: "ENDPOINT_OFF",
  says: "The webhook is switched off.",
};

async function call(
  { tx, workspace_id, now, names }: Telling,
  members: readonly Acting<TellingAct>[],
): Promise<Done> {
  const [{ act }] = members as [Acting<Extract<Act, { kind: "call_url" }>>];
  if (!URL.canParse(act.url))
    return {
      acted: done(members, { kind: "failed", reason: "INVALID_URL", says: "The URL can't be read." }),
      changes: [],
    };
  const fields = await fieldNames(tx, workspace_id);
  await queueCalls(
    tx,
    members.map((one) => ({
      workspace_id,
      origin_id: one.traveller.run.id,
      visit: one.traveller.visit.number,
      contact_id: one.traveller.run.contact_id,
      url: act.url,
      body: bodyOf({ type: "automation.call", ...toldOf(one, { names, fields, now }) }),
      timeout_ms: act.timeout_s * 1_000,
    })),
    now,
  );
  return { acted: done(members, { kind: "called" }), changes: [] };
}
