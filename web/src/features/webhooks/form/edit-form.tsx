import { Button } from "@mantine/core";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { useOnce } from "../../../lib/server/action.ts";
import { call } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint, EndpointChanges } from "../../../lib/types.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { putEndpoint, sayProblem, sentenceOf, useChange } from "../model/model.ts";
import { changesBetween, draftOf } from "./draft.ts";
import { conflictsOf, EditConflicts } from "./edit-conflicts.tsx";
import { AddressFields, DeliveryFields } from "./settings-fields.tsx";
import { ADD, CONFIGURATION } from "../texts.ts";
import { type DraftState, useDraft } from "./use-draft.ts";
import { useConflicts } from "./use-conflicts.ts";
import { WaitingDialog } from "./waiting-dialog.tsx";
import classes from "../webhooks.module.css";

/** Changes the configuration. Only what was touched is sent, with the version that the form was opened with. */
export function EditForm({ endpoint, onDone }: { endpoint: Endpoint; onDone: () => void }) {
  const client = useQueryClient();
  const state = useDraft(draftOf(endpoint));
  const { base, met, meet, choose, isResolved } = useConflicts(endpoint, state);
  const change = useOnce(useChange(endpoint));
  const [problem, setProblem] = useState<string | null>(null);
  const [waiting, setWaiting] = useState<number | null>(null);

  const send = (changes: EndpointChanges) => {
    setProblem(null);
    change.mutate(
      { ...changes, version: base.version },
      {
        onSuccess: (saved) => {
          sayWhatIsSaved(client, changes, base, saved);
          onDone();
        },
        onError: (error) => {
          setWaiting(null);
          const conflicts = conflictsOf(error);
          if (conflicts) void meet(conflicts);
          else if (!state.refuse(error)) setProblem(sentenceOf(error));
        },
      },
    );
  };
  const save = async () => {
    if (!isResolved()) return;
    const changes = changesBetween(base, state.draft);
    if (Object.keys(changes).length === 0) return onDone();
    if (changes.url === undefined || !needsAnswer(endpoint)) return send(changes);
    try {
      const count = await countWaiting(endpoint.id);
      if (count > 0 || endpoint.state === "disabled") setWaiting(count);
      else send(changes);
    } catch (error) {
      setProblem(sentenceOf(error as Error));
    }
  };
  return (
    <form
      className={classes["form"]}
      aria-label={CONFIGURATION.form}
      noValidate
      onSubmit={(event) => state.submit(event, () => void save())}
    >
      {met && <EditConflicts {...met} onChoose={choose} />}
      <AddressFields state={state} own_id={endpoint.id} />
      <DeliveryFields state={state} />
      {problem && (
        <p className={classes["wrong"]} role="alert">
          {problem}
        </p>
      )}
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onDone}>
          {ADD.cancel}
        </Button>
        <Button type="submit" loading={change.isPending}>
          {ADD.save}
        </Button>
      </div>
      <WaitingDialog
        count={waiting}
        saving={change.isPending}
        onAnswer={(waiting_deliveries) => send({ ...changesBetween(base, state.draft), waiting_deliveries })}
        onClose={() => setWaiting(null)}
      />
      <AskBeforeLeaving state={state} />
    </form>
  );
}

function sayWhatIsSaved(
  client: QueryClient,
  changes: EndpointChanges,
  base: Endpoint,
  saved: Endpoint,
): void {
  const removed = Object.entries(changes.headers ?? {}).flatMap(([name, value]) =>
    value === null ? [name] : [],
  );
  if (removed.length > 0)
    toast("good", CONFIGURATION.saved, CONFIGURATION.header_removed(removed), () => {
      void putBack(client, base.id, removed);
    });
  else
    toast(
      "good",
      CONFIGURATION.saved,
      saved.version > base.version + 1 ? CONFIGURATION.merged : CONFIGURATION.saved_text,
    );
}

/** Something waits for an endpoint in trouble; what is well goes on at the new URL, and what is off stays off. */
const needsAnswer = ({ enabled, state }: Endpoint): boolean => enabled && state !== "ok";

async function countWaiting(id: string): Promise<number> {
  const { waiting } = await call("GET /api/v1/endpoints/:id/stats", {
    params: { id },
    query: { range: "1h" },
  });
  return waiting.pending + waiting.held;
}

/** Needs nothing of the form, which is closed by then. */
async function putBack(client: QueryClient, id: string, names: string[]) {
  try {
    putEndpoint(
      client,
      await call("POST /api/v1/endpoints/:id/restore-headers", { params: { id }, body: { names } }),
    );
    toast("good", CONFIGURATION.header_back, CONFIGURATION.header_back_text(names));
  } catch (error) {
    sayProblem(CONFIGURATION.header_not_back)(error as Error);
  }
}

function AskBeforeLeaving({ state: { touched } }: { state: DraftState }) {
  const blocker = useBlocker({
    shouldBlockFn: () => touched,
    enableBeforeUnload: () => touched,
    withResolver: true,
  });
  return (
    <Confirm
      opened={blocker.status === "blocked"}
      title={CONFIGURATION.leave_title}
      yes={CONFIGURATION.leave}
      no={CONFIGURATION.stay}
      onYes={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      <p>{CONFIGURATION.leave_text}</p>
    </Confirm>
  );
}
