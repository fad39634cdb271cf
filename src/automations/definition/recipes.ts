import { Problem } from "../../base/base.ts";
import type { AutomationRecipe } from "../../contract/automation-runs.ts";
import type { Act, Flow, FlowNode, Outcome, Trigger } from "../../contract/automations.ts";
import { CONFIRM_PAYLOAD } from "../../inbox/inbox.ts";
import type { z } from "zod";
import { FIRST_SETTINGS } from "../flow/flow.ts";

/** Flows to start from: what a workspace has of its own (templates, lists, segments) is left to be chosen. */

const DAY = 1_440;
const STEP = 160;
const SIDE = 320;

type Place = [column: number, row: number];
const placed = (id: string, name: string, [column, row]: Place) => {
  return { id, name, x: column * SIDE, y: row * STEP };
};

const trigger = (what: Trigger): FlowNode => {
  return { ...placed("trigger", "", [0, 0]), type: "trigger", trigger: what };
};
const delay = (id: string, at: Place, minutes: number, name: string): FlowNode => ({
  ...placed(id, name, at),
  type: "delay",
  until: { kind: "duration", minutes },
  jitter_min: 0,
  hours: null,
});
const action = (id: string, at: Place, name: string, act: z.infer<typeof Act>): FlowNode => {
  return { ...placed(id, name, at), type: "action", act, on_limit: "skip" };
};
const template = (id: string, at: Place, name: string): FlowNode =>
  action(id, at, name, {
    kind: "send_template",
    template_id: null,
    template_group_id: null,
    variables: {},
  });
const wait = (id: string, at: Place, name: string, outcomes: Outcome[], deadline_min: number): FlowNode => ({
  ...placed(id, name, at),
  type: "wait",
  of: null,
  outcomes,
  deadline_min,
});
const outcome = (id: string, what: Outcome["what"], more: Partial<Outcome> = {}): Outcome => {
  return { id, what, after_min: null, payloads: [], texts: [], name: "", ...more };
};
const end = (id: string, at: Place): FlowNode => ({ ...placed(id, "", at), type: "end" });

/** `delay.next > check`: an edge by its ends. */
function edges(...ways: string[]): Flow["edges"] {
  return ways.map((way) => {
    const [from = "", port = "", to = ""] = way.split(/\.| > /);
    return { id: `${from}-${port}`, from, port, to };
  });
}

const flow = (nodes: FlowNode[], ways: Flow["edges"], settings: Partial<Flow["settings"]>): Flow => ({
  nodes,
  edges: ways,
  notes: [],
  settings: { ...FIRST_SETTINGS, frequency_cap: "7_DAYS", ...settings },
});

const WELCOME: AutomationRecipe = {
  key: "welcome",
  name: "Welcome",
  description: "Greets new contacts 10 minutes after they are added.",
  flow: flow(
    [
      trigger({ kind: "contact_created" }),
      delay("pause", [0, 1], 10, "10 minutes"),
      template("welcome", [0, 2], "Welcome message"),
      end("end", [0, 3]),
    ],
    edges("trigger.next > pause", "pause.next > welcome", "welcome.next > end"),
    { frequency_cap: "EVER", reentry: "never", pause_when_answered: true },
  ),
};

const ABANDONED_CHECKOUT: AutomationRecipe = {
  key: "abandoned_checkout",
  name: "Abandoned checkout",
  description:
    "Your shop sends the event “checkout_abandoned” with an “order_value”. After 30 minutes, orders of over 100 get a message of their own, the others the usual one; a day later comes a reminder. The event “order_placed” ends it. To leave out people who bought lately, exclude a segment of them in the settings.",
  flow: flow(
    [
      trigger({ kind: "api_event", name: "checkout_abandoned" }),
      delay("pause", [0, 1], 30, "30 minutes"),
      {
        ...placed("value", "Order value over 100?", [0, 2]),
        type: "condition",
        test: {
          join: "all",
          items: [{ is: "payload", not: false, path: ["order_value"], test: { op: ">", value: 100 } }],
        },
        wait_min: null,
      },
      template("vip", [-1, 3], "Message for large orders"),
      template("standard", [1, 3], "Usual message"),
      delay("day", [0, 4], DAY, "1 day"),
      template("reminder", [0, 5], "Reminder"),
      end("end", [0, 6]),
    ],
    edges(
      "trigger.next > pause",
      "pause.next > value",
      "value.yes > vip",
      "value.no > standard",
      "vip.next > day",
      "standard.next > day",
      "day.next > reminder",
      "reminder.next > end",
    ),
    { exit_rules: [{ kind: "goal_event", name: "order_placed" }] },
  ),
};

