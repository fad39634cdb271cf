import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { NativeSelect } from "@mantine/core";
import { Confirm } from "../../../ui/confirm.tsx";
import { chevron } from "../../../ui/filter-bar.tsx";
import { BULK } from "../activity-texts.ts";
import { automationKey, type RunChoice, type RunVerb } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { MoveText } from "./move-text.tsx";

/** Something that is done for people, after it has been counted for how many. */
export function VerbDialog({
  automation_id,
  verb,
  choice,
  onDone,
  onClose,
}: {
  automation_id: string;
  verb: RunVerb;
  choice: RunChoice;
  onDone?: () => void;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [version, setVersion] = useState<"own" | "active">("own");
  const [from, setFrom] = useState("");
  const [lands, setLands] = useState<Record<string, string>>({});
  const params = { id: automation_id };
  const { data: counted, error } = useQuery({
    queryKey: [...automationKey(automation_id), "count", verb, choice] as const,
    queryFn: ({ signal }) =>
      call("POST /api/v1/automations/:id/runs/count", { params, body: { ...choice, verb }, signal }),
    staleTime: 0,
  });
  const act = useAction({
    mutationFn: () => {
      if (verb === "retry")
        return call("POST /api/v1/automations/:id/runs/retry", {
          params,
          body: { ...choice, version, ...(from !== "" && { from }) },
        });
      if (verb === "move")
        return call("POST /api/v1/automations/:id/runs/move", { params, body: { ...choice, lands } });
      return call(`POST /api/v1/automations/:id/runs/${verb}`, { params, body: choice });
    },
    onSuccess: ({ says }) => {
      toast("good", BULK.verbs[verb].done, says);
      void client.invalidateQueries({ queryKey: automationKey(automation_id) });
      onDone?.();
      onClose();
    },
    onError: (problem) => toast("bad", BULK.verbs[verb].failed, wordsOf(problem)),
  });
  const count = counted?.count ?? null;
  return (
    <Confirm
      opened
      title={count === null ? BULK.verbs[verb].button : BULK.title[verb](count)}
      yes={BULK.verbs[verb].yes}
      danger={verb === "cancel"}
      loading={act.isPending}
      disabled={count === null || count === 0}
      onYes={() => act.mutate()}
      onClose={onClose}
    >
      {error ? (
        <p role="alert">{wordsOf(error)}</p>
      ) : (
        <p role="status">{count === null ? BULK.counting : count === 0 ? BULK.none : counted?.says}</p>
      )}
      {verb === "retry" && (
        <RetryFields version={version} setVersion={setVersion} from={from} setFrom={setFrom} />
      )}
      {verb === "cancel" && <p>{BULK.cancel_text}</p>}
      {verb === "resume" && <p>{BULK.resume_text}</p>}
      {verb === "move" && (
        <MoveText automation_id={automation_id} choice={choice} lands={lands} setLands={setLands} />
      )}
    </Confirm>
  );
}

function RetryFields({
  version,
  setVersion,
  from,
  setFrom,
}: {
  version: "own" | "active";
  setVersion: (version: "own" | "active") => void;
  from: string;
  setFrom: (node_id: string) => void;
}) {
  const { flow, nameOf } = useDrawing();
  return (
    <>
      <p>{BULK.retry_text}</p>
      <NativeSelect
        label={BULK.version}
        rightSection={chevron}
        data={(["own", "active"] as const).map((value) => ({ value, label: BULK.versions[value] }))}
        value={version}
        onChange={({ currentTarget: { value } }) => setVersion(value === "active" ? "active" : "own")}
      />
      <NativeSelect
        label={BULK.from}
        rightSection={chevron}
        data={[
          { value: "", label: BULK.from_end },
          ...flow.nodes
            .filter(({ type }) => type !== "trigger")
            .map(({ id }) => ({ value: id, label: nameOf(id) })),
        ]}
        value={from}
        onChange={({ currentTarget: { value } }) => setFrom(value)}
      />
    </>
  );
}
