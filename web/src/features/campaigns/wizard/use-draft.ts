import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../lib/server/api.ts";
import { createSaver, type SaverState } from "../../../lib/server/saver.ts";
import { useSaver, withoutEmptyName } from "../../../lib/server/use-saver.ts";
import { serverNow } from "../../../lib/words/clock.ts";
import { type Campaign, campaignQuery, type Draft, type Form, formOf } from "../model/model.ts";

/** A draft that is saved by itself as one goes; what is left when one leaves is saved then. */
export function useDraft(campaign: Campaign): Draft & { state: SaverState<Form> } {
  const client = useQueryClient();
  const { id } = campaign;
  const [saver] = useState(() => {
    // What the form was made of: where another tab or user has changed it since, nothing is written over.
    let based_on = campaign.updated_at;
    return createSaver<Form>(
      formOf(campaign),
      async (change) => {
        const body = { ...change, based_on };
        const saved = await call("PATCH /api/v1/campaigns/:id", { params: { id }, body });
        based_on = saved.updated_at;
        client.setQueryData(campaignQuery(id).queryKey, saved);
        void client.invalidateQueries({ queryKey: ["campaigns"] });
      },
      { sendable: withoutEmptyName, now: () => new Date(serverNow()).toISOString() },
    );
  });
  const state = useSaver(saver);
  return {
    campaign,
    form: state.form,
    put: saver.put,
    version: state.version,
    saved: !state.dirty && !state.saving,
    flush: saver.flush,
    state,
  };
}
