/** Webhooks as Meta writes them: each difference that there was, by its name. */
import { expect, test } from "vitest";
import { createGraphStandIn, createSimulator, NUMBERS, PERSONAS } from "../simulator.ts";
import { takeMedium } from "../scenario/samples.ts";
import { readStep } from "../scenario/scenario-file.ts";
import { createStage } from "../scenario/stage.ts";
import {
  contacts,
  echo,
  media,
  numberChanged,
  preference,
  status,
  templateStatus,
  text,
  type Update,
  userIdChanged,
  webhookOf,
} from "./updates.ts";
import { countryOf, type Persona } from "./cast.ts";
import { userIdOf } from "./wire.ts";

const number = NUMBERS[0]!;
const [sheena, amara] = PERSONAS as [Persona, Persona];
const hidden: Persona = { ...amara, hidden: true };
const idOf = ({ wa_id }: Persona) => userIdOf(wa_id, countryOf(wa_id));
const time = 1_796_000_000;
const from = (person: Persona) => ({ number, from: person, wamid: "wamid.M", time });
const to = (recipient: Persona) => ({ number, recipient, wamid: "wamid.M", time });
const told = (update: Update) => JSON.stringify(webhookOf([update]));

test.each<[string, Update]>([
  ["a text", text(from(hidden), "Hi")],
  ["a preference", preference(from(hidden), "stop")],
  ["an echo", echo(from(hidden), "Hi")],
  ["a status", status({ ...to(hidden), status: "delivered" })],
  ["a failed status of what was sent to the user id", status({ ...to(hidden), status: "failed" })],
  ["another user id", userIdChanged(from(hidden), "GB.1")],
  ["another number", numberChanged(from(hidden), "447700900322")],
])("%s of a customer who hides the number has the user id alone (C)", (_, update) => {
  expect(told(update)).toContain(idOf(hidden));
  expect(told(update)).not.toMatch(/4477009003/);
});

test("a preference always has the user id (C)", () => {
  const { item, contact } = preference(from(sheena), "stop");
  expect([item["wa_id"], item["user_id"]]).toEqual([sheena.wa_id, idOf(sheena)]);
  expect(contact).toMatchObject({ user_id: idOf(sheena) });
});

test("a failed status tells the user id only of what was sent to one, and names no contact (C)", () => {
  const failed = (sent_to: "phone" | "user_id") => status({ ...to(sheena), status: "failed", sent_to });
  expect(failed("phone").item).toMatchObject({ recipient_id: sheena.wa_id });
  expect(failed("phone").item).not.toHaveProperty("recipient_user_id");
  expect(failed("user_id").item).toMatchObject({ recipient_user_id: idOf(sheena) });
  expect(failed("phone").contact).toBeNull();
});

test("delivered, read and played have the username, sent has not (C)", () => {
  const profile = (name: "sent" | "delivered" | "read" | "played") =>
    status({ ...to(amara), status: name }).contact!["profile"];
  expect(profile("sent")).toEqual({ name: amara.name });
  for (const name of ["delivered", "read", "played"] as const)
    expect(profile(name)).toEqual({ name: amara.name, username: amara.username });
  expect(told(status({ ...to(sheena), status: "read" }))).not.toContain("username");
  // In one webhook with both.
  const both = (["sent", "read"] as const).map((name) => status({ ...to(amara), status: name }));
  expect(JSON.stringify(webhookOf(both))).toContain(amara.username!);
});

test("another user id comes without the phone, another number with both ids (C)", () => {
  const changed = userIdChanged(from(sheena), "US.1");
  expect(changed.item).toEqual({
    id: "wamid.M",
    timestamp: String(time),
    type: "system",
    system: {
      body: `User ${sheena.name} changed from ${idOf(sheena)} to US.1`,
      type: "user_changed_user_id",
      user_id: "US.1",
      previous_user_id: idOf(sheena),
    },
  });
  expect(told(changed)).not.toContain(sheena.wa_id);
  const moved = { ...sheena, wa_id: "12025550148" };
  expect(numberChanged(from(sheena), moved.wa_id).item["system"]).toMatchObject({
    type: "user_changed_number",
    wa_id: moved.wa_id,
    user_id: idOf(moved),
    previous_user_id: idOf(sheena),
  });
});

test("contacts say whence they come (C)", () => {
  const card = (wa_id: string) => ({
    name: { formatted_name: "A" },
    phones: [{ phone: `+${wa_id}`, wa_id }],
  });
  const origins = ({ item }: Update) =>
    (item["contacts"] as { origin: string }[]).map(({ origin }) => origin);
  const own = card(sheena.wa_id);
  expect(origins(contacts(from(sheena), [own, card("491512")]))).toEqual(["other", "other"]);
  const answer = { ...from(sheena), context_wamid: "wamid.Q" };
  expect(origins(contacts(answer, [own]))).toEqual(["contact_request"]);
  expect(origins(contacts(answer, [card("491512")]))).toEqual(["other"]);
});

test.each([
  ["service", undefined, { billable: false, type: "free_customer_service", category: "service" }],
  ["service", true, { billable: true, type: "regular", category: "service" }],
  ["utility", undefined, { billable: true, type: "regular", category: "utility" }],
])("what %s costs (charged: %s) is told with sent and delivered (C)", (category, charged, pricing) => {
  for (const name of ["sent", "delivered"] as const)
    expect(
      status({ ...to(sheena), status: name, category, ...(charged ? { charged } : {}) }).item["pricing"],
    ).toEqual({ ...pricing, pricing_model: "PMP" });
  expect(status({ ...to(sheena), status: "read", category }).item).not.toHaveProperty("pricing");
});

