import type { Body, GraphPart, GraphWorld } from "./graph-calls.ts";
import { chosen, page } from "./graph-page.ts";
import type { StandInTemplate } from "./graph-templates.ts";
import { templateStatus } from "./updates.ts";

/** The account's templates, and the review that each of them goes through. */
export function templatePart(world: GraphWorld): GraphPart {
  const { templates } = world;
  return {
    kindOf: (id) => (templates.find(id) ? "template" : undefined),
    accountOf: (id) => templates.find(id)?.waba_id,
    rows: {
      "GET account message_templates": ({ id, query }) =>
        page(
          templates.list(id, query).map((template) => chosen(describeTemplate(template), query)),
          query,
        ),
      async "POST account message_templates"({ id, json }) {
        const template = templates.create(id, await json());
        void reviewTemplate(world, template);
        return { id: template.id, status: "PENDING", category: template.category };
      },
      "DELETE account message_templates"({ id, query }) {
        templates.delete(id, query.get("name") ?? "", query.get("hsm_id"));
        return { success: true };
      },
      "GET template": ({ id, query }) => chosen(describeTemplate(templates.find(id)!), query),
      async "POST template"({ id, json }) {
        void reviewTemplate(world, templates.edit(id, await json()));
        return { success: true };
      },
    },
  };
}

/** Whose it is, the path says. */
const describeTemplate = (template: StandInTemplate): Body => ({ ...template, waba_id: undefined });

/** Decides by chance, after a time of chance, and tells it by webhook. */
export const reviewTemplate = (world: GraphWorld, template: StandInTemplate): Promise<void> =>
  world.later(async () => {
    const { settings, random, templates, clock } = world;
    const [low, high] = settings.timing.review_ms;
    await world.pause(Math.round(low + random() * (high - low)));
    // It may have been deleted meanwhile.
    if (templates.find(template.id) !== template) return;
    const isApproved = random() < settings.approved;
    template.status = isApproved ? "APPROVED" : "REJECTED";
    template.rejected_reason = isApproved ? "NONE" : "INVALID_FORMAT";
    await world.deliver([
      templateStatus({
        ...template,
        template_id: Number(template.id),
        event: template.status,
        reason: template.rejected_reason,
        time: Math.floor(clock.now() / 1_000),
      }),
    ]);
  });
