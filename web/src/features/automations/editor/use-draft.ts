import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem, call } from "../../../lib/server/api.ts";
import { createSaver } from "../../../lib/server/saver.ts";
import { useSaver, withoutEmptyName } from "../../../lib/server/use-saver.ts";
import { serverNow } from "../../../lib/words/clock.ts";
import {
  type Automation,
  automationQuery,
  begin,
  type Flow,
  type History,
  redo,
  step,
  undo,
} from "../model/model.ts";

interface Form {
  name: string;
  flow: Flow;
}

/** Saves what is drawn as a change of the revision that it is based on. */
function createDraftSaver(
  automation: Automation,
  client: QueryClient,
  conflict: (theirs: Automation) => void,
) {
  const { id } = automation;
  let { revision } = automation;
  const saver = createSaver<Form>(
    { name: automation.name, flow: automation.flow },
    async (change) => {
      const body = change.flow ? { ...change, revision } : change;
      try {
        const saved = await call("PATCH /api/v1/automations/:id", { params: { id }, body });
        revision = saved.revision;
        client.setQueryData(automationQuery(id).queryKey, saved);
        void client.invalidateQueries({ queryKey: ["automations"] });
      } catch (error) {
        if (error instanceof ApiProblem && error.code === "AUTOMATION_CHANGED")
          conflict(await call("GET /api/v1/automations/:id", { params: { id } }));
        throw error;
      }
    },
    { sendable: withoutEmptyName, now: () => new Date(serverNow()).toISOString() },
  );
  const baseOn = (next: number) => {
    revision = next;
  };
  return { saver, baseOn };
}

/** A draft that is saved by itself as one draws, unless someone else has changed it meanwhile; every step can be undone. */
export function useDraft(automation: Automation) {
  const client = useQueryClient();
  /** What someone else has saved since; nothing is saved until a person has decided. */
  const [theirs, setTheirs] = useState<Automation | null>(null);
  const [history, setHistory] = useState<History<Flow>>(() => begin(automation.flow));
  const [{ saver, baseOn }] = useState(() => createDraftSaver(automation, client, setTheirs));
  const state = useSaver(saver);
  const become = (next: History<Flow>) => {
    setHistory(next);
    saver.put({ flow: next.now });
  };
  return {
    flow: history.now,
    name: state.form.name,
    rename: (name: string) => saver.put({ name }),
    put: (flow: Flow, about?: string) => become(step(history, flow, about ?? null)),
    undo: () => become(undo(history)),
    redo: () => become(redo(history)),
    can_undo: history.past.length > 0,
    can_redo: history.future.length > 0,
    state,
    flush: saver.flush,
    theirs,
    /** Ours takes the place of theirs. */
    overwrite: () => {
      if (theirs) baseOn(theirs.revision);
      setTheirs(null);
      void saver.flush().catch(() => {});
    },
    /** What is drawn here is dropped. */
    takeTheirs: () => {
      if (!theirs) return;
      baseOn(theirs.revision);
      setTheirs(null);
      client.setQueryData(automationQuery(theirs.id).queryKey, theirs);
      become(step(history, theirs.flow));
    },
  };
}
