import { z } from "zod";
import { Activity, ActivityStatus, Flow, RunChoice, RunState } from "./automations.ts";
import { Id, Time } from "./shapes.ts";

/** What is asked of the people on their way through an automation, and what is answered. */

const Count = z.number().int();
const NodeId = z.string().min(1).max(40);
const Version = z.coerce.number().int().min(1).max(1_000_000);
const Search = z.string().min(1).max(200).describe("A name, or a number in any spelling, whole or in part");
const Reason = z.string().min(1).max(100).describe("A code, as `consent`");

/** Of runs; nothing: all of them. */
export const RunFilter = {
  state: RunState.optional(),
  counted: z
    .enum(["entered", "active", "completed", "failed", "exited", "blocked"])
    .optional()
    .describe("Those behind this count of the automation"),
  node_id: NodeId.optional().describe("Where they are, or were last"),
  version: Version.optional(),
  reason: Reason.optional(),
  stopped: z
    .enum(["true", "false"])
    .optional()
    .describe("`true`: those who failed because a template could not be sent"),
  search: Search.optional(),
  from: Time.optional().describe("Entered at this time or later"),
  to: Time.optional().describe("Entered before"),
};

export const Reached = z.enum(["sent", "delivered", "read", "failed", "replied"]);
/** Of activities, to those behind each number of a node. */
export const ActivityFilter = {
  node_id: NodeId.optional(),
  status: ActivityStatus.optional(),
  port: NodeId.optional().describe("The way that they went on"),
  message: Reached.optional().describe("What became of the message that the node sent"),
  reason: Reason.optional(),
  version: Version.optional(),
  contact_id: Id.optional(),
  search: Search.optional(),
  from: Time.optional().describe("Begun at this time or later"),
  to: Time.optional().describe("Begun before"),
};

const Person = z.object({ id: Id, display_name: z.string(), phone: z.string().nullable() });
/** An activity in a list: with its person. */
export const ListedActivity = Activity.extend({ contact: Person, conversation_id: Id.nullable() });
export type ListedActivity = z.infer<typeof ListedActivity>;

/** Who would enter at once by `include_existing`. */
export const ExistingPeople = z.object({
  count: Count.nullable().describe("null: the trigger has no people who match already"),
  minutes: Count.nullable().describe("How long it takes until all have entered, at the flow's rate"),
  says: z.string(),
});
export type ExistingPeople = z.infer<typeof ExistingPeople>;

export const RunVerb = z.enum(["retry", "cancel", "resume", "move"]);
export type RunVerb = z.infer<typeof RunVerb>;
export const CountedRuns = z.object({
  count: Count.describe("How many of those chosen it can be done for"),
  says: z.string(),
});
/** What was done, and for how many. */
export const ToldRuns = z.object({ count: Count, says: z.string() });

export const RunCountQuestion = RunChoice.extend({ verb: RunVerb }).strict();
export const RunRetry = RunChoice.extend({
  version: z
    .enum(["own", "active"])
    .default("own")
    .describe("The version that each is on, or the one that people enter now"),
  from: NodeId.optional().describe("Goes on at this node; without it at the one where it ended"),
}).strict();
export type RunRetry = z.infer<typeof RunRetry>;
export const RunMove = RunChoice.extend({
  lands: z
    .record(NodeId, NodeId)
    .default({})
    .describe("Where people go on, by the node where they are; without a word: at the node of the same id"),
}).strict();
export type RunMove = z.infer<typeof RunMove>;

/** Where those chosen would go on, on the version that people enter now. */
export const MovePreview = z.object({
  version: Count,
  people: Count.describe("Who would move"),
  stay: Count.describe("Who would stay, as that version has no place for them"),
  groups: z.array(
    z.object({
      version: Count,
      node_id: z.string().nullable(),
      people: Count,
      lands: z
        .string()
        .nullable()
        .describe("The node of the new version; null: it has none, choose one in `lands`"),
      says: z.string(),
    }),
  ),
});
export type MovePreview = z.infer<typeof MovePreview>;

export const AutomationRecipe = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  flow: Flow,
});
export type AutomationRecipe = z.infer<typeof AutomationRecipe>;
