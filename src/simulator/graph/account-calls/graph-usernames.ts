import { z } from "zod";
import { type GraphPart, type GraphWorld, readParameters } from "../calls/calls.ts";
import { GraphFault, graphFault } from "../protocol/protocol.ts";

/** Source: the rules that pages of Meta give for usernames. */
const asked = z.object({
  username: z
    .string()
    .regex(/^(?!www\.)(?![.])(?!.*[.]{2})[a-z\d._]{3,35}(?<![.])$/, "not a username")
    .refine((name) => /[a-z]/.test(name), "must hold a letter"),
  transfer_action: z.enum(["none", "force_transfer"]).default("none"),
});

/** The name by which people find a number without knowing it. */
export function usernamePart(world: GraphWorld): GraphPart {
  const { numbers, numberStates, simulator } = world;
  const state = (id: string) => numberStates.of(id);
  return {
    rows: {
      "GET number username"({ id }) {
        const { username } = state(id);
        if (username === null) throw graphFault("(#100) The phone number has no username");
        return { username, status: "approved" };
      },
      async "POST number username"(request) {
        const { username, transfer_action } = await readParameters(request, asked);
        if (simulator.personas().some((person) => person.username === username))
          throw new GraphFault(147001, `The username ${username} is taken.`);
        const holder = numbers.find(
          ({ phone_number_id }) =>
            phone_number_id !== request.id && state(phone_number_id).username === username,
        );
        if (holder && transfer_action === "none")
          throw new GraphFault(
            147005,
            `The username ${username} is in use by another number of the business.`,
          );
        if (holder) state(holder.phone_number_id).username = null;
        state(request.id).username = username;
        return { status: "approved" };
      },
      "DELETE number username"({ id }) {
        const number = state(id);
        if (number.username === null) throw graphFault("(#100) The phone number has no username");
        number.username = null;
        return { success: true };
      },
      "GET number username_suggestions"({ id }) {
        const { verified_name } = state(id);
        const stem = verified_name.toLowerCase().replace(/[^a-z\d]+/g, "");
        return { data: [{ username_suggestions: [stem, `${stem}.official`, `get_${stem}`] }] };
      },
    },
  };
}
