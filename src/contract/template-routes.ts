import { z } from "zod";
import { read, work } from "./permissions.ts";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";
import * as shapes from "./shapes.ts";

/** Templates, from the draft to what is sent by them: written here, judged by Meta. */
/** Form alone; Meta's limits are checked in words (TEMPLATE_INVALID). */
const content = {
  name: z.string().max(1_000),
  language: z.string().max(20),
  category: z.string().max(40),
  parameter_format: z.enum(["POSITIONAL", "NAMED"]),
  components: z
    .array(z.record(z.string(), z.unknown()))
    .max(10)
    .describe(
      "In Meta's form; the sample of a header's file is `example.media_id`, a file of the media library",
    ),
  allow_category_change: z
    .boolean()
    .describe("Meta may choose another category instead of rejecting the template"),
  message_send_ttl_seconds: z.number().int().nullable().describe("How long Meta tries to deliver"),
};

export const Fault = z.object({
  field: z.string().describe("Where: `name`, `body.text`, `buttons.0.url`, `cards.1.header.example`"),
  code: z.string(),
  says: z.string(),
  level: z.enum(["error", "warning"]),
});
export const Refusal = z.object({
  says: z.string(),
  advice: z.string(),
  details: z.string().nullable(),
  code: z.number().nullable(),
  subcode: z.number().nullable(),
  field: z.string().nullable(),
});
export const TemplateDraft = z.object({
  id: shapes.Id,
  waba_id: z.string(),
  edits: shapes.Id.nullable().describe("The template that it changes; null: it becomes a new one"),
  edits_status: z.string().nullable(),
  ...content,
  state: z
    .enum(["draft", "submitting", "unconfirmed"])
    .describe("unconfirmed: Meta's answer was lost, and its list will tell"),
  faults: z.array(Fault).describe("What Meta would say no to, as far as it can be told before"),
  refusal: Refusal.nullable().describe("What Meta said no to at the last try"),
  taken_as: shapes.Id.nullable().describe("The template of this name and language that Meta has by now"),
  version: z.number().int(),
  updated_at: shapes.Time,
});

export const Use = z.object({
  kind: z.string().describe("messages, groups, …"),
  count: z.number().int(),
  more: z.boolean().describe("There are more than were counted"),
  people: z.number().int().nullable().describe("How many customers that touches; null: it is not known"),
  names: z.array(z.string()).describe("The first of them by name"),
});
export const Sent = z.object({
  total: z.number().int(),
  sent: z.number().int(),
  delivered: z.number().int(),
  read: z.number().int(),
  failed: z.number().int(),
});
export const TemplateDetail = shapes.Template.extend({
  history: z.array(shapes.TemplateEvent),
  source: z
    .object({ kind: z.enum(["webhook", "list"]), at: shapes.Time })
    .nullable()
    .describe("What told of it last, and when"),
  languages: z
    .array(z.object({ id: shapes.Id, language: z.string().nullable(), status: z.string() }))
    .describe("All templates of its name in its account"),
  draft_id: shapes.Id.nullable().describe("Its edit that is under way"),
  samples: z
    .record(z.string(), shapes.Id)
    .describe(
      "Files of the media library that were samples of headers when it was submitted here, by place: `header.media`",
    ),
  edit_problem: z.string().nullable().describe("Why Meta would take no edit now"),
  uses: z.array(Use),
  messages: z.object({
    days_7: Sent,
    days_30: Sent,
    more: z.boolean().describe("Only the newest 20,000 were counted"),
  }),
  refused: z
    .object({ says: z.string(), advice: z.string(), at: shapes.Time })
    .nullable()
    .describe("Meta refused to send by it, and has neither changed nor approved it since"),
  sync: shapes.TemplateSync.nullable(),
});

export const Group = z.object({
  id: shapes.Id,
  waba_id: z.string(),
  name: z.string(),
  fallback_language: z.string(),
  members: z.array(
    z.object({
      language: z.string(),
      template_name: z.string(),
      template_id: shapes.Id.nullable().describe("Ours; null: Meta has no such template now"),
      status: z.string().nullable(),
    }),
  ),
  updated_at: shapes.Time,
});
const groupSettings = {
  name: z.string().trim().min(1).max(100),
  fallback_language: z.string().min(1).max(20),
  members: z
    .array(
      z.object({ language: z.string().min(1).max(20), template_name: z.string().min(1).max(512) }).strict(),
    )
    .min(1)
    .max(100),
};
export const LibraryFile = z.object({
  id: shapes.Id.describe("Also what messages and samples name it by"),
  name: z.string(),
  kind: z.enum(["image", "video", "document"]),
  mime_type: z.string(),
  size_bytes: z.number().int(),
  url: z.string(),
  drafts: z.number().int().describe("Drafts that show it as their sample"),
  created_at: shapes.Time,
});

/** current: all that Meta still has. attention: a person has something to do. */
export const TemplateState = z.enum(["current", "approved", "pending", "attention", "gone"]);

