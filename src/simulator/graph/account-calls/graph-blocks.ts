import { z } from "zod";
import {
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  JsonAnswer,
  numberOf,
  page,
  personSaid,
  readParameters,
  requireProduct,
  word,
} from "../calls/calls.ts";
import { answerOf, failureOf, GraphFault } from "../protocol/protocol.ts";

const named = z.object({
  block_users: z
    .array(z.object({ user: word.optional(), user_id: z.string().optional() }))
    .min(1)
    .max(1_000),
});

/** People whose messages WhatsApp keeps from a number. */
export function blockPart(world: GraphWorld): GraphPart {
  const { memory } = world.simulator;
  const read = async (request: GraphRequest) => {
    requireProduct(await request.parameters());
    return (await readParameters(request, named)).block_users.map((said) => personSaid(world, said));
  };
  return {
    rows: {
      async "POST number block_users"(request) {
        const people = (await read(request)).map((person) => ({
          person,
          code: refusalOf(world, request.id, person.user_id, person.wa_id),
        }));
        const added = people.filter(({ code }) => code === null).map(({ person }) => person);
        for (const person of added) memory.block(request.id, person, true);
        const failed = people.filter(({ code }) => code !== null);
        const block_users = { added_users: added.map(shown) };
        if (failed.length === 0) return { messaging_product: "whatsapp", block_users };
        const { http_status, body } = answerOf(
          new GraphFault(139100, "Failed to block some users, see the block_users response list for details"),
        );
        return new JsonAnswer(http_status, {
          messaging_product: "whatsapp",
          block_users: {
            ...block_users,
            failed_users: failed.map(({ person, code }) => ({
              ...shown(person),
              errors: [failureOf(code!)],
            })),
          },
          ...(body as object),
        });
      },
      async "DELETE number block_users"(request) {
        const people = await read(request);
        for (const person of people) memory.block(request.id, person, false);
        return { messaging_product: "whatsapp", block_users: { removed_users: people.map(shown) } };
      },
      "GET number block_users": (request) =>
        page(
          request,
          memory.blocked(request.id).map(({ user_id, wa_id }) => ({
            messaging_product: "whatsapp",
            ...shown({ input: wa_id ?? user_id, user_id, wa_id }),
          })),
        ),
    },
  };
}

const shown = ({ input, wa_id, user_id }: { input: string; wa_id: string | null; user_id: string }) => ({
  input,
  ...(wa_id === null ? {} : { wa_id }),
  user_id,
});

/** The business itself can't be blocked, nor who hasn't written within a day. */
function refusalOf(
  world: GraphWorld,
  phone_number_id: string,
  user_id: string,
  wa_id: string | null,
): number | null {
  if (wa_id === numberOf(world, phone_number_id)!.display_phone_number.replace(/\D/g, "")) return 131021;
  const now_s = world.clock.now() / 1_000;
  return world.simulator.memory.hasWritten(phone_number_id, user_id, now_s) ? null : 131047;
}
