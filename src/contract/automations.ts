import { z } from "zod";
import { Condition, FieldValue, Named, NumberTest, SetTest, TextTest } from "./audience.ts";
import { CampaignVariable } from "./campaigns.ts";
import { Id } from "./shapes.ts";

/**
 * Shapes of automations: flows of nodes and edges that people go through. A flow may be kept incomplete: what is not chosen
 * yet is null, and the checks name it; only what is complete can be activated.
 */

const NodeId = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "must be 1 to 40 letters, digits, - or _");
const Text = z.string().max(4_096);
const Words = z.array(z.string().trim().min(1).max(100)).max(50);
const Name = z.string().trim().min(1).max(100);
const Path = z.array(z.string().min(1).max(100)).min(1).max(5);
/** Between a minute and a year. */
const Minutes = z
  .number()
  .int()
  .min(1)
  .max(365 * 1_440);
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:30");
/** 1 Monday … 7 Sunday. */
const Weekdays = z.array(z.number().int().min(1).max(7)).min(1).max(7);
/** Hours in which something may happen, in the person's zone. */
export const Hours = z.object({ weekdays: Weekdays, from: TimeOfDay, to: TimeOfDay }).strict();

/** What makes a person enter; exactly one a flow. */
export const Trigger = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("message_received") }).strict(),
  z
    .object({
      kind: z.literal("keyword"),
      words: Words.describe("Case, accents and punctuation don't count"),
      match: z.enum(["is", "contains", "starts_with"]),
    })
    .strict(),
  z
    .object({ kind: z.literal("button_reply"), payloads: Words, texts: Words })
    .strict()
    .describe("A tap on a button or a row; any, where neither is named"),
  z.object({ kind: z.literal("contact_created") }).strict(),
  z.object({ kind: z.literal("tag_added"), tag_id: Id.nullable() }).strict(),
  z.object({ kind: z.literal("list_entered"), list_id: Id.nullable() }).strict(),
  z.object({ kind: z.literal("segment_entered"), segment_id: Id.nullable() }).strict(),
  z
    .object({
      kind: z.literal("field_changed"),
      field_id: Id.nullable(),
      to: FieldValue.nullable().describe("null: to whatever"),
    })
    .strict(),
  z
    .object({
      kind: z.literal("date_field"),
      field_id: Id.nullable(),
      days: z.number().int().min(-365).max(365).describe("After the date; below 0: before it"),
      every_year: z.boolean(),
      time: TimeOfDay.describe("In the person's zone"),
    })
    .strict(),
  z
    .object({ kind: z.literal("campaign_reply"), campaign_id: Id.nullable() })
    .strict()
    .describe("Within 72 h of a campaign's message; of any campaign, where none is named"),
  z
    .object({
      kind: z.literal("schedule"),
      weekdays: Weekdays,
      time: TimeOfDay,
      time_zone: z.string().max(64),
      audience: z
        .object({ kind: z.enum(["list", "segment", "tag"]), id: Id })
        .strict()
        .nullable(),
    })
    .strict(),
  z.object({ kind: z.literal("api_event"), name: z.string().trim().max(100) }).strict(),
]);
export type Trigger = z.infer<typeof Trigger>;
export type TriggerKind = Trigger["kind"];

/** Of a value of JSON. */
const ValueTest = z.union([
  SetTest,
  NumberTest,
  TextTest,
  z.object({ op: z.literal("is"), value: z.boolean() }).strict(),
]);

