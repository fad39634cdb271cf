import type { Act } from "../../contract/automations.ts";
import { sql, uuidArray, type Tx } from "../../db/db.ts";
import type { LiveChange } from "../../live/live.ts";
import type { OutgoingContent } from "../../meta/meta.ts";
import { queueMany, type QueueOutcome, type QueueRow } from "../../sending/sending.ts";
import { fillText, type Acted } from "../flow/flow.ts";
import { filledPerson } from "./filled-person.ts";
import { findTemplates, templateKey, templateMessage, type FoundTemplates } from "./templates.ts";
import type { Traveller } from "./traveller.ts";

export type SendAct = Extract<
  Act,
  { kind: "send_template" | "send_text" | "send_media" | "send_buttons" | "send_list" }
>;

export interface Acting<Kind extends Act = Act> {
  traveller: Traveller;
  act: Kind;
}

/** Messages of many runs at once, each with its own outcome; `queueMany` asks the window, consent and the connection. */
export async function sendAll(
  tx: Tx,
  workspace_id: string,
  acting: readonly Acting<SendAct>[],
  found: FoundTemplates,
): Promise<{ acted: Acted[]; changes: LiveChange[] }> {
  if (acting.length === 0) return { acted: [], changes: [] };
  const media = await mediaKinds(tx, workspace_id, acting);
  for (const { act, traveller } of acting) {
    if (act.kind !== "send_template") continue;
    const number_id = traveller.flow.settings.phone_number_id;
    const key = templateKey(act, number_id);
    if (!found.has(key)) found.set(key, await findTemplates(tx, workspace_id, act, number_id));
  }
  const judged = acting.map((one) => messageFor(one, found, media));
  const rows = judged.flatMap((one, i): QueueRow[] => {
    const { run, flow } = acting[i]!.traveller;
    if ("acted" in one) return [];
    return [
      {
        workspace_id,
        source: "AUTOMATION",
        origin: { kind: "automation", id: run.id },
        from: flow.settings.phone_number_id!,
        contact_id: run.contact_id,
        content: one.content,
      },
    ];
  });
  const { outcomes, changes } = await queueMany(tx, rows);
  let next = 0;
  const acted = judged.map((one, i): Acted => {
    if ("acted" in one) return one.acted;
    const outcome = outcomes[next++]!;
    if ("id" in outcome) acting[i]!.traveller.run.conversation_id = outcome.conversation_id;
    return actedBy(outcome);
  });
  return { acted, changes };
}

function messageFor(
  { act, traveller }: Acting<SendAct>,
  found: FoundTemplates,
  media: ReadonlyMap<string, "image" | "video" | "document">,
): { content: OutgoingContent } | { acted: Acted } {
  const { person, flow, known } = traveller;
  const number_id = flow.settings.phone_number_id;
  if (number_id === null || person === null)
    return {
      acted: { kind: "failed", reason: "NO_NUMBER", says: "The automation has no number to send from." },
    };
  if (person.reach === null)
    return {
      acted: {
        kind: "failed",
        reason: "UNREACHABLE",
        says: "The contact has no number that can be written to.",
      },
    };
  const filled = (text: string) => fillText(text, filledPerson(person), known);
  switch (act.kind) {
    case "send_template":
      return templateMessage(act, found.get(templateKey(act, number_id)) ?? null, person, known);
    case "send_text":
      return { content: { type: "text", body: filled(act.text) } };
    case "send_media": {
      const type = media.get(act.media_id ?? "");
      if (type === undefined)
        return { acted: { kind: "failed", reason: "MEDIA_GONE", says: "The file is gone." } };
      const caption = act.caption === "" ? {} : { caption: filled(act.caption) };
      return { content: { type, media: { id: act.media_id! }, ...caption } };
    }
    case "send_buttons":
      return { content: { type: "buttons", body: filled(act.text), buttons: act.buttons } };
    case "send_list":
      return {
        content: { type: "list", body: filled(act.text), button: act.button, sections: [{ rows: act.rows }] },
      };
  }
}

/** What is in the way of one message; what is in the way of all of a template is told of that. */
function actedBy(outcome: QueueOutcome): Acted {
  if ("id" in outcome) return { kind: "sent", message_id: outcome.id };
  const { problem } = outcome;
  const says = problem.detail ?? problem.message;
  if (problem.code === "MARKETING_REFUSED") return { kind: "skipped", reason: "consent" };
  if (problem.code === "NOT_CONNECTED") return { kind: "held", reason: problem.code };
  if (problem.code === "TEMPLATE_BLOCKED") return { kind: "stopped", reason: "TEMPLATE_BLOCKED", says };
  return { kind: "failed", reason: problem.code, says };
}

async function mediaKinds(tx: Tx, workspace_id: string, acting: readonly Acting<SendAct>[]) {
  const ids = acting.flatMap(({ act }) =>
    act.kind === "send_media" && act.media_id !== null ? act.media_id : [],
  );
  if (ids.length === 0) return new Map<string, "image" | "video" | "document">();
  const rows = await tx.rows<{ id: string; kind: "image" | "video" | "document" }>(sql`
    select id, kind from media_library
    where workspace_id = ${workspace_id} and id = any(${uuidArray(ids)}::uuid[]) and deleted_at is null`);
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}