const ORDER_UPDATES: AutomationRecipe = {
  key: "order_updates",
  name: "Order updates",
  description:
    "Your shop sends the events “order_placed” (with an “order_id”), “order_shipped” and “order_cancelled”. Each gets a message.",
  flow: flow(
    [
      trigger({ kind: "api_event", name: "order_placed" }),
      template("confirmed", [0, 1], "Order confirmed"),
      wait(
        "next_event",
        [0, 2],
        "Shipped or cancelled?",
        [
          outcome("shipped", "event", { name: "order_shipped" }),
          outcome("cancelled", "event", { name: "order_cancelled" }),
        ],
        14 * DAY,
      ),
      template("shipped", [-1, 3], "Order shipped"),
      template("cancelled", [0, 3], "Order cancelled"),
      end("end", [1, 3]),
    ],
    edges(
      "trigger.next > confirmed",
      "confirmed.next > next_event",
      "next_event.shipped > shipped",
      "next_event.cancelled > cancelled",
      "next_event.deadline > end",
      "shipped.next > end",
      "cancelled.next > end",
    ),
    { frequency_cap: "24_HOURS", reentry: "every_event", key_path: ["order_id"] },
  ),
};

const RE_ENGAGE: AutomationRecipe = {
  key: "re_engage",
  name: "Re-engage those who did not read",
  description:
    "For a segment of people who did not read your last messages: one message, and another one if the first is not read within 3 days. An answer ends it.",
  flow: flow(
    [
      trigger({ kind: "segment_entered", segment_id: null }),
      template("first", [0, 1], "First message"),
      wait("read", [0, 2], "Read within 3 days?", [outcome("read", "read")], 3 * DAY),
      end("end", [-1, 3]),
      template("second", [1, 3], "Second message"),
    ],
    edges(
      "trigger.next > first",
      "first.next > read",
      "read.read > end",
      "read.deadline > second",
      "second.next > end",
    ),
    { frequency_cap: "30_DAYS", exit_rules: [{ kind: "replied" }] },
  ),
};

const ASK_FOR_REVIEW: AutomationRecipe = {
  key: "ask_for_review",
  name: "Ask for a review",
  description:
    "Your shop sends the event “order_delivered”. Three days later people are asked how it was. Those who tap “Good” get the link to your review page; of the others your team is told.",
  flow: flow(
    [
      trigger({ kind: "api_event", name: "order_delivered" }),
      delay("pause", [0, 1], 3 * DAY, "3 days"),
      template("ask", [0, 2], "How was it?"),
      wait(
        "answer",
        [0, 3],
        "What do they say?",
        [outcome("good", "replied", { payloads: ["good"], texts: ["Good"] }), outcome("other", "replied")],
        2 * DAY,
      ),
      action("thanks", [-1, 4], "Thanks, with the link", {
        kind: "send_text",
        text: "Thank you, that is good to hear! Would you tell others, too? https://example.com/review",
      }),
      action("hand_over", [0, 4], "Tell the team", {
        kind: "notify_user",
        user_id: null,
        text: "{{contact.name|A customer}} has something to say about an order.",
      }),
      end("end", [1, 4]),
    ],
    edges(
      "trigger.next > pause",
      "pause.next > ask",
      "ask.next > answer",
      "answer.good > thanks",
      "answer.other > hand_over",
      "answer.deadline > end",
      "thanks.next > end",
      "hand_over.next > end",
    ),
    { frequency_cap: "30_DAYS" },
  ),
};

const OPT_IN: AutomationRecipe = {
  key: "opt_in",
  name: "Opt-in confirmation",
  description:
    "People who come onto a list and have not confirmed yet are asked by a template with a button; a tap on it confirms, and they get a welcome.",
  flow: flow(
    [
      trigger({ kind: "list_entered", list_id: null }),
      {
        ...placed("pending", "Not confirmed yet?", [0, 1]),
        type: "condition",
        test: {
          join: "all",
          items: [{ is: "contact", not: false, condition: { on: "consent", op: "is", states: ["PENDING"] } }],
        },
        wait_min: null,
      },
      template("ask", [-1, 2], "Please confirm"),
      wait(
        "answer",
        [-1, 3],
        "Confirmed?",
        [outcome("confirmed", "replied", { payloads: [CONFIRM_PAYLOAD] })],
        2 * DAY,
      ),
      template("welcome", [-1, 4], "Welcome"),
      end("end", [1, 2]),
    ],
    edges(
      "trigger.next > pending",
      "pending.yes > ask",
      "pending.no > end",
      "ask.next > answer",
      "answer.confirmed > welcome",
      "answer.deadline > end",
      "welcome.next > end",
    ),
    { frequency_cap: "EVER", exit_rules: [{ kind: "opted_out" }] },
  ),
};

export const RECIPES: readonly AutomationRecipe[] = [
  WELCOME,
  ABANDONED_CHECKOUT,
  ORDER_UPDATES,
  RE_ENGAGE,
  ASK_FOR_REVIEW,
  OPT_IN,
];

/** Throws INVALID_REQUEST. */
export function recipeOf(key: string): Flow {
  const recipe = RECIPES.find((each) => each.key === key);
  if (recipe === undefined)
    throw new Problem(
      "INVALID_REQUEST",
      `\`recipe\` must be one of ${RECIPES.map((each) => each.key).join(", ")}.`,
    );
  return recipe.flow;
}
