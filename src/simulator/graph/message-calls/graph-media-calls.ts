import type { GraphPart, GraphRequest, GraphWorld } from "../calls/calls.ts";
import { missing, unknownObject } from "../protocol/protocol.ts";

/** Files: up, described, deleted. Their bytes are the server's to give. */
export function mediaPart(world: GraphWorld): GraphPart {
  const { media } = world;
  return {
    kindOf: (id) => (media.find(id) ? "media" : undefined),
    rows: {
      "POST number media": async (request) => ({ id: await upload(world, request) }),
      "GET media"(request) {
        checkNumber(world, request);
        return media.describe(request.id, request.base_url);
      },
      "DELETE media"(request) {
        checkNumber(world, request);
        media.delete(request.id);
        return { success: true };
      },
    },
  };
}

/** A call that names a number is answered for that number's files alone. */
function checkNumber({ media, numbers }: GraphWorld, { id, query, method }: GraphRequest): void {
  const asked = query.get("phone_number_id");
  const owner = media.ownerOf(id);
  const isRight = owner === null ? numbers.some((one) => one.phone_number_id === asked) : asked === owner;
  if (asked !== null && !isRight) throw unknownObject(method, id);
}

async function upload({ media }: GraphWorld, { id, parameters, files }: GraphRequest): Promise<string> {
  const { file } = await files();
  const { messaging_product } = await parameters();
  if (messaging_product !== "whatsapp") throw missing("messaging_product");
  if (!file) throw missing("file");
  return media.put(file, id);
}
