import { z } from "zod";
import { manage, read, work } from "./permissions.ts";
import * as runs from "./automation-runs.ts";
import * as automations from "./automations.ts";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";

const { Automation } = automations;
const nothing = z.object({}).strict().default({});
const told = { params: ById, response: runs.ToldRuns, idempotent: "kept" } as const;

/** Automations, the people on their way through them, and what people do with both. */
export const automationRoutes = {
  "GET /api/v1/automations": {
    needs: read("automations"),
    summary: "Automations, newest first, with how many people entered and where their runs stand",
    query: Page.extend({
      state: automations.AutomationState.optional(),
      search: z.string().min(1).max(200).optional().describe("A part of the name"),
    }),
    response: list(automations.ListedAutomation),
  },
  "POST /api/v1/automations": {
    needs: work("automations"),
    summary:
      "Make an automation: empty, from a recipe, or from the flow of another; it takes people in once it is activated",
    body: automations.NewAutomation,
    response: Automation,
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/automation_recipes": {
    needs: read("automations"),
    summary: "Flows to start from",
    response: z.object({ data: z.array(runs.AutomationRecipe) }),
  },
  "POST /api/v1/automation_files": {
    needs: read("automations"),
    summary:
      "Read a flow from a file, which may be damaged: what can't be read is told by its step, and left out",
    body: z.object({ flow: z.unknown() }).strict(),
    response: runs.ReadFlow,
  },
  "GET /api/v1/automation_call_secret": {
    needs: read("automations"),
    summary: "Which secret signs the calls of automations; the secret itself is shown once, when it is made",
    response: z.object({
      secret: z
        .object({ fingerprint: z.string(), created_at: z.iso.datetime() })
        .nullable()
        .describe("null: none was made yet"),
    }),
  },
  "POST /api/v1/automation_call_secret": {
    needs: manage("automations"),
    step_up: true,
    summary:
      "Make a new secret that the calls of automations are signed with from now on, and show it this once",
    body: nothing,
    response: z.object({ secret: z.string() }),
    status: 201,
    idempotent: "kept",
  },
  "POST /api/v1/automations/:id/test": {
    needs: work("automations"),
    summary:
      "Take one contact through the draft, step by step, in the sandbox: messages go to the simulator, and nothing of it is counted",
    params: ById,
    body: runs.NewTest,
    response: runs.TestRun,
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/automation_tests/:id": {
    needs: read("automations"),
    summary: "How far a test has come, and what can be done next",
    params: ById,
    response: runs.TestRun,
  },
  "POST /api/v1/automation_tests/:id/go_on": {
    needs: work("automations"),
    summary: "Take the next step of a test, skip what it waits for, or end it",
    params: ById,
    body: runs.TestStep,
    response: runs.TestRun,
  },
  "POST /api/v1/automation_tests/:id/customer": {
    needs: work("automations"),
    summary:
      "What the customer does in a test: the message arrives, is read, is played, fails, or is answered",
    params: ById,
    body: runs.TestAct,
    response: runs.TestRun,
  },
  "GET /api/v1/automations/:id": {
    needs: read("automations"),
    summary: "An automation with its draft and what is wrong with it",
    params: ById,
    response: Automation,
  },
  "PATCH /api/v1/automations/:id": {
    needs: work("automations"),
    summary:
      "Change the name or the draft, which may be incomplete; people go on by the version that they entered",
    params: ById,
    body: automations.AutomationChange,
    response: Automation,
  },
  "DELETE /api/v1/automations/:id": {
    needs: work("automations"),
    summary:
      "Delete an automation that isn't active and has no people inside, with all that is known of its runs",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/automations/:id/activate": {
    needs: work("automations"),
    summary: "People enter the draft as it is now, as a new version; those inside finish on theirs",
    params: ById,
    body: z
      .object({ revision: automations.Revision.optional().describe("409 where the draft was changed since") })
      .strict()
      .default({}),
    response: Automation,
    idempotent: "kept",
  },
  "POST /api/v1/automations/:id/deactivate": {
    needs: work("automations"),
    summary: "It takes in no more people; those inside go on, unless their runs are cancelled with it",
    params: ById,
    body: z
      .object({ cancel_runs: z.boolean().default(false) })
      .strict()
      .default({ cancel_runs: false }),
    response: Automation,
    idempotent: "kept",
  },
  "POST /api/v1/automations/:id/duplicate": {
    needs: work("automations"),
    summary: "Make a new automation with the same draft",
    params: ById,
    body: nothing,
    response: Automation,
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/automations/:id/versions": {
    needs: read("automations"),
    summary: "What was activated, newest first, and how many people are inside on each",
    params: ById,
    query: Page,
    response: list(automations.AutomationVersion),
  },
  "GET /api/v1/automations/:id/existing": {
    needs: read("automations"),
    summary: "How many people match the draft's trigger already",
    params: ById,
    response: runs.ExistingPeople,
  },
  "GET /api/v1/automations/:id/nodes": {
    needs: read("automations"),
    summary: "What happened at each node, and to the messages that it sent; over all versions, or in one",
    params: ById,
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    response: z.object({ data: z.array(automations.NodeCounts) }),
  },
  "GET /api/v1/automations/:id/activity": {
    needs: read("automations"),
    summary: "What happened to people at nodes, newest first: those behind each number of a node, too",
    params: ById,
    query: Page.extend(runs.ActivityFilter),
    response: list(runs.ListedActivity),
  },
  "GET /api/v1/automations/:id/runs": {
    needs: read("automations"),
    summary: "People's ways through it, newest first; with those that were kept out, and why",
    params: ById,
    query: Page.extend(runs.RunFilter),
    response: list(automations.Run),
  },
  "GET /api/v1/automation_runs/:id": {
    needs: read("automations"),
    summary: "One person's way: each node in its order, with what was decided there and from what",
    params: ById,
    response: automations.RunWithActivity,
  },
  "POST /api/v1/automations/:id/runs/count": {
    needs: read("automations"),
    audited: false,
    summary: "For how many of the runs chosen something can be done",
    params: ById,
    body: runs.RunCountQuestion,
    response: runs.CountedRuns,
  },
  "POST /api/v1/automations/:id/runs/retry": {
    needs: work("automations"),
    summary: "Go on with runs that failed, at the node where each ended or at another",
    body: runs.RunRetry,
    ...told,
  },
  "POST /api/v1/automations/:id/runs/cancel": {
    needs: work("automations"),
    summary: "End runs that are active or paused",
    body: automations.RunChoice,
    ...told,
  },
  "POST /api/v1/automations/:id/runs/resume": {
    needs: work("automations"),
    summary: "Go on with runs that an agent's answer paused",
    body: automations.RunChoice,
    ...told,
  },
  "POST /api/v1/automations/:id/runs/move/preview": {
    needs: read("automations"),
    audited: false,
    summary:
      "Where people who are inside would go on, if they were moved to the version that people enter now",
    params: ById,
    body: runs.RunMove,
    response: runs.MovePreview,
  },
  "POST /api/v1/automations/:id/runs/move": {
    needs: work("automations"),
    summary: "Move people who are inside to the version that people enter now",
    body: runs.RunMove,
    ...told,
  },
} as const satisfies Record<string, Endpoint>;
