import {
  fillProfiles,
  joinedFacts,
  listContactsOn,
  tagContacts,
  tagsByName,
  type HappenedFact,
  type ImportedProfile,
  type Telling,
} from "../audience/audience.ts";
import { idOf } from "../base/base.ts";
import type { ImportFault } from "../contract/imports.ts";
import { ask } from "../consent/consent.ts";
import { sql, uuidArray, type Tx } from "../db/db.ts";
import {
  nameContacts,
  openContacts,
  recordImportedConsents,
  type ImportedStatement,
  type OpenedContact,
} from "../inbox/inbox.ts";
import { commonNumber, countryOf } from "../meta/meta.ts";
import { addRecipients } from "./campaign-started.ts";
import { keepTargets } from "./deleted-targets.ts";
import type { ImportRow } from "./import-rows.ts";
import type { PersonRow } from "./judge-row.ts";

/** What became of one row. */
export type Applied =
  | { outcome: "created" | "updated" | "unchanged" | "duplicate"; contact_id: string }
  | { outcome: "invalid"; faults: ImportFault[] };

/** Beyond it a column of tags is taken for one of something else. */
const MOST_NEW_TAGS = 200;

interface Person extends OpenedContact {
  /** In the order of the file; the first is counted as the contact's own, the others as duplicates. */
  rows: PersonRow[];
  /** An earlier step met them. */
  is_known: boolean;
}

/**
 * Makes contacts of rows, each found by its number in any spelling, in a constant number of statements. Outcomes are in
 * the order of the rows. Nothing is emptied, tags and lists are only added to.
 */
export async function applyRows(
  tx: Tx,
  imported: ImportRow,
  rows: readonly PersonRow[],
  telling?: Telling,
): Promise<{ applied: Applied[]; kept_opted_out: number; new_tags: number }> {
  const { workspace_id, settings } = imported;
  await keepTargets(tx, imported);
  const tags = await tagsByName(
    tx,
    workspace_id,
    rows.flatMap((each) => each.tags),
    MOST_NEW_TAGS - imported.new_tags,
  );
  const faults = new Map<PersonRow, ImportFault[]>();
  for (const each of rows) {
    const missing = each.tags.find((tag) => !tags.ids.has(tag));
    if (missing !== undefined) faults.set(each, [tooManyTags(imported, missing)]);
  }
  const people = await peopleOf(
    tx,
    imported,
    rows.filter((each) => !faults.has(each)),
  );
  const kept = people.filter(({ erased, rows }) => {
    if (erased) for (const each of rows) faults.set(each, [ERASED]);
    return !erased;
  });
  const valued = await writeValues(tx, imported, kept);
  const tagged = await tagContacts(
    tx,
    workspace_id,
    kept.flatMap(({ contact_id, rows }) =>
      [
        ...new Set([
          ...rows.flatMap((each) => each.tags).map((tag) => tags.ids.get(tag)!),
          ...settings.tag_ids,
        ]),
      ].map((tag_id) => ({ tag_id, contact_id })),
    ),
  );
  const listed = await listContactsOn(tx, workspace_id, settings.list_ids, idsOf(kept));
  const changed = new Set([
    ...valued.contact_ids,
    ...[...tagged, ...listed].map(({ contact_id }) => contact_id),
  ]);
  // People who are asked first by a double opt-in are not subscribed before their yes.
  const { statements, wanted } = await ask(tx, workspace_id, statementsOf(imported, kept));
  const consents = await recordImportedConsents(tx, workspace_id, statements);
  await wanted(statements.map(({ event_id }) => (consents.taken.has(event_id) ? event_id : null)));
  for (const id of consents.changed) changed.add(id);
  if (imported.kind === "campaign" && settings.campaign_id !== null)
    await addRecipients(tx, workspace_id, settings.campaign_id, recipientsOf(kept));

  const outcomes = new Map<PersonRow, Applied>();
  for (const { contact_id, rows, is_known, created } of kept) {
    const first = created ? "created" : changed.has(contact_id) ? "updated" : "unchanged";
    for (const [i, each] of rows.entries())
      outcomes.set(each, { outcome: i > 0 || is_known ? "duplicate" : first, contact_id });
  }
  await rememberPeople(tx, imported, kept, outcomes);
  if (telling)
    await telling.happened(
      tx,
      factsOf({ workspace_id, at: telling.now }, kept, {
        tagged,
        listed,
        fields: valued.fields,
        consents: consents.changed,
      }),
    );
  return {
    applied: rows.map((each) => outcomes.get(each) ?? { outcome: "invalid", faults: faults.get(each)! }),
    kept_opted_out: consents.kept_opted_out.length,
    new_tags: tags.made,
  };
}

type Changes = Parameters<typeof joinedFacts>[1] & {
  fields: Awaited<ReturnType<typeof fillProfiles>>["fields"];
  /** Those whose consent is another one now. */
  consents: readonly string[];
};

/** What the rows did to people, for those who follow it. */
const factsOf = (
  about: { workspace_id: string; at: Date },
  people: readonly Person[],
  { fields, consents, ...joined }: Changes,
): HappenedFact[] => [
  ...people
    .filter(({ created }) => created)
    .map(({ contact_id }) => ({ ...about, contact_id, kind: "contact_created" as const })),
  ...joinedFacts(about, joined),
  ...fields.map(({ contact_id, field_id: id, value }) => {
    return { ...about, contact_id, kind: "field_changed" as const, id, value };
  }),
  ...consents.map((contact_id) => ({ ...about, contact_id, kind: "consent_changed" as const })),
];

