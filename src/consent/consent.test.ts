import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestSending } from "../../test/support/sending.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import { queueMany } from "../sending/sending.ts";
import {
  addToBlacklist,
  addWord,
  applyConsent,
  block,
  changeConsent,
  changePolicy,
  changeSettings,
  checkBlacklist,
  createConsentMessages,
  eachEntry,
  getWords,
  listBlacklist,
  listEntries,
  proveConsent,
  readSettings,
  removeFromBlacklist,
  removeWord,
  switchDefaults,
  testWords,
} from "./consent.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { applyTemplates } from "../templates/templates.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;
let through: ReturnType<typeof createTestPipeline>;
let messages: ReturnType<typeof createConsentMessages>;
let workspace_id: string;
let user_id: string;
let people = 0;
const number = () => `1202556${String(1000 + people++)}`;
const page = { limit: 50 };

beforeAll(async () => {
  meta = await createTestSending();
  workspace_id = meta.workspace_id;
  user_id = newId();
  await meta.db.run(sql`insert into users (id, name, email) values (${user_id}, 'Ada', 'ada@example.com')`);
  through = createTestPipeline(meta.db, {
    inbox: applyInbox,
    templates: applyTemplates,
    consent: applyConsent,
  });
  messages = createConsentMessages({ db: meta.db, queue: queueMany });
  await meta.db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, status, category, components)
    select workspace_id, gen_random_uuid(), waba_id, name, name, 'en_US', 'APPROVED', category,
      '{"components":[{"type":"BODY","text":"May we write?"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Yes"}]}]}'
    from phone_numbers cross join (values ('hello_world', 'UTILITY'), ('promo', 'MARKETING')) t (name, category)
    where workspace_id = ${workspace_id}`);
});
beforeEach(async () => {
  meta.clock.moved_ms = 0;
  await meta.db.run(sql`
    update consent_settings set double_opt_in = null, stop_reply = null, confirm_reply = null, confirms = false,
      words_version = words_version + 1`);
  await meta.db.run(sql`delete from consent_words`);
  await meta.db.run(sql`delete from consent_defaults_off`);
});

async function say(wa_id: string, body: string) {
  await through.post(meta.connection_id, meta.inboundText(wa_id, body));
  await through.pipeline.drain();
}
async function tap(wa_id: string, payload: string, text: string) {
  const said = meta.inboundText(wa_id, "");
  const [message] = said.entry[0]!.changes[0]!.value.messages;
  Object.assign(message!, { type: "button", button: { payload, text }, text: undefined });
  await through.post(meta.connection_id, said);
  await through.pipeline.drain();
}
const stateOf = async (contact_id: string) =>
  (await meta.db.first<{ marketing_state: string }>(
    sql`select marketing_state from contacts where id = ${contact_id}`,
  ))!.marketing_state;
const sentTo = (to: string) =>
  meta.db.rows<{ content: { type: string; body?: string; buttons?: object[] } }>(
    sql`select content from sends where to_value = ${to} order by id`,
  );
const opened = async () => {
  const wa_id = number();
  return { wa_id, ...(await meta.person(wa_id)) };
};

describe("the ledger", () => {
  test("has every statement with what was known before it, its evidence, and the message that it was said in", async () => {
    const { wa_id, contact_id, conversation_id } = await opened();
    await say(wa_id, "Stop!");
    await changeConsent(
      meta.db,
      workspace_id,
      contact_id,
      { state: "SUBSCRIBED", reason: "Asked by phone" },
      { user_id },
    );
    const { data } = await listEntries(meta.db, workspace_id, { ...page, contact_id });
    expect(data).toMatchObject([
      {
        from: "UNSUBSCRIBED",
        to: "SUBSCRIBED",
        source: "AGENT",
        reason: "Asked by phone",
        user: { id: user_id, name: "Ada" },
        message_id: null,
      },
      {
        from: "UNKNOWN",
        to: "UNSUBSCRIBED",
        source: "STOP_KEYWORD",
        evidence: "Stop!",
        user: null,
        conversation_id,
      },
    ]);
    expect(data[1]!.message_id).not.toBeNull();
    expect(data[0]!.contact).toMatchObject({ id: contact_id, phone: "+1 202 556 1000" });
    expect(await stateOf(contact_id)).toBe("SUBSCRIBED");
  });

  test("is filtered by source, state, time and person, page by page, and nothing is lost or told twice", async () => {
    const all: string[] = [];
    for await (const { id } of eachEntry(meta.db, workspace_id, {})) all.push(id);
    for (let i = 0; i < 7; i++) {
      const { contact_id } = await opened();
      const change = { state: i % 2 ? "UNSUBSCRIBED" : "SUBSCRIBED", reason: `r${i}` } as const;
      const teller = { user_id: i % 3 ? user_id : null };
      all.push((await changeConsent(meta.db, workspace_id, contact_id, change, teller)).id);
    }
    const read = async (filter: Partial<Parameters<typeof listEntries>[2]>) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const { data, next_cursor } = await listEntries(meta.db, workspace_id, {
          ...filter,
          cursor,
          limit: 3,
        });
        ids.push(...data.map(({ id }) => id));
        cursor = next_cursor ?? undefined;
      } while (cursor);
      return ids;
    };
    const entries = (await listEntries(meta.db, workspace_id, { limit: 200 })).data;
    const naive = (test: (entry: (typeof entries)[number]) => boolean) =>
      entries.filter(test).map(({ id }) => id);
    expect((await read({})).toSorted()).toEqual(all.toSorted());
    expect(await read({})).toEqual(naive(() => true));
    expect(await read({ source: "API" })).toEqual(naive(({ source }) => source === "API"));
    expect(await read({ state: "UNSUBSCRIBED" })).toEqual(naive(({ to }) => to === "UNSUBSCRIBED"));
    expect(await read({ source: "AGENT", state: "SUBSCRIBED" })).toEqual(
      naive(({ to, source }) => to === "SUBSCRIBED" && source === "AGENT"),
    );
    const since = entries[3]!.occurred_at;
    expect(await read({ since })).toEqual(naive(({ occurred_at }) => occurred_at >= since));
    const listed = await addToBlacklist(
      meta.db,
      workspace_id,
      { phone: "+491601111111", reason: "x" },
      { user_id },
    );
    expect(await read({ search: "1601111111", source: "AGENT" })).toEqual(
      await read({ contact_id: listed.contact_id }),
    );
    expect(await read({ search: "1601111111" })).toHaveLength(1);
  });

  test("proves all that one person said", async () => {
    const { wa_id, contact_id } = await opened();
    await say(wa_id, "stop");
    meta.clock.moved_ms += 1_000;
    await say(wa_id, "start");
    const proof = await proveConsent(meta.db, workspace_id, contact_id, Date.now());
    expect(proof).toMatchObject({
      state: "SUBSCRIBED",
      entries: [{ evidence: "start" }, { evidence: "stop" }],
    });
    await expect(proveConsent(meta.db, workspace_id, newId(), 0)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("an agent has the last word, though Meta's clock is ahead of ours", async () => {
    const { wa_id, contact_id } = await opened();
    meta.clock.moved_ms += 60_000;
    await say(wa_id, "stop");
    meta.clock.moved_ms -= 60_000;
    await changeConsent(
      meta.db,
      workspace_id,
      contact_id,
      { state: "SUBSCRIBED", reason: "Called us" },
      { user_id },
    );
    expect(await stateOf(contact_id)).toBe("SUBSCRIBED");
  });
});

describe("words", () => {
  test("of the workspace count from now on, and the test field says what the pipeline does", async () => {
    const { wa_id, contact_id } = await opened();
    const test = async (text: string, tapped = false) =>
      (await testWords(meta.db, workspace_id, { text, tapped, payload: null })).meaning;
    expect(await test("Lass mich in Ruhe")).toBeNull();
    const own = { meaning: "STOP", matches: "typed", language: "de", text: "Lass mich in Ruhe!" } as const;
    const word = await addWord(meta.db, workspace_id, own, user_id);
    expect(word).toMatchObject({ ...own, user: { name: "Ada" } });
    expect(await test("lass mich in ruhe")).toBe("STOP");
    meta.clock.moved_ms += 2_000;
    await say(wa_id, "LASS MICH IN RUHE");
    expect(await stateOf(contact_id)).toBe("UNSUBSCRIBED");
    await removeWord(meta.db, workspace_id, word.id);
    expect(await test("lass mich in ruhe")).toBeNull();
    await expect(removeWord(meta.db, workspace_id, word.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("of buttons count only when they are tapped", async () => {
    const { wa_id, contact_id } = await opened();
    await addWord(
      meta.db,
      workspace_id,
      { meaning: "STOP", matches: "tapped", language: null, text: "Not now" },
      null,
    );
    meta.clock.moved_ms += 2_000;
    await say(wa_id, "Not now");
    expect(await stateOf(contact_id)).toBe("UNKNOWN");
    await tap(wa_id, "q1", "Not now");
    expect(await stateOf(contact_id)).toBe("UNSUBSCRIBED");
  });

  test("of the product can be switched off by language, and all, and on again", async () => {
    const test = async (text: string) =>
      (await testWords(meta.db, workspace_id, { text, tapped: false, payload: null })).meaning;
    await switchDefaults(meta.db, workspace_id, { language: "es", on: false }, user_id);
    expect([await test("baja"), await test("stop")]).toEqual([null, "STOP"]);
    await switchDefaults(meta.db, workspace_id, { language: "*", on: false }, user_id);
    expect(await test("stop")).toBeNull();
    const { all_off, defaults } = await switchDefaults(
      meta.db,
      workspace_id,
      { language: "*", on: true },
      user_id,
    );
    expect([all_off, defaults.find(({ language }) => language === "es")!.on, await test("stop")]).toEqual([
      false,
      false,
      "STOP",
    ]);
    await switchDefaults(meta.db, workspace_id, { language: "es", on: true }, user_id);
    expect((await getWords(meta.db, workspace_id)).defaults.every(({ on }) => on)).toBe(true);
  });

  test("that are there already, or could never be written, are refused", async () => {
    const add = (text: string) =>
      addWord(meta.db, workspace_id, { meaning: "STOP", matches: "typed", language: null, text }, null);
    await add("Schluss");
    await expect(add("schluss!")).rejects.toMatchObject({
      code: "WORD_TAKEN",
    });
    await expect(add("🛑")).rejects.toMatchObject({ code: "WORD_INVALID" });
  });
});

describe("the answer to a STOP", () => {
  test("goes once, into the conversation, and not to who repeats it", async () => {
    await changeSettings(meta.db, workspace_id, { stop_reply: "You get no more offers from us." });
    const { wa_id } = await opened();
    await say(wa_id, "stop");
    await messages.step();
    await say(wa_id, "STOP");
    await messages.step();
    expect((await sentTo(wa_id)).map(({ content }) => content)).toEqual([
      { type: "text", body: "You get no more offers from us." },
    ]);
  });

  test("is none where the window has closed since, or where none is set", async () => {
    const { wa_id, conversation_id } = await opened();
    await say(wa_id, "stop");
    await messages.step();
    await changeSettings(meta.db, workspace_id, { stop_reply: "Bye" });
    const late = await opened();
    await say(late.wa_id, "stop");
    await meta.db.run(sql`
      update conversations set window_expires_at = now() - interval '1 hour', last_inbound_at = now() - interval '25 hours'
      where id = ${late.conversation_id}`);
    expect(await messages.step()).toBe(1);
    expect(await messages.step()).toBe(0);
    expect([await sentTo(wa_id), await sentTo(late.wa_id), conversation_id.length]).toEqual([[], [], 36]);
  });
});

describe("double opt-in", () => {
  const on = (more: object = {}) =>
    changeSettings(meta.db, workspace_id, {
      double_opt_in: {
        from: meta.number_id,
        template_name: "hello_world",
        template_language: "en_US",
        button: 0,
        sources: ["API", "IMPORT"],
      },
      ...more,
    });
  const subscribe = (contact_id: string, teller: { user_id: string | null }) =>
    changeConsent(
      meta.db,
      workspace_id,
      contact_id,
      { state: "SUBSCRIBED", reason: "Form on the site" },
      teller,
    );

  test("asks who the API subscribes, by its template, and a yes subscribes them: the proof has both", async () => {
    await on({ confirm_reply: "Welcome!" });
    const { wa_id, contact_id } = await opened();
    expect((await subscribe(contact_id, { user_id: null })).to).toBe("PENDING");
    await messages.step();
    expect((await sentTo(wa_id))[0]!.content).toMatchObject({
      type: "template",
      buttons: [{ type: "quick_reply", index: 0, payload: "wharf:consent:yes" }],
    });
    await say(wa_id, "what is this?");
    expect(await stateOf(contact_id)).toBe("PENDING");
    await say(wa_id, "Yes!");
    expect(await stateOf(contact_id)).toBe("SUBSCRIBED");
    const { entries } = await proveConsent(meta.db, workspace_id, contact_id, Date.now());
    expect(entries).toMatchObject([
      { source: "DOUBLE_OPT_IN", from: "PENDING", to: "SUBSCRIBED", evidence: "Yes!" },
      { source: "API", to: "PENDING", reason: "Form on the site" },
    ]);
    await messages.step();
    expect((await sentTo(wa_id)).at(-1)!.content).toEqual({ type: "text", body: "Welcome!" });
  });

  test("takes the tap of the question's button, and no yes of people who were not asked", async () => {
    await on();
    const [asked, other] = [await opened(), await opened()];
    await subscribe(asked.contact_id, { user_id: null });
    await tap(asked.wa_id, "wharf:consent:yes", "Yes, please");
    await say(other.wa_id, "yes");
    expect([await stateOf(asked.contact_id), await stateOf(other.contact_id)]).toEqual([
      "SUBSCRIBED",
      "UNKNOWN",
    ]);
    expect((await proveConsent(meta.db, workspace_id, other.contact_id, 0)).entries).toEqual([]);
  });

  test("is ended by a STOP: a later yes does not count", async () => {
    await on();
    const { wa_id, contact_id } = await opened();
    await subscribe(contact_id, { user_id: null });
    await say(wa_id, "stop");
    meta.clock.moved_ms += 2_000;
    await say(wa_id, "yes");
    expect(await stateOf(contact_id)).toBe("UNSUBSCRIBED");
  });

  test("asks neither for sources that it does not name, nor who has agreed, nor twice", async () => {
    await on();
    const { wa_id, contact_id } = await opened();
    expect((await subscribe(contact_id, { user_id })).to).toBe("SUBSCRIBED");
    expect((await subscribe(contact_id, { user_id: null })).to).toBe("SUBSCRIBED");
    while ((await messages.step()) > 0);
    expect(await sentTo(wa_id)).toEqual([]);
  });

  test("takes no template that is marketing or not there, and no other workspace's number", async () => {
    const known = await on();
    const change = (more: object) => on({ double_opt_in: { ...known.double_opt_in, ...more } });
    await expect(change({ template_name: "promo" })).rejects.toMatchObject({ code: "ASKING_TEMPLATE" });
    await expect(change({ template_name: "none" })).rejects.toMatchObject({ code: "ASKING_TEMPLATE" });
    await expect(change({ from: newId() })).rejects.toMatchObject({ code: "ASKING_TEMPLATE" });
    await expect(change({ button: 3 })).rejects.toMatchObject({ code: "ASKING_TEMPLATE" });
    expect(await readSettings(meta.db, workspace_id)).toEqual({ ...known });
  });
});

describe("the blacklist", () => {
  test("names people as a list of numbers does, is added to and taken from by hand, and is asked by number", async () => {
    const { wa_id, contact_id } = await opened();
    await say(wa_id, "stop");
    const added = await addToBlacklist(
      meta.db,
      workspace_id,
      { phone: "+49 1512 3456789", reason: "Asked us by post" },
      { user_id },
    );
    expect(added).toMatchObject({ phone: "+49 1512 3456789", source: "Manual", reason: "Asked us by post" });
    // What Meta told may be of a second that ours has not come to yet.
    const { data } = await listBlacklist(meta.db, workspace_id, { limit: 50 });
    expect(data.find(({ contact_id: id }) => id === added.contact_id)).toEqual(added);
    expect((await listBlacklist(meta.db, workspace_id, { limit: 50, search: "Asked" })).data).toEqual([]);
    expect((await listBlacklist(meta.db, workspace_id, { limit: 50, search: "15123456789" })).data).toEqual([
      added,
    ]);
    expect(await checkBlacklist(meta.db, workspace_id, "0049 1512 3456789")).toMatchObject({
      blacklisted: true,
      source: "Manual",
    });
    expect(await checkBlacklist(meta.db, workspace_id, `+${wa_id}`)).toMatchObject({
      blacklisted: true,
      source: "Message",
      contact_id,
    });
    const entry = await removeFromBlacklist(meta.db, workspace_id, contact_id, "Wants it again", { user_id });
    expect(entry).toMatchObject({ from: "UNSUBSCRIBED", to: "UNKNOWN", reason: "Wants it again" });
    expect(await checkBlacklist(meta.db, workspace_id, wa_id)).toMatchObject({ blacklisted: false });
    await expect(
      removeFromBlacklist(meta.db, workspace_id, contact_id, "again", { user_id }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(
      addToBlacklist(meta.db, workspace_id, { phone: "12", reason: "x" }, { user_id }),
    ).rejects.toMatchObject({ code: "NUMBER_INVALID" });
  });

  test("takes many numbers of a file at once, with their evidence", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({
      digits: `49160${String(1_000_000 + i)}`,
      reason: i === 0 ? "complained" : null,
      evidence: `blacklist.csv, row ${i + 1}`,
    }));
    const { contact_ids } = await meta.db.transaction((tx) => block(tx, workspace_id, rows, { user_id }));
    expect(new Set(contact_ids).size).toBe(300);
    const { entries } = await proveConsent(meta.db, workspace_id, contact_ids[0]!, 0);
    expect(entries).toMatchObject([
      { to: "UNSUBSCRIBED", source: "IMPORT", reason: "complained", evidence: "blacklist.csv, row 1" },
    ]);
  });
});

describe("the marketing policy", () => {
  const change = (more: object) => changePolicy(meta.db, workspace_id, more, user_id);
  const night = {
    from: "21:00",
    to: "08:00",
    days: [1, 2, 3, 4, 5],
    whole_days: [7],
    action: "wait",
  } as const;

  test("keeps what is not named, and says who changed it", async () => {
    await change({ cap: { messages: 2, days: 7 }, time_zone: "Europe/Berlin" });
    expect(await change({ quiet: night })).toMatchObject({
      cap: { messages: 2, days: 7 },
      quiet: night,
      time_zone: "Europe/Berlin",
      user: { name: "Ada" },
    });
    expect(await change({ cap: null })).toMatchObject({ cap: null, quiet: night });
  });

  test.each([
    [{ time_zone: "Berlin" }, "time zone"],
    [{ quiet: { ...night, to: "21:00" } }, "differs"],
    [{ quiet: { ...night, to: null } }, "neither"],
    [{ quiet: { ...night, days: [], whole_days: [] } }, "at least one day"],
    [{ quiet: { ...night, whole_days: [1, 2, 3, 4, 5, 6, 7] } }, "always"],
    [{ quiet: { ...night, whole_days: [1, 2, 3] } }, "at a stretch"],
  ])("refuses what could not be kept: %j", async (more, says) => {
    await expect(change(more)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:QUIET_HOURS|TIME_ZONE)_INVALID$/),
      detail: expect.stringContaining(says),
    });
  });
});