/** What is asked at one moment. `of` null: the last message that this run has sent before; else that of the node. */
export const Atom = z.discriminatedUnion("is", [
  z
    .object({
      is: z.literal("delivery_status"),
      not: z.boolean().default(false),
      of: NodeId.nullable().default(null),
      status: z
        .enum(["sent", "delivered", "read", "played", "failed"])
        .describe("`sent`: but not yet delivered or read; read implies delivered"),
    })
    .strict(),
  z
    .object({
      is: z.literal("replied"),
      not: z.boolean().default(false),
      of: NodeId.nullable().default(null),
      within_min: Minutes.nullable().describe("After that message was sent; null: at any time since"),
      payloads: Words.default([]),
      texts: Words.default([]),
    })
    .strict(),
  z.object({ is: z.literal("contact"), not: z.boolean().default(false), condition: Condition }).strict(),
  z.object({ is: z.literal("segment"), not: z.boolean().default(false), segment_id: Id.nullable() }).strict(),
  z.object({ is: z.literal("window_open"), not: z.boolean().default(false) }).strict(),
  z
    .object({
      is: z.literal("time"),
      not: z.boolean().default(false),
      hours: Hours.describe("In the person's zone"),
    })
    .strict(),
  z
    .object({
      is: z.literal("payload"),
      not: z.boolean().default(false),
      path: Path.describe("In what the trigger told: of an API event its payload"),
      test: ValueTest,
    })
    .strict(),
  z
    .object({
      is: z.literal("answer"),
      not: z.boolean().default(false),
      of: NodeId.nullable()
        .default(null)
        .describe("The node that called a URL; null: the last one that did before"),
      path: Path.describe("`status`, or `body` and where the value stands in the JSON of the answer"),
      test: ValueTest,
    })
    .strict(),
  z
    .object({
      is: z.literal("event"),
      not: z.boolean().default(false),
      name: z.string().trim().max(100).describe("An API event of this person since they entered"),
    })
    .strict(),
]);
export type Atom = z.infer<typeof Atom>;

/** AND or OR, nested to a depth of three. */
const group = <T extends z.ZodType>(item: T) =>
  z.object({ join: z.enum(["all", "any"]), items: z.array(item).max(20) }).strict();
export const Innermost = group(Atom);
export const Inner = group(z.union([Atom, Innermost]));
export const Test = group(z.union([Atom, Inner]));
export type Test = z.infer<typeof Test>;

/** What a wait waits for: the first of them to happen, by its own time, leads on. */
export const Outcome = z
  .object({
    id: NodeId.describe("The port of its edge"),
    what: z.enum(["delivered", "read", "played", "replied", "failed", "not_delivered", "event"]),
    after_min: Minutes.nullable().default(null).describe("Of `not_delivered`: so long after it was sent"),
    payloads: Words.default([]),
    texts: Words.default([]),
    name: z.string().trim().max(100).default("").describe("Of `event`: the API event's name"),
  })
  .strict();
export type Outcome = z.infer<typeof Outcome>;

/** As a campaign's, what the trigger told, and what a URL answered. */
export const FlowVariable = z.union([
  CampaignVariable,
  z.object({ from: z.literal("payload"), path: Path, fallback: z.string().max(1_024).nullable() }).strict(),
  z
    .object({
      from: z.literal("answer"),
      of: NodeId.nullable(),
      path: Path,
      fallback: z.string().max(1_024).nullable(),
    })
    .strict(),
]);
export type FlowVariable = z.infer<typeof FlowVariable>;

/** A text in which `{{contact.name}}`, `{{payload.order.id}}` and `{{answer.node.body.code}}` are filled in. */
const Filled = z.string().trim().max(2_000);
const Choice = z.object({ id: z.string().trim().min(1).max(200), title: z.string().trim().max(24) }).strict();
export const Act = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("send_template"),
      template_id: Id.nullable().describe("One of the two: a template, or a group of templates"),
      template_group_id: Id.nullable(),
      variables: z.record(z.string().max(100), FlowVariable),
    })
    .strict(),
  z.object({ kind: z.literal("send_text"), text: Text }).strict(),
  z.object({ kind: z.literal("send_media"), media_id: Id.nullable(), caption: Text }).strict(),
  z.object({ kind: z.literal("send_buttons"), text: Text, buttons: z.array(Choice).max(3) }).strict(),
  z
    .object({
      kind: z.literal("send_list"),
      text: Text,
      button: z.string().trim().max(20),
      rows: z.array(Choice).max(10),
    })
    .strict(),
  z.object({ kind: z.enum(["add_tag", "remove_tag"]), tag_id: Id.nullable() }).strict(),
  z.object({ kind: z.enum(["add_to_list", "remove_from_list"]), list_id: Id.nullable() }).strict(),
  z
    .object({
      kind: z.literal("set_field"),
      field_id: Id.nullable(),
      value: FieldValue.nullable().describe("null takes the value away"),
    })
    .strict(),
  z.object({ kind: z.literal("assign"), user_id: z.string().max(100).nullable() }).strict(),
  z.object({ kind: z.literal("resolve") }).strict(),
  z.object({ kind: z.literal("add_note"), text: Filled }).strict(),
  z
    .object({
      kind: z.literal("notify_user"),
      user_id: z.string().max(100).nullable().describe("null: everyone who works in the workspace"),
      text: Filled,
    })
    .strict(),
  z
    .object({ kind: z.literal("notify_endpoint"), endpoint_id: Id.nullable(), text: Filled })
    .strict()
    .describe("Sends the endpoint the event `automation.notified`, whatever events it has chosen"),
  z
    .object({
      kind: z.literal("call_url"),
      url: z.string().trim().max(2_048),
      timeout_s: z.number().int().min(1).max(60),
    })
    .strict()
    .describe("Posts JSON about the person, signed; what it answers is kept with the run"),
]);
export type Act = z.infer<typeof Act>;

