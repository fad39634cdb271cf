import "@mantine/core/styles/Modal.css";
import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../../lib/api.ts";
import { toast } from "../../../lib/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { statsQuery } from "./log-queries.ts";
import classes from "./recovery.module.css";
import { CANCEL_PENDING, DRAWER, problemWords, RESEND } from "./texts.ts";

export function CancelPendingDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const client = useQueryClient();
  const { data, error } = useQuery({ ...statsQuery(endpoint.id, "24h"), staleTime: 0 });
  const count = data ? data.waiting.pending + data.waiting.held : undefined;
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] }),
      client.invalidateQueries({ queryKey: ["endpoint-stats", endpoint.id] }),
    ]);
  const undo = useMutation({
    mutationFn: (cancelled_at: string) =>
      call("POST /api/v1/endpoints/:id/uncancel-pending", {
        params: { id: endpoint.id },
        body: { cancelled_at },
      }),
    onSuccess: async ({ restored }) => {
      toast("good", CANCEL_PENDING.undone, CANCEL_PENDING.undone_text(restored));
      await refresh();
    },
    onError: (error) => toast("bad", DRAWER.not_restored, problemWords(error)),
  });
  const cancel = useMutation({
    mutationFn: () => call("POST /api/v1/endpoints/:id/cancel-pending", { params: { id: endpoint.id } }),
    onSuccess: async ({ cancelled, cancelled_at }) => {
      toast("good", CANCEL_PENDING.done, CANCEL_PENDING.done_text(cancelled), () =>
        undo.mutate(cancelled_at),
      );
      onClose();
      await refresh();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={CANCEL_PENDING.title}
      centered
      closeButtonProps={{ "aria-label": RESEND.close }}
    >
      <div className={classes["dialog"]}>
        <p className={classes["count"]} role="status" data-none={count === 0 || undefined}>
          {error ? (
            problemWords(error)
          ) : count === undefined ? (
            RESEND.counting
          ) : count === 0 ? (
            CANCEL_PENDING.none
          ) : (
            <b>{CANCEL_PENDING.count(count)}</b>
          )}
        </p>
        <p className={classes["soft"]}>{CANCEL_PENDING.about}</p>
        {cancel.isError && (
          <p className={classes["problem"]} role="alert">
            {problemWords(cancel.error)}
          </p>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {CANCEL_PENDING.keep}
          </Button>
          <Button color="red" disabled={!count} loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {CANCEL_PENDING.start(count ?? 0)}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
