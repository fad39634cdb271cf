import { z } from "zod";
import {
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  readParameters,
  required,
  word,
} from "../calls/calls.ts";
import { GraphFault, unknownObject } from "../protocol/protocol.ts";
import { reviewTemplate } from "./graph-template-calls.ts";
import { type StandInTemplate, withMetaTexts } from "../state/state.ts";
import { templateStatus } from "../../world/world.ts";

/** What is done to templates that exist: in several languages at once, paused, put away, compared. */
export function templateCarePart(world: GraphWorld): GraphPart {
  const { templates } = world;
  const tell = (template: StandInTemplate, event: string) =>
    void world.later(async () => {
      await world.deliver([
        templateStatus({
          ...template,
          template_id: Number(template.id),
          event,
          reason: "NONE",
          time: Math.floor(world.clock.now() / 1_000),
        }),
      ]);
    });

  /** Those of the account that are named, each moved or told why it can't be. */
  async function move(request: GraphRequest, from: readonly string[], to: string, event: string) {
    const { hsm_ids } = await readParameters(request, named);
    const done: string[] = [];
    const failed: Record<string, string> = {};
    for (const id of hsm_ids) {
      const template = templates.find(id);
      if (template?.waba_id !== request.id) failed[id] = "Template not found";
      else if (!from.includes(template.status)) failed[id] = `Template is ${template.status}`;
      else {
        template.status = to;
        tell(template, event);
        done.push(id);
      }
    }
    return { done, failed_templates: failed };
  }

  return {
    rows: {
      async "POST account upsert_message_templates"(request) {
        const { languages, ...about } = await readParameters(request, upserted);
        const data = languages.map((language) => {
          const before = templates
            .list(request.id, new URLSearchParams({ name: about.name, language }))
            .find((template) => template.name === about.name);
          if (before) before.components = withMetaTexts(about.components);
          const template = before ?? templates.create(request.id, { ...about, language });
          if (!before) void reviewTemplate(world, template);
          return { id: template.id, language, status: template.status, category: template.category };
        });
        return { data };
      },
      "POST account migrate_message_templates": (request) => migrate(world, request),
      "POST template unpause"({ id }) {
        const template = templates.find(id)!;
        if (template.status !== "PAUSED")
          return { success: false, reason: "The message template is not paused." };
        template.status = "APPROVED";
        tell(template, "APPROVED");
        return { success: true };
      },
      async "POST account message_templates/archive"(request) {
        const { done, ...rest } = await move(request, ARCHIVABLE, "ARCHIVED", "ARCHIVED");
        return { archived_templates: done, ...rest };
      },
      async "POST account message_templates/unarchive"(request) {
        const { done, ...rest } = await move(request, ["ARCHIVED"], "APPROVED", "UNARCHIVED");
        return { unarchived_templates: done, ...rest };
      },
      "GET template compare": (request) => compare(world, request),
    },
  };
}

/** From another account of the same business, all of a page. */
async function migrate({ templates, waba_ids }: GraphWorld, request: GraphRequest) {
  const { source_waba_id, page_number } = await readParameters(request, migrated);
  if (!waba_ids.includes(source_waba_id)) throw unknownObject("post", source_waba_id);
  const from = page_number * MIGRATED_AT_ONCE;
  const sources = templates.list(source_waba_id, new URLSearchParams()).slice(from, from + MIGRATED_AT_ONCE);
  const migrated_templates: string[] = [];
  const failed_templates: unknown[] = [];
  for (const { id, name, language, category, parameter_format, components } of sources)
    try {
      const copy = { name, language, category, parameter_format, components };
      templates.create(request.id, structuredClone(copy)).status = "APPROVED";
      migrated_templates.push(id);
    } catch (error) {
      if (!(error instanceof GraphFault)) throw error;
      failed_templates.push({ id, reason: error.details ?? error.message });
    }
  return { migrated_templates, failed_templates };
}

/** How two and more fare against each other, as far as that is simulated. */
async function compare({ sends }: GraphWorld, request: GraphRequest) {
  const body = await request.parameters();
  const others = required(body, "template_ids").replace(/^\[|\]$/g, "");
  required(body, "start");
  required(body, "end");
  const ids = [request.id, ...others.split(",").map((id) => id.trim().replaceAll('"', ""))];
  return {
    data: [
      { metric: "BLOCK_RATE", type: "RELATIVE", order_by_relative_metric: ids },
      {
        metric: "MESSAGE_SENDS",
        type: "NUMBER_VALUES",
        number_values: ids.map((key) => ({ key, value: sends.get(key) ?? 0 })),
      },
      {
        metric: "TOP_BLOCK_REASON",
        type: "STRING_VALUES",
        string_values: ids.map((key) => ({ key, value: "UNKNOWN_BLOCK_REASON" })),
      },
    ],
  };
}

const ARCHIVABLE = ["APPROVED", "REJECTED", "PAUSED", "DISABLED"];
/** Source: Meta's page of template migration. */
const MIGRATED_AT_ONCE = 500;
const migrated = z.object({
  source_waba_id: word,
  page_number: z.coerce.number().int().min(0).default(0),
});
const named = z.object({
  hsm_ids: z.union([z.array(word), z.string().transform((ids) => ids.split(","))]),
});
const upserted = z.object({
  name: z.string(),
  languages: z.array(z.string()).min(1),
  category: z.literal("AUTHENTICATION"),
  components: z.array(z.looseObject({ type: z.string() })).min(1),
  message_send_ttl_seconds: z.number().int().optional(),
});