const placed = {
  id: NodeId,
  name: z.string().trim().max(100).default(""),
  x: z.number().min(-100_000).max(100_000),
  y: z.number().min(-100_000).max(100_000),
};
/** A node, and between brackets the ports that its edges leave by. */
export const FlowNode = z.discriminatedUnion("type", [
  /** [next] */
  z.object({ ...placed, type: z.literal("trigger"), trigger: Trigger.nullable() }).strict(),
  /** [next] */
  z
    .object({
      ...placed,
      type: z.literal("delay"),
      until: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("duration"), minutes: Minutes }).strict(),
        z
          .object({
            kind: z.literal("time"),
            time: TimeOfDay,
            weekdays: Weekdays.nullable().describe("null: any day"),
          })
          .strict(),
        z
          .object({
            kind: z.literal("date_field"),
            field_id: Id.nullable(),
            days: z.number().int().min(-365).max(365),
            time: TimeOfDay,
          })
          .strict()
          .describe("A day that is over, or none: at once"),
      ]),
      jitter_min: z.number().int().min(0).max(1_440).default(0),
      hours: Hours.nullable().default(null).describe("What ends outside of them waits until they begin"),
    })
    .strict(),
  /** [the ids of the outcomes, deadline] */
  z
    .object({
      ...placed,
      type: z.literal("wait"),
      of: NodeId.nullable().default(null).describe("null: the last message that this run has sent before"),
      outcomes: z.array(Outcome).max(8),
      deadline_min: Minutes.default(1_440),
    })
    .strict(),
  /** [yes, no] */
  z
    .object({
      ...placed,
      type: z.literal("condition"),
      test: Test,
      wait_min: Minutes.nullable()
        .default(null)
        .describe("Waits so long for it to become true; null: as it is at this moment"),
    })
    .strict(),
  /** [the ids of the branches]: sticky, the same person goes the same way each time. */
  z
    .object({
      ...placed,
      type: z.literal("split"),
      branches: z
        .array(z.object({ id: NodeId, name: Name, weight: z.number().int().min(1).max(1_000) }).strict())
        .min(2)
        .max(10),
    })
    .strict(),
  /** [] */
  z.object({ ...placed, type: z.literal("goto"), to: NodeId.nullable() }).strict(),
  /** [next, failed]: without an edge at `failed` it goes on by `next`; without one at `next` it ends. */
  z
    .object({
      ...placed,
      type: z.literal("action"),
      act: Act.nullable(),
      on_limit: z
        .enum(["skip", "exit", "wait"])
        .default("skip")
        .describe(
          "When the frequency cap or quiet hours keep a marketing message back: go on without it, leave, or wait",
        ),
    })
    .strict(),
  /** [] */
  z.object({ ...placed, type: z.literal("end") }).strict(),
]);
export type FlowNode = z.infer<typeof FlowNode>;
export type FlowNodeType = FlowNode["type"];

export const FlowEdge = z.object({ id: NodeId, from: NodeId, port: NodeId, to: NodeId }).strict();
export type FlowEdge = z.infer<typeof FlowEdge>;

export const FrequencyCap = z.enum(["EVER", "24_HOURS", "7_DAYS", "14_DAYS", "30_DAYS"]);
export type FrequencyCap = z.infer<typeof FrequencyCap>;

