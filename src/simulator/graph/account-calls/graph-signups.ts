import { z } from "zod";
import { type Body, unknownObject } from "../protocol/protocol.ts";
import {
  chosen,
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  type NodeType,
  page,
  readParameters,
} from "../calls/calls.ts";

const text = z.string().min(1).max(300);
const changed = z.object({
  signup_message: text.optional(),
  confirmation_message: text.optional(),
  website_url: z.url({ protocol: /^https$/ }).optional(),
  promo_code: z
    .string()
    .regex(/^[A-Za-z\d]{1,50}$/)
    .optional(),
  display_name: z.string().min(1).max(256).optional(),
  status: z.enum(["ACTIVE", "DISABLED"]).optional(),
});
const created = changed.omit({ status: true }).extend({
  signup_message: text,
  confirmation_message: text,
  privacy_policy_url: z.url({ protocol: /^https?$/ }),
  policy: z.looseObject({ tos: z.string(), accepted: z.boolean() }).optional(),
});

/** Links by which people say yes to marketing inside WhatsApp. */
export function signupPart(world: GraphWorld): GraphPart {
  const kept = new Map<string, Body & { waba_id: string }>();
  const found = ({ method, rest: [id = ""] }: GraphRequest) => {
    const signup = kept.get(id);
    if (!signup) throw unknownObject(method, id);
    return signup;
  };
  return {
    kindOf: (id) => (id === "signups" ? id : undefined),
    rows: {
      async "POST account signups"(request) {
        const { policy: _, ...about } = await readParameters(request, created);
        const id = world.newNumber();
        kept.set(id, { id, waba_id: request.id, status: "ACTIVE", ...about });
        return { id };
      },
      "GET account signups": (request) =>
        page(
          request,
          [...kept.values()]
            .filter(({ waba_id }) => waba_id === request.id)
            .map((signup) => chosen(request, signup, SIGNUP)),
        ),
      "GET signups *": (request) => chosen(request, found(request), SIGNUP),
      async "POST signups *"(request) {
        Object.assign(found(request), await readParameters(request, changed));
        return { success: true };
      },
    },
  };
}

const SIGNUP: NodeType = {
  name: "WhatsAppSignup",
  more: ["display_name", "promo_code", "website_url"],
};
