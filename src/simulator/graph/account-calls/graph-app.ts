import type { GraphPart, GraphRequest, GraphWorld } from "../calls/calls.ts";
import { GraphFault, missing } from "../protocol/protocol.ts";

/** The app: what it is, what its token may do, and which accounts it hears of. */
export function appPart(world: GraphWorld): GraphPart {
  const { app } = world;
  const subscribed = new Map<string, string | null>(world.waba_ids.map((id) => [id, null]));
  const describe = (waba_id: string) => {
    const override = subscribed.get(waba_id);
    return {
      whatsapp_business_api_data: { id: app.id, name: app.name, link: "https://example.org/" },
      ...(override ? { override_callback_uri: override } : {}),
    };
  };
  return {
    kindOf: (id) => (id === "app" || id === "debug_token" ? id : undefined),
    open: ["debug_token"],
    rows: {
      "GET app": () => ({ id: app.id, name: app.name }),
      "GET debug_token": (request) => inspect(world, request),
      "GET account subscribed_apps": ({ id }) => ({ data: subscribed.has(id) ? [describe(id)] : [] }),
      async "POST account subscribed_apps"({ id, parameters }) {
        const { override_callback_uri: override, verify_token } = await parameters();
        if (typeof override === "string" && override.length > 200)
          throw new GraphFault(100, "override_callback_uri must be at most 200 characters long.");
        if (typeof override === "string" && override !== "") {
          if (typeof verify_token !== "string" || verify_token === "") throw missing("verify_token");
          await world.shakeHands(override, verify_token);
        }
        subscribed.set(id, typeof override === "string" ? override : null);
        return { success: true };
      },
      "DELETE account subscribed_apps"({ id }) {
        subscribed.delete(id);
        return { success: true };
      },
    },
  };
}

function inspect({ app, token, waba_ids }: GraphWorld, { query, token: given }: GraphRequest) {
  const [id, secret] = given.split("|");
  if (id !== app.id || (app.secret !== undefined && secret !== app.secret))
    throw new GraphFault(
      190,
      "Error validating application. Cannot get application info due to a system error.",
    );
  const { scopes } = app;
  const isValid = token === undefined || query.get("input_token") === token;
  return {
    data: {
      app_id: app.id,
      type: "SYSTEM_USER",
      application: app.name,
      is_valid: isValid,
      ...(isValid
        ? {
            expires_at: 0,
            scopes,
            granular_scopes: scopes
              .filter((scope) => scope.startsWith("whatsapp_business_"))
              .map((scope) => ({ scope, target_ids: waba_ids })),
          }
        : { scopes: [], error: { code: 190, message: "Invalid OAuth access token." } }),
    },
  };
}