export const AudienceOf = z.object({ kind: z.enum(["list", "segment", "tag"]), id: Id }).strict();
export const ExitRule = z.discriminatedUnion("kind", [
  z
    .object({ kind: z.literal("goal_segment"), segment_id: Id.nullable() })
    .strict()
    .describe("Goal reached: the person is in it"),
  z
    .object({ kind: z.literal("goal_event"), name: z.string().trim().max(100) })
    .strict()
    .describe("Goal reached: this API event since they entered"),
  z.object({ kind: z.literal("replied") }).strict(),
  z.object({ kind: z.literal("opted_out") }).strict(),
  z
    .object({ kind: z.literal("taken_over") })
    .strict()
    .describe("An agent wrote to them, or the conversation was assigned to one"),
  z
    .object({ kind: z.literal("left_segment"), segment_id: Id.nullable() })
    .strict()
    .describe("The person no longer matches"),
]);
export type ExitRule = z.infer<typeof ExitRule>;

/** What is immutable with a version. */
export const Flow = z
  .object({
    nodes: z.array(FlowNode).max(200),
    edges: z.array(FlowEdge).max(500),
    notes: z
      .array(z.object({ id: NodeId, x: z.number(), y: z.number(), text: z.string().max(2_000) }).strict())
      .max(50)
      .default([]),
    settings: z
      .object({
        phone_number_id: Id.nullable().describe("The id that Wharf gave to your number"),
        frequency_cap: FrequencyCap.nullable().describe(
          "How often a person may enter: once ever, or once in so long (rolling); needed before it is activated",
        ),
        reentry: z
          .enum(["never", "one_at_a_time", "every_event"])
          .default("one_at_a_time")
          .describe("Beside the cap: never again; once the earlier run has ended; one run for each key"),
        key_path: Path.nullable()
          .default(null)
          .describe(
            "Of `every_event`: where an API event's payload holds the key, such as an order's number",
          ),
        exclude: z.array(AudienceOf).max(50).default([]),
        exit_rules: z.array(ExitRule).max(10).default([]),
        pause_when_answered: z
          .boolean()
          .default(false)
          .describe("An agent's answer in the conversation pauses the person's run"),
        include_existing: z
          .boolean()
          .default(false)
          .describe("Those who match already enter as well when it is activated"),
        existing_per_min: z.number().int().min(1).max(60_000).default(60),
      })
      .strict(),
  })
  .strict();
export type Flow = z.infer<typeof Flow>;

export const AutomationState = z.enum(["DRAFT", "ACTIVE", "INACTIVE"]);
export const FlowCheck = z.object({
  name: z.enum([
    "Trigger",
    "Template Approval",
    "Node Connections",
    "Condition Branch Completeness",
    "Condition Logic Completeness",
    "Action Completeness",
    "Frequency Cap",
    "Messaging Window",
    "Loops",
    "Advice",
  ]),
  level: z.enum(["error", "advice"]).describe("An error keeps it from being activated"),
  node_id: NodeId.nullable(),
  says: z.string().describe("What is wrong and what to do"),
});
export type FlowCheck = z.infer<typeof FlowCheck>;