export const templateRoutes = {
  "GET /api/v1/templates": {
    needs: read("templates", "inbox", "campaigns", "automations"),
    summary: "Templates by name, with how current they are; filters and search are optional",
    query: Page.extend({
      state: TemplateState.optional(),
      search: z.string().max(200).optional().describe("A part of the name, or of what it says"),
      status: z.string().max(40).optional(),
      category: z.string().max(40).optional(),
      language: z.string().max(20).optional(),
      quality: z.string().max(40).optional(),
      waba_id: z.string().max(40).optional(),
    }),
    // How current they are, account by account.
    response: list(shapes.Template).extend({ syncs: z.array(shapes.TemplateSync) }),
  },
  "GET /api/v1/templates/counts": {
    needs: read("templates", "inbox", "campaigns", "automations"),
    summary: "How many templates there are in each state, and in which languages and categories",
    response: z.object({
      current: z.number().int(),
      approved: z.number().int(),
      pending: z.number().int(),
      attention: z.number().int(),
      gone: z.number().int(),
      drafts: z.number().int(),
      languages: z.array(z.string()),
      categories: z.array(z.string()),
      accounts: z.array(z.object({ waba_id: z.string(), name: z.string().nullable() })),
    }),
  },
  "POST /api/v1/templates/sync": {
    needs: work("templates", "campaigns", "inbox"),
    summary:
      "Read the templates of every account from Meta now; answers within some seconds, read to the end or not",
    response: z.object({ data: z.array(shapes.TemplateSync) }),
  },
  "GET /api/v1/templates/:id": {
    needs: read("templates", "inbox", "campaigns", "automations"),
    summary: "One template with its history, what was sent by it, and what uses it",
    params: ById,
    response: TemplateDetail,
  },
  "GET /api/v1/templates/:id/impact": {
    needs: read("templates"),
    summary: "What a change of the template touches: messages that wait, groups, …",
    params: ById,
    query: z.object({ all_languages: z.enum(["true", "false"]).default("false") }),
    response: z.object({ templates: z.number().int(), uses: z.array(Use) }),
  },
  "DELETE /api/v1/templates/:id": {
    needs: work("templates"),
    summary: "Delete a template at Meta: this language, or all languages of its name",
    params: ById,
    query: z.object({ all_languages: z.enum(["true", "false"]).default("false") }),
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/templates/:id/draft": {
    needs: work("templates"),
    summary: "Begin to edit a template, or a copy of it; an edit that is under way is answered as it is",
    params: ById,
    body: z.object({ as: z.enum(["edit", "copy"]) }).strict(),
    response: TemplateDraft,
    status: 201,
  },

  "GET /api/v1/template_drafts": {
    needs: read("templates"),
    summary: "Templates that Meta does not have yet, and edits that were not submitted, newest first",
    query: Page,
    response: list(TemplateDraft),
  },
  "POST /api/v1/template_drafts": {
    needs: work("templates"),
    summary: "Write a template; Meta is not told until it is submitted",
    body: z
      .object({
        ...content,
        /** May be left out where the workspace has one account. */
        waba_id: z.string().max(40).optional(),
        parameter_format: content.parameter_format.default("POSITIONAL"),
        allow_category_change: content.allow_category_change.default(true),
        message_send_ttl_seconds: content.message_send_ttl_seconds.default(null),
      })
      .strict(),
    response: TemplateDraft,
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/template_drafts/:id": {
    needs: read("templates"),
    summary: "One draft, with what is wrong with it",
    params: ById,
    response: TemplateDraft,
  },
  "PATCH /api/v1/template_drafts/:id": {
    needs: work("templates"),
    summary: "Change a draft; `version` is the one that the change is based on",
    params: ById,
    body: z
      .object({ ...content, version: z.number().int() })
      .partial()
      .strict(),
    response: TemplateDraft,
  },
  "DELETE /api/v1/template_drafts/:id": {
    needs: work("templates"),
    summary: "Throw a draft away; Meta is told nothing",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/template_drafts/:id/submit": {
    needs: work("templates"),
    summary: "Submit a draft to Meta for review, with its samples; the draft is gone when Meta has taken it",
    params: ById,
    response: shapes.Template,
    idempotent: "leased",
  },

  "GET /api/v1/template_groups": {
    needs: read("templates", "inbox", "campaigns", "automations"),
    summary: "Template groups by name: one message in several languages",
    query: Page,
    response: list(Group),
  },
  "POST /api/v1/template_groups": {
    needs: work("templates"),
    summary: "Make a template group",
    body: z.object({ ...groupSettings, waba_id: z.string().max(40).optional() }).strict(),
    response: Group,
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/template_groups/:id": {
    needs: read("templates", "inbox", "campaigns", "automations"),
    summary: "One template group",
    params: ById,
    response: Group,
  },
  "PATCH /api/v1/template_groups/:id": {
    needs: work("templates"),
    summary: "Change a template group; `members` replaces all of them",
    params: ById,
    body: z.object(groupSettings).partial().strict(),
    response: Group,
  },
  "DELETE /api/v1/template_groups/:id": {
    needs: work("templates"),
    summary: "Delete a template group; its templates stay",
    params: ById,
    response: z.null(),
    status: 204,
  },

  "GET /api/v1/template_media": {
    needs: read("templates", "inbox", "campaigns", "automations"),
    summary: "The media library: files for headers, newest first",
    query: Page.extend({ kind: z.enum(["image", "video", "document"]).optional() }),
    response: list(LibraryFile),
  },
  "DELETE /api/v1/template_media/:id": {
    needs: work("templates"),
    summary: "Take a file out of the library; messages that show it keep it",
    params: ById,
    response: z.null(),
    status: 204,
  },
} as const satisfies Record<string, Endpoint>;
