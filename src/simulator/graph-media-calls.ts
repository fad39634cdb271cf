import type { GraphPart, GraphRequest, GraphWorld } from "./graph-calls.ts";
import { missing } from "./graph-faults.ts";

/** Files: up, described, deleted. Their bytes are the server's to give. */
export function mediaPart(world: GraphWorld): GraphPart {
  const { media } = world;
  return {
    kindOf: (id) => (media.find(id) ? "media" : undefined),
    rows: {
      "POST number media": async (request) => ({ id: await upload(world, request) }),
      "GET media": ({ id, base_url }) => media.describe(id, base_url),
      "DELETE media"({ id }) {
        media.delete(id);
        return { success: true };
      },
    },
  };
}

async function upload({ media }: GraphWorld, { read, content_type, query }: GraphRequest): Promise<string> {
  let form: FormData;
  try {
    const bytes = await read();
    form = await new Response(new Uint8Array(bytes), {
      headers: { "content-type": content_type },
    }).formData();
  } catch {
    throw missing("file");
  }
  if ((form.get("messaging_product") ?? query.get("messaging_product")) !== "whatsapp")
    throw missing("messaging_product");
  const file = form.get("file");
  if (file === null || typeof file === "string") throw missing("file");
  return media.put({ bytes: Buffer.from(await file.arrayBuffer()), mime_type: file.type });
}
