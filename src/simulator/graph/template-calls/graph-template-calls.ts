import { type Body, missing } from "../protocol/protocol.ts";
import { chosen, type GraphPart, type GraphWorld, type NodeType, page } from "../calls/calls.ts";
import { fromLibrary } from "./graph-template-library.ts";
import { checkHeaderHandles } from "./graph-template-handles.ts";
import type { StandInTemplate } from "../state/state.ts";
import { templateStatus } from "../../world/world.ts";

/** The account's templates, and the review that each of them goes through. */
export function templatePart(world: GraphWorld): GraphPart {
  const { templates, uploads } = world;
  return {
    kindOf: (id) => (templates.find(id) ? "template" : undefined),
    accountOf: (id) => templates.find(id)?.waba_id,
    rows: {
      "GET account message_templates"(request) {
        const { id, query } = request;
        const all = templates.list(id, new URLSearchParams());
        return page(
          request,
          templates.list(id, query).map((template) => chosen(request, describeTemplate(template), TEMPLATE)),
          {
            message_template_count: new Set(all.map(({ name }) => name)).size,
            message_template_limit: TEMPLATE_LIMIT,
            are_translations_complete: areComplete(all),
          },
        );
      },
      async "POST account message_templates"({ id, parameters }) {
        const body = await parameters();
        // The library's own pictures are Meta's.
        if (body["library_template_name"] === undefined) checkHeaderHandles(uploads, body["components"]);
        const template = templates.create(id, fromLibrary(body));
        void reviewTemplate(world, template);
        return { id: template.id, status: "PENDING", category: template.category };
      },
      async "DELETE account message_templates"({ id, parameters }) {
        const { name, hsm_id } = await parameters();
        if (typeof name !== "string") throw missing("name");
        const gone = templates.delete(id, name, typeof hsm_id === "string" ? hsm_id : null);
        void world.later(
          async () => void (await world.deliver(gone.map((each) => told(world, each, "DELETED", "NONE")))),
        );
        return { success: true };
      },
      "GET template": (request) => chosen(request, describeTemplate(templates.find(request.id)!), TEMPLATE),
      async "POST template"({ id, parameters }) {
        const body = await parameters();
        checkHeaderHandles(uploads, body["components"]);
        const template = templates.edit(id, body);
        void reviewTemplate(world, template);
        return { success: true, id, name: template.name, category: template.category };
      },
    },
  };
}

/** Of a portfolio that is verified and has a number with an approved name; by names. */
const TEMPLATE_LIMIT = 6_000;

/** Each template is there in each language that any of them has. */
function areComplete(all: readonly StandInTemplate[]): boolean {
  const names = new Set(all.map(({ name }) => name));
  const languages = new Set(all.map(({ language }) => language));
  return names.size * languages.size === all.length;
}

/** Source: Meta's page of the template node. */
const TEMPLATE: NodeType = {
  name: "WhatsAppMessageTemplate",
  usual: ["name", "parameter_format", "components", "language", "status", "category", "sub_category"],
  more: [
    "correct_category",
    "cta_url_link_tracking_opted_out",
    "degrees_of_freedom_spec",
    "is_primary_device_delivery_only",
    "library_template_name",
    "message_send_ttl_seconds",
    "previous_category",
    "sub_category",
  ],
};

/** Whose it is, the path says. */
function describeTemplate(template: StandInTemplate): Body {
  const told: Body = { ...template, quality_score: { score: "UNKNOWN", date: 0 } };
  delete told["waba_id"];
  return told;
}

/** Decides by chance, after a time of chance, and tells it by webhook. */
export const reviewTemplate = (world: GraphWorld, template: StandInTemplate): Promise<void> =>
  world.later(async () => {
    const { settings, random, templates } = world;
    const [low, high] = settings.timing.review_ms;
    await world.pause(Math.round(low + random() * (high - low)));
    // It may have been deleted meanwhile.
    if (templates.find(template.id) !== template) return;
    const isApproved = random() < settings.approved;
    template.status = isApproved ? "APPROVED" : "REJECTED";
    template.rejected_reason = isApproved ? "NONE" : "INVALID_FORMAT";
    await world.deliver([told(world, template, template.status, template.rejected_reason)]);
  });

const told = ({ clock }: GraphWorld, template: StandInTemplate, event: string, reason: string) =>
  templateStatus({
    ...template,
    template_id: Number(template.id),
    event,
    reason,
    time: Math.floor(clock.now() / 1_000),
  });
