import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clearInbox, onFreshInbox, person, said, tapped, type FreshInbox } from "../../test/support/inbox.ts";
import { sql } from "../db/db.ts";
import { applyInbox, CONFIRM_PAYLOAD, recordStatements } from "../inbox/inbox.ts";
import type { EventData } from "../meta/events.ts";

let inbox: FreshInbox;
onFreshInbox((fresh) => (inbox = fresh));

const T = 1_790_000_000;
const wa_ids = ["1001", "1002"];
const content = fc.oneof(
  fc.constantFrom("stop", "start", "Yes!", "genug", "baja", "hello").map((text) => said(text)),
  fc.constantFrom(
    tapped(CONFIRM_PAYLOAD, "Yes, please"),
    tapped("q1", "Not now"),
    tapped("STOP_PROMOTIONS", "Stop promotions"),
  ),
);
const moment = fc.record({
  wa_id: fc.constantFrom(...wa_ids),
  message: content,
  at_s: fc.integer({ min: T - 5, max: T + 30 }),
});

/** Words of the workspace that begin and end while people write; a language that is switched off meanwhile. */
async function setWords({ db, workspace_id }: FreshInbox): Promise<void> {
  await db.run(sql`
    insert into consent_words (workspace_id, id, meaning, matches, text, since, until) values
      (${workspace_id}, gen_random_uuid(), 'STOP', 'typed', 'Genug!', to_timestamp(${T + 10}), to_timestamp(${T + 20})),
      (${workspace_id}, gen_random_uuid(), 'STOP', 'tapped', 'Not now', to_timestamp(${T + 12}), null)`);
  await db.run(sql`
    insert into consent_defaults_off (workspace_id, language, since) values (${workspace_id}, 'es', to_timestamp(${T + 15}))`);
  await db.run(sql`
    insert into consent_settings (workspace_id, words_version, confirms) values (${workspace_id}, 1, true)`);
}

/** One of the two was asked: it is committed before anything that can answer it. */
async function askOne({ db, workspace_id }: FreshInbox): Promise<void> {
  await clearInbox(db, workspace_id);
  await db.transaction((tx) =>
    recordStatements(
      tx,
      workspace_id,
      [
        {
          identity: { kind: "wa_id", value: wa_ids[0]! },
          state: "PENDING",
          source: "API",
          evidence: null,
          reason: "asked",
          user_id: null,
        },
      ],
      (T + 3) * 1_000,
    ),
  );
}

/** The question has a new id each time. */
const read = async ({ db, workspace_id }: FreshInbox) => ({
  people: await db.rows(sql`
    select i.value, c.marketing_state, c.marketing_at, case when e.source <> 'API' then c.marketing_event end as marketing_event
    from contacts c join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.id
    left join consent_events e on e.workspace_id = c.workspace_id and e.id = c.marketing_event
    where c.workspace_id = ${workspace_id} order by i.value`),
  told: await db.rows(sql`
    select * from consent_events where workspace_id = ${workspace_id} and source <> 'API' order by id`),
});

test("what words, buttons and a double opt-in make of people depends on no order, batch or repetition", async () => {
  await setWords(inbox);
  const { db, make } = inbox;
  const apply = (events: ReturnType<typeof make>[]) => db.transaction((tx) => applyInbox(tx, events));
  await fc.assert(
    fc.asyncProperty(
      fc.array(moment, { minLength: 2, maxLength: 10 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 2 ** 30 })),
      async (moments, chance) => {
        const events = moments.map(({ wa_id, message, at_s }, i) => {
          const data: EventData = {
            kind: "message",
            wamid: `wamid.${i}`,
            from: person({ wa_id }),
            group_id: null,
            message,
          };
          return make(data, at_s);
        });
        await askOne(inbox);
        await apply(events);
        const expected = await read(inbox);
        const shuffled = events
          .map((event) => ({ event, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        await askOne(inbox);
        while (shuffled.length > 0)
          await apply(shuffled.splice(0, 1 + ((chance.next().value as number) % 3)));
        expect(await read(inbox)).toEqual(expected);
      },
    ),
    { numRuns: 10 },
  );
});