test("a rejected template says why and what to do, in the language as Meta writes it (C)", () => {
  const about = { waba_id: "1", template_id: 1, name: "t", language: "en_US", time };
  const { item } = templateStatus({ ...about, event: "REJECTED", reason: "INVALID_FORMAT" });
  expect(item["message_template_language"]).toBe("en_US");
  expect(item["rejection_info"]).toEqual({
    reason: expect.stringMatching(/\w+/) as string,
    recommendation: expect.stringMatching(/\w+/) as string,
  });
  const rejection_info = { reason: "a", recommendation: "b" };
  expect(
    templateStatus({ ...about, event: "REJECTED", reason: "INVALID_FORMAT", rejection_info }).item,
  ).toMatchObject({ rejection_info });
  // What a scenario says is never dropped.
  expect(templateStatus({ ...about, event: "REJECTED", reason: "SCAM", rejection_info }).item).toMatchObject({
    rejection_info,
  });
  for (const [event, reason] of [
    ["REJECTED", "SCAM"],
    ["APPROVED", "NONE"],
  ] as const)
    expect(templateStatus({ ...about, event, reason }).item).not.toHaveProperty("rejection_info");
});

/** The stand-in with its simulator; what it tells is kept. */
function meta(now_ms = Date.UTC(2026, 10, 30)) {
  const simulator = createSimulator({ target_url: "http://127.0.0.1:9/", app_secret: "s", seed: 7 });
  const updates: Update[] = [];
  let at_ms = now_ms;
  const standIn = createGraphStandIn({
    simulator: { ...simulator, deliver: (more) => Promise.resolve((updates.push(...more), [])) },
    clock: { now: () => at_ms },
    throughput: 100_000,
    odds: { failed: 0 },
    pause: () => Promise.resolve(),
    seed: 7,
  });
  const kept = {
    ...simulator,
    deliver: (more: readonly Update[]) => Promise.resolve((updates.push(...more), [])),
  };
  const stage = createStage({ simulator: kept, standIn, clock: { now: () => at_ms } });
  const stop = async () => {
    await standIn.stop();
    await simulator.stop();
  };
  return { standIn, stage, updates, stop, pass: (ms: number) => (at_ms += ms) };
}

test("a number's first 1,000 messages of a month are free, then they are charged, and in the next they are free again (C)", async () => {
  const { standIn, updates, stop, pass } = meta();
  const url = await standIn.listen(0);
  const send = async (count: number) => {
    updates.length = 0;
    for (let at = 0; at < count; at++)
      await fetch(`${url}/v27.0/${number.phone_number_id}/messages`, {
        method: "POST",
        headers: { authorization: "Bearer T", "content-type": "application/json" },
        body: JSON.stringify({
          messaging_product: "whatsapp",
          to: `+4477${String(10_000_000 + at)}`,
          type: "text",
          text: { body: "hi" },
        }),
      });
    await standIn.drain();
    const types = updates
      .filter(({ item }) => item["status"] === "sent")
      .map(({ item }) => (item["pricing"] as { type: string }).type);
    return [types.filter((type) => type === "free_customer_service").length, types.length];
  };
  expect(await send(1_003)).toEqual([1_000, 1_003]);
  pass(2 * 86_400_000);
  expect(await send(2)).toEqual([2, 2]);
  await stop();
});

test("files have a URL at which they can be fetched, beside their id (C)", async () => {
  const { standIn, stop } = meta();
  const url = await standIn.listen(0);
  const photo = await takeMedium(standIn, "image", {}, Buffer.from("a photo"));
  const { item } = media(from(sheena), "image", { ...photo });
  const link = (item["image"] as { url: string }).url;
  expect(new URL(link).origin).toBe(url);
  expect(await (await fetch(link, { headers: { authorization: "Bearer T" } })).text()).toBe("a photo");
  expect((await fetch(link)).status).toBe(401);
  await stop();
});

test("scenarios play threads that another app has, and handovers of them (C)", async () => {
  const { stage, updates, stop } = meta();
  await stage.take(
    readStep({
      send: [
        { do: "say", from: sheena.wa_id, text: "Hi", standby: true },
        { do: "echo", to: sheena.wa_id, text: "Hello", standby: true },
        { do: "status", status: "read", of: "x", to: sheena.wa_id, standby: true },
        { do: "handover", from: sheena.wa_id, to: "escalation", of: "ai_agent", why: "asked for a human" },
      ],
    }),
    1,
  );
  await stage.drain();
  expect(updates.map(({ field, list }) => `${field} ${list}`)).toEqual([
    "standby messages",
    "standby message_echoes",
    "standby statuses",
    "messaging_handovers null",
  ]);
  expect(updates[3]!.item).toEqual({
    messaging_product: "whatsapp",
    sender: { phone_number: sheena.wa_id, user_id: idOf(sheena) },
    recipient: {
      phone_number_id: number.phone_number_id,
      display_phone_number: number.display_phone_number,
    },
    timestamp: String(Date.UTC(2026, 10, 30) / 1_000),
    type: "control_passed",
    control_passed: {
      previous_owner_role: "ai_agent",
      new_owner_role: "escalation",
      metadata: "asked for a human",
    },
  });
  await stop();
});
