import { type GraphPart, type GraphWorld, numberOf } from "../calls/calls.ts";
import { GraphFault } from "../protocol/protocol.ts";
import { takeMessage } from "../state/state.ts";
import { sendMessage } from "./graph-sending.ts";

/** The Marketing Messages API: the same messages and webhooks, for marketing templates alone. */
export function marketingPart(world: GraphWorld): GraphPart {
  return {
    rows: {
      async "POST number marketing_messages"({ id, parameters }) {
        const { message_activity_sharing: _, product_policy: __, ...body } = await parameters();
        const message = takeMessage(body);
        const number = numberOf(world, id)!;
        if (message.kind !== "message" || message.template === null)
          throw new GraphFault(134100, "Only template messages can be sent with this API.");
        const { name, language } = message.template;
        const [template] = world.templates.list(number.waba_id, new URLSearchParams({ name, language }));
        if (template && template.category !== "MARKETING")
          throw new GraphFault(134100, `Template ${name} is of the category ${template.category}.`);
        return sendMessage(world, number, message);
      },
    },
  };
}
