import type { Act, ActKind, Atom, FlowNode, FlowNodeType, Trigger, TriggerKind } from "./types.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

export function newId(prefix: string): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  return `${prefix}_${Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join("")}`;
}

/** One that is not filled in yet: the checks say what is missing. */
export function newNode(type: FlowNodeType, { x, y }: { x: number; y: number }): FlowNode {
  const placed = { id: newId("n"), name: "", x, y };
  switch (type) {
    case "trigger":
      return { ...placed, type, trigger: null };
    case "delay":
      return { ...placed, type, until: { kind: "duration", minutes: 60 }, jitter_min: 0, hours: null };
    case "wait":
      return {
        ...placed,
        type,
        of: null,
        outcomes: [newOutcome("read"), newOutcome("replied")],
        deadline_min: 1_440,
      };
    case "condition":
      return {
        ...placed,
        type,
        test: { join: "all", items: [newAtom("delivery_status")] },
        wait_min: null,
      };
    case "split":
      return {
        ...placed,
        type,
        branches: ["A", "B"].map((name) => ({ id: newId("b"), name, weight: 50 })),
      };
    case "goto":
      return { ...placed, type, to: null };
    case "action":
      return { ...placed, type, act: null, on_limit: "skip" };
    case "end":
      return { ...placed, type };
  }
}

type Waited = Extract<FlowNode, { type: "wait" }>["outcomes"][number];
export const newOutcome = (what: Waited["what"]): Waited => ({
  id: newId("o"),
  what,
  after_min: what === "not_delivered" ? 60 : null,
  payloads: [],
  texts: [],
  name: "",
});

export function newTrigger(kind: TriggerKind, time_zone: string): Trigger {
  switch (kind) {
    case "message_received":
    case "contact_created":
      return { kind };
    case "keyword":
      return { kind, words: [], match: "is" };
    case "button_reply":
      return { kind, payloads: [], texts: [] };
    case "tag_added":
      return { kind, tag_id: null };
    case "list_entered":
      return { kind, list_id: null };
    case "segment_entered":
      return { kind, segment_id: null };
    case "field_changed":
      return { kind, field_id: null, to: null };
    case "date_field":
      return { kind, field_id: null, days: 0, every_year: true, time: "09:00" };
    case "campaign_reply":
      return { kind, campaign_id: null };
    case "schedule":
      return { kind, weekdays: [1], time: "09:00", time_zone, audience: null };
    case "api_event":
      return { kind, name: "" };
  }
}

export function newAct(kind: ActKind): Act {
  switch (kind) {
    case "send_template":
      return { kind, template_id: null, template_group_id: null, variables: {} };
    case "send_text":
      return { kind, text: "" };
    case "send_media":
      return { kind, media_id: null, caption: "" };
    case "send_buttons":
      return { kind, text: "", buttons: [{ id: newId("r"), title: "" }] };
    case "send_list":
      return { kind, text: "", button: "", rows: [{ id: newId("r"), title: "" }] };
    case "add_tag":
    case "remove_tag":
      return { kind, tag_id: null };
    case "add_to_list":
    case "remove_from_list":
      return { kind, list_id: null };
    case "set_field":
      return { kind, field_id: null, value: null };
    case "assign":
      return { kind, user_id: null };
    case "resolve":
      return { kind };
    case "add_note":
      return { kind, text: "" };
    case "notify_user":
      return { kind, user_id: null, text: "" };
    case "notify_endpoint":
      return { kind, endpoint_id: null, text: "" };
    case "call_url":
      return { kind, url: "", timeout_s: 10 };
  }
}

export function newAtom(is: Atom["is"]): Atom {
  switch (is) {
    case "delivery_status":
      return { is, not: false, of: null, status: "read" };
    case "replied":
      return { is, not: false, of: null, within_min: null, payloads: [], texts: [] };
    case "contact":
      return { is, not: false, condition: { on: "consent", op: "is", states: ["SUBSCRIBED"] } };
    case "segment":
      return { is, not: false, segment_id: null };
    case "window_open":
      return { is, not: false };
    case "time":
      return { is, not: false, hours: { weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" } };
    case "payload":
      return { is, not: false, path: ["total"], test: { op: "is_set" } };
    case "answer":
      return { is, not: false, of: null, path: ["status"], test: { op: "=", value: 200 } };
    case "event":
      return { is, not: false, name: "" };
  }
}
