import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Endpoint } from "../../../lib/types.ts";
import { endpointQuery } from "../model/model.ts";
import { type Draft, rebase } from "./draft.ts";
import { type Conflict, type Side, withSide } from "./edit-conflicts.tsx";
import type { DraftState } from "./use-draft.ts";

/** What another person changed meanwhile: both sides, until one has chosen. */
interface Met {
  conflicts: Conflict[];
  yours: Draft;
  sides: Record<string, Side>;
  missed: boolean;
}

/** The settings that the draft began with, and which side one takes where another person has changed them meanwhile. */
export function useConflicts(endpoint: Endpoint, state: DraftState) {
  const client = useQueryClient();
  /** As it was when the form was opened, or when a conflict was met. */
  const [base, setBase] = useState(endpoint);
  const [met, setMet] = useState<Met | null>(null);
  const meet = async (conflicts: Conflict[]) => {
    const now = await client.fetchQuery({ ...endpointQuery(endpoint.id), staleTime: 0 });
    setMet({ conflicts, yours: state.draft, sides: {}, missed: false });
    state.set(rebase(state.draft, base, now));
    setBase(now);
  };
  const choose = (setting: string, side: Side) => {
    if (!met) return;
    state.set(withSide(state.draft, setting, side, base, met.yours));
    setMet({ ...met, sides: { ...met.sides, [setting]: side } });
  };
  /** Whether a side is chosen everywhere; where not, it is asked for. */
  const isResolved = (): boolean => {
    const left = met !== null && met.conflicts.some(({ setting }) => met.sides[setting] === undefined);
    if (left) setMet({ ...met, missed: true });
    return !left;
  };
  return { base, met, meet, choose, isResolved };
}
