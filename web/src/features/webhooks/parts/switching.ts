import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { putEndpoint, sayProblem, useChange } from "../model/model.ts";
import { isOn } from "./health.tsx";
import { SWITCH } from "../texts.ts";

/** An event may have arrived just before the switch and have been dealt with just after it. */
const MARGIN_MS = 2_000;

/**
 * The user's switch, effective at once. Switching off can be undone: then what arrived meanwhile is sent too. None of it
 * needs the page that began it.
 */
export function useSwitch(endpoint: Endpoint): () => Promise<void> {
  const client = useQueryClient();
  const change = useChange(endpoint);
  return async () => {
    const on = isOn(endpoint);
    try {
      const changed = await change.mutateAsync({ enabled: !on });
      if (!on) return void toast("good", SWITCH.on, SWITCH.on_text);
      const { waiting } = await call("GET /api/v1/endpoints/:id/stats", {
        params: { id: endpoint.id },
        query: { range: "1h" },
      });
      toast("good", SWITCH.off, SWITCH.off_text(waiting.held), () => void undo(client, changed));
    } catch (error) {
      sayProblem(on ? SWITCH.not_off : SWITCH.not_on)(error as Error);
    }
  };
}

async function undo(client: QueryClient, { id, updated_at }: Endpoint): Promise<void> {
  const params = { id };
  const since = new Date(Date.parse(updated_at) - MARGIN_MS).toISOString();
  try {
    putEndpoint(client, await call("PATCH /api/v1/endpoints/:id", { params, body: { enabled: true } }));
    const { missing } = await call("GET /api/v1/endpoints/:id/recoverable", { params, query: { since } });
    if (missing > 0)
      await call("POST /api/v1/endpoints/:id/recover", { params, body: { since, what: "missing" } });
    toast("good", SWITCH.undone, SWITCH.undone_text(missing));
  } catch (error) {
    sayProblem(SWITCH.not_on)(error as Error);
  }
  await client.invalidateQueries({ queryKey: ["endpoint", id] });
}