const ERASED: ImportFault = {
  column: null,
  reason: "This person was erased at their own wish. They can't be imported again.",
};

function tooManyTags({ columns, settings }: ImportRow, tag: string): ImportFault {
  const column = columns[settings.mapping.findIndex(({ to }) => to === "tags")]?.name ?? null;
  return {
    column,
    reason: `The tag “${tag}” is new, and the file has made ${MOST_NEW_TAGS} new tags already. Make the tag first, or import the column as a field.`,
  };
}

const idsOf = (people: readonly Person[]) => people.map(({ contact_id }) => contact_id);

/** Rows of one person together: also of two forms of one number, which no contact has yet. */
async function peopleOf(tx: Tx, imported: ImportRow, rows: readonly PersonRow[]): Promise<Person[]> {
  const { workspace_id, id: import_id, started_at } = imported;
  const by_number = new Map<string, PersonRow[]>();
  for (const each of rows) {
    const key = commonNumber(each.digits);
    by_number.set(key, [...(by_number.get(key) ?? []), each]);
  }
  const grouped = [...by_number.values()];
  const opened = await openContacts(
    tx,
    workspace_id,
    grouped.map(([first]) => first!),
    started_at.getTime(),
  );
  const known = await tx.rows<{ contact_id: string }>(sql`
    select contact_id from import_contacts where workspace_id = ${workspace_id} and import_id = ${import_id}
      and contact_id = any(${uuidArray(opened.map(({ contact_id }) => contact_id))}::uuid[])`);
  const known_ids = new Set(known.map(({ contact_id }) => contact_id));
  // Two numbers may be one person's, as the workspace knows them.
  const people = new Map<string, Person>();
  for (const [i, contact] of opened.entries()) {
    const { contact_id } = contact;
    const person = people.get(contact_id) ?? { ...contact, rows: [], is_known: known_ids.has(contact_id) };
    person.rows = [...person.rows, ...grouped[i]!].toSorted((a, b) => a.row - b.row);
    people.set(contact_id, person);
  }
  return [...people.values()];
}

/** Names and profiles, by the policy. Answers the contacts that have others now, and the fields. */
async function writeValues(
  tx: Tx,
  imported: ImportRow,
  people: readonly Person[],
): Promise<Awaited<ReturnType<typeof fillProfiles>>> {
  const { workspace_id, settings } = imported;
  const { policy } = settings;
  const written = policy === "add_tags" ? people.filter(({ created }) => created) : people;
  const overwrite = policy === "overwrite";
  const merged = written.map(({ contact_id, identity, rows }) => {
    const used = policy === "add_tags" ? rows.slice(0, 1) : overwrite ? rows.toReversed() : rows;
    const first = (name: "name" | "language" | "country" | "time_zone") =>
      used.find((each) => each[name] !== null)?.[name] ?? null;
    const profile: ImportedProfile = {
      contact_id,
      language: first("language"),
      country: first("country"),
      number_country: countryOf(identity.value),
      time_zone: first("time_zone"),
      fields: Object.assign(
        {},
        ...used.toReversed().map(({ fields }) => fields),
      ) as ImportedProfile["fields"],
    };
    return { profile, name: first("name") };
  });
  const named = await nameContacts(
    tx,
    workspace_id,
    merged.flatMap(({ profile: { contact_id }, name }) => (name === null ? [] : [{ contact_id, name }])),
    overwrite,
  );
  const filled = await fillProfiles(
    tx,
    workspace_id,
    merged.map(({ profile }) => profile),
    overwrite,
  );
  return { contact_ids: [...named, ...filled.contact_ids], fields: filled.fields };
}

function statementsOf(imported: ImportRow, people: readonly Person[]): ImportedStatement[] {
  const { id: import_id, filename } = imported;
  return people.flatMap(({ contact_id, identity, rows }) =>
    rows.flatMap(({ consent, row, line }): ImportedStatement[] => {
      if (consent === null) return [];
      const { state, at_ms, is_dated, source, reason } = consent;
      const said = [source, reason].filter((part) => part !== null).join(": ");
      const file = filename === null ? "" : ` of ${filename}`;
      return [
        {
          contact_id,
          identity,
          state,
          source: "IMPORT",
          at_ms,
          is_dated,
          // The same row again, after a crash, is the same statement.
          event_id: idOf(`import ${import_id} ${row}`),
          evidence: `${said === "" ? "" : `${said} · `}import ${import_id}, line ${line}${file}`,
        },
      ];
    }),
  );
}

const recipientsOf = (people: readonly Person[]) =>
  people.map(({ contact_id, rows }) => ({
    contact_id,
    values: Object.assign({}, ...rows.map(({ values }) => values)) as Record<string, string>,
  }));

const OUTCOMES = ["created", "updated", "unchanged"];

/** So that a later row about one of them is counted as a duplicate. */
async function rememberPeople(
  tx: Tx,
  { workspace_id, id: import_id }: ImportRow,
  people: readonly Person[],
  outcomes: ReadonlyMap<PersonRow, Applied>,
): Promise<void> {
  const met = people.filter(({ is_known }) => !is_known);
  await tx.run(sql`
    insert into import_contacts (workspace_id, import_id, contact_id, outcome)
    select ${workspace_id}, ${import_id}, due.contact_id, due.outcome from unnest(
      ${uuidArray(idsOf(met))}::uuid[], ${met.map(({ rows }) => OUTCOMES.indexOf(outcomes.get(rows[0]!)!.outcome))}::smallint[]
    ) as due (contact_id, outcome)
    order by due.contact_id`);
}
