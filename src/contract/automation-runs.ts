import { z } from "zod";
import { Activity, ActivityStatus, Flow, RunChoice, RunState, RunWithActivity } from "./automations.ts";
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
    .enum(["entered", "active", "completed", "failed", "exited", "blocked", "goal", "left"])
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

/** Of one of the two; in the sandbox a phone that is not known yet becomes a contact. */
export const NewTest = z
  .object({
    contact_id: Id.optional(),
    phone: z.string().max(40).optional(),
    payload: z
      .record(z.string().max(100), z.unknown())
      .default({})
      .describe("What the trigger tells; of a message its text and payload"),
    by_steps: z.boolean().default(true).describe("It stops before each node; else only where it waits"),
  })
  .strict();
export type NewTest = z.infer<typeof NewTest>;
export const TestStep = z
  .object({
    do: z
      .enum(["next", "skip", "run", "end"])
      .describe("`skip`: the time of its wait is over; `run`: stops only where it waits from now on"),
  })
  .strict();
export type TestStep = z.infer<typeof TestStep>;
export const TestAct = z
  .object({
    does: z.enum(["delivered", "read", "played", "failed", "replies", "taps"]),
    text: z.string().min(1).max(4_096).optional().describe("What is written, or stands on the button"),
    payload: z.string().max(256).optional().describe("Of the button that is tapped"),
  })
  .strict();
export type TestAct = z.infer<typeof TestAct>;

export const TestRun = z.object({
  id: Id,
  automation_id: Id,
  run: RunWithActivity,
  flow: Flow.describe("The draft as it was when the test began"),
  now: z.iso.datetime().describe("What time it is for the test: ahead of the clock by what was skipped"),
  can: z.array(z.enum(["next", "skip", "run", "end"])).describe("What `go_on` takes at this moment"),
  message: z
    .object({ id: Id, status: z.string().nullable() })
    .nullable()
    .describe("The last message of the run, which the customer can read and answer"),
});
export type TestRun = z.infer<typeof TestRun>;

/** A flow as a file holds it, and what of it can't be read. */
export const ReadFlow = z.object({
  flow: Flow.nullable().describe("Without what can't be read; null: nothing is left"),
  problems: z.array(z.object({ node_id: z.string().nullable(), says: z.string() })),
});
export type ReadFlow = z.infer<typeof ReadFlow>;
