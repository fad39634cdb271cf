import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { type Automation, automationKey, automationQuery, existingQuery } from "../model/model.ts";
import { TURN } from "../texts.ts";
import classes from "./parts.module.css";

/** Tells everything that shows an automation that it is another now. */
export function useChanged() {
  const client = useQueryClient();
  return (automation: Automation) => {
    client.setQueryData(automationQuery(automation.id).queryKey, automation);
    void client.invalidateQueries({ queryKey: automationKey(automation.id) });
    void client.invalidateQueries({ queryKey: ["automations"] });
  };
}

/** Before people enter: what is missing, or how many enter at once. */
export function ActivateDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: automation, error, isFetching } = useQuery(automationQuery(id));
  const version = automation?.version ?? null;
  const changed = useChanged();
  const activate = useAction({
    mutationFn: (revision: number) =>
      call("POST /api/v1/automations/:id/activate", { params: { id }, body: { revision } }),
    onSuccess: (saved) => {
      changed(saved);
      toast("good", TURN.activated, TURN.activated_text(saved.version ?? 1));
      onClose();
    },
    onError: (problem) => toast("bad", TURN.not_activated, wordsOf(problem)),
  });
  const existing = useQuery({
    ...existingQuery(id, automation?.revision ?? 0),
    enabled: automation?.flow.settings.include_existing ?? false,
  });
  const takes_existing = automation?.flow.settings.include_existing ?? false;
  const wrong = (automation?.checks ?? []).filter(({ level }) => level === "error");
  const count = existing.data?.count ?? null;
  if (automation && wrong.length > 0)
    return (
      <Confirm
        opened
        title={TURN.not_activated}
        yes={TURN.ok}
        onYes={onClose}
        onClose={onClose}
        no={TURN.close}
      >
        <p>{TURN.checks(wrong.length)}</p>
        <ul className={classes["wrong"]}>
          {wrong.slice(0, 6).map(({ says, node_id }) => (
            <li key={`${node_id} ${says}`}>{says}</li>
          ))}
        </ul>
        <p>
          <Link
            to="/automations/$automation_id"
            params={{ automation_id: id }}
            search={{ panel: "checks" }}
            onClick={onClose}
          >
            {TURN.see_checks}
          </Link>
        </p>
      </Confirm>
    );
  return (
    <Confirm
      opened
      title={version === null ? TURN.ask_first : TURN.ask_on(version + 1)}
      yes={takes_existing && count !== null ? TURN.enter_existing(count) : TURN.on}
      loading={activate.isPending}
      disabled={!automation || isFetching || (takes_existing && !existing.data)}
      onYes={() => automation && activate.mutate(automation.revision)}
      onClose={onClose}
    >
      {error && <p role="alert">{wordsOf(error)}</p>}
      {!automation && !error && <Skeleton h={40} />}
      {automation && <p>{TURN.on_text}</p>}
      {automation && automation.counts.active > 0 && <p>{TURN.on_text_inside(automation.counts.active)}</p>}
      {takes_existing && (
        <p role="status">
          {existing.data ? existing.data.says : existing.error ? TURN.no_count : TURN.counting}
        </p>
      )}
    </Confirm>
  );
}