const Count = z.number().int();
/** Of a draft: what a change is based on. */
export const Revision = z.number().int().min(0).max(2_147_483_647);
export const ListedAutomation = z.object({
  id: Id,
  name: z.string(),
  state: AutomationState,
  version: Count.nullable().describe("That people enter; null: none was activated yet"),
  changed: z.boolean().describe("The draft is not what the version is"),
  trigger: z.string().nullable().describe("The kind of the draft's trigger"),
  counts: z.object({
    entered: Count,
    active: Count,
    completed: Count,
    failed: Count,
    exited: Count,
    blocked: Count.describe("Triggers that consent, the cap or an exclusion kept out"),
    goal: Count.describe("Who left because the goal was reached; among `exited`"),
  }),
  stopped: z
    .object({ nodes: Count, people: Count })
    .nullable()
    .describe("Nodes whose template can't be sent at the moment, and how many failed there because of it"),
  held: z
    .object({ nodes: Count, people: Count })
    .nullable()
    .describe("Nodes whose number is not connected, and how many wait there"),
  user: Named.nullable().describe("Who made it"),
  activated_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type ListedAutomation = z.infer<typeof ListedAutomation>;
export const Automation = ListedAutomation.extend({
  flow: Flow.describe("The draft; what is active is in its version"),
  checks: z.array(FlowCheck),
  revision: Count.describe("Of the draft: what a change is based on"),
  saved_by: Named.nullable().describe("Who saved the draft last; null: a program, or it is as it was made"),
  saved_at: z.iso.datetime().nullable(),
});
export type Automation = z.infer<typeof Automation>;

export const NewAutomation = z
  .object({
    name: Name,
    flow: Flow.optional().describe("Without one: a trigger alone"),
    recipe: z.string().max(40).optional(),
  })
  .strict();
export const AutomationChange = z
  .object({
    name: Name.optional(),
    flow: Flow.optional(),
    revision: Revision.optional().describe("409 where the draft was changed since"),
  })
  .strict();

export const AutomationVersion = z.object({
  version: Count,
  flow: Flow,
  active: z.boolean(),
  people: Count.describe("Who are inside on it"),
  user: Named.nullable(),
  created_at: z.iso.datetime(),
});

/** BLOCKED: the trigger was for this person, who did not enter. */
export const RunState = z.enum(["ACTIVE", "PAUSED", "COMPLETED", "FAILED", "EXITED", "CANCELLED", "BLOCKED"]);
export type RunState = z.infer<typeof RunState>;
export const ActivityStatus = z.enum(["PENDING", "SCHEDULED", "COMPLETED", "FAILED", "SKIPPED"]);
export type ActivityStatus = z.infer<typeof ActivityStatus>;

/** What a decision was made from: a sentence for people, and the values. */
export const Inputs = z.record(z.string(), z.unknown());

export const Activity = z.object({
  run_id: Id,
  visit: Count.describe("Which node of the run it is, from 0"),
  contact_id: Id,
  version: Count,
  node_id: z.string(),
  node_type: z.string(),
  status: ActivityStatus,
  port: z.string().nullable().describe("The way that it went on"),
  reason: z.string().nullable().describe("A code, as of a message that could not be sent"),
  says: z.string().nullable().describe("The reason, or the decision with its inputs, in a sentence"),
  inputs: Inputs,
  message_id: Id.nullable(),
  message_status: z.string().nullable(),
  due_at: z.iso.datetime().nullable().describe("While SCHEDULED: when it goes on at the latest"),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});
export type Activity = z.infer<typeof Activity>;

export const Run = z.object({
  id: Id,
  automation_id: Id,
  version: Count,
  state: RunState,
  contact: z.object({ id: Id, display_name: z.string(), phone: z.string().nullable() }),
  conversation_id: Id.nullable(),
  key: z.string(),
  node_id: z.string().nullable().describe("Where they are, or were last"),
  reason: z.string().nullable().describe("Why it ended, is paused or was blocked: a code"),
  says: z.string().nullable(),
  entered_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});
export type Run = z.infer<typeof Run>;
export const RunWithActivity = Run.extend({ activity: z.array(Activity) });

export const NodeCounts = z.object({
  node_id: z.string(),
  entered: Count,
  waiting: Count,
  completed: Count,
  failed: Count,
  skipped: Count,
  ports: z.record(z.string(), Count).describe("How many went on by each"),
  left: Count.describe("Whose run ended here before its end, without reaching the goal"),
  goal: Count.describe("Whose run ended here because they reached the goal"),
  messages: z
    .object({ sent: Count, delivered: Count, read: Count, failed: Count, replied: Count })
    .nullable()
    .describe("Of a node that sends"),
  stopped: z
    .object({ code: z.string(), says: z.string(), people: Count, since: z.iso.datetime().nullable() })
    .nullable()
    .describe("Its template can't be sent at the moment"),
  held: z
    .object({ says: z.string(), people: Count, since: z.iso.datetime() })
    .nullable()
    .describe("Its number is not connected; those who wait go on once it is"),
});
export type NodeCounts = z.infer<typeof NodeCounts>;

/** Which runs: those named, or all that match. */
export const RunChoice = z
  .object({
    ids: z.array(Id).min(1).max(1_000).optional(),
    state: RunState.optional(),
    node_id: NodeId.optional(),
    stopped: z.boolean().optional().describe("Those who failed because a template could not be sent"),
    reason: z.string().min(1).max(100).optional(),
    search: z.string().min(1).max(200).optional().describe("A name, or a number in any spelling"),
    from: z.iso.datetime().optional().describe("Entered at this time or later"),
    to: z.iso.datetime().optional().describe("Entered before"),
  })
  .strict();
