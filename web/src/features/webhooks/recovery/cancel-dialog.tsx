import "@mantine/core/styles/Modal.css";
import { Button, Modal } from "@mantine/core";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../../lib/server/action.ts";
import { call } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import classes from "./recovery.module.css";
import { CANCEL_PENDING, DRAWER, problemWords, RESEND } from "../delivery-texts.ts";

/** Cancels what waits, with its count first; for a few seconds it can be taken back. */
export function CancelDialog({
  endpoint,
  texts,
  counted,
  problem,
  cancel: send,
  onClose,
  onCancelled,
}: {
  endpoint: Endpoint;
  texts: { title: string; none: string; about: string };
  /** How many will be cancelled; without it they are being counted. */
  counted: { total: number; says: string } | undefined;
  problem: Error | null;
  cancel: () => Promise<{ cancelled: number; cancelled_at: string }>;
  onClose: () => void;
  onCancelled?: () => void;
}) {
  const client = useQueryClient();
  const undo = useUndo(endpoint);
  const cancel = useAction({
    mutationFn: send,
    onSuccess: async ({ cancelled, cancelled_at }) => {
      // Between the count and the press the last of them may have ended.
      if (cancelled > 0)
        toast("good", CANCEL_PENDING.done, CANCEL_PENDING.done_text(cancelled), () =>
          undo.mutate(cancelled_at),
        );
      else toast("bad", DRAWER.not_cancelled, texts.none);
      onCancelled?.();
      onClose();
      await refresh(client, endpoint);
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.title}
      centered
      closeButtonProps={{ "aria-label": RESEND.close }}
    >
      <div className={classes["dialog"]}>
        <p className={classes["count"]} role="status" data-none={counted?.total === 0 || undefined}>
          {problem ? (
            problemWords(problem)
          ) : counted === undefined ? (
            RESEND.counting
          ) : counted.total === 0 ? (
            texts.none
          ) : (
            <b>{counted.says}</b>
          )}
        </p>
        <p className={classes["soft"]}>{texts.about}</p>
        {cancel.isError && (
          <p className={classes["problem"]} role="alert">
            {problemWords(cancel.error)}
          </p>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {CANCEL_PENDING.keep}
          </Button>
          <Button
            color="red"
            disabled={!counted?.total}
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {CANCEL_PENDING.start(counted?.total ?? 0)}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function useUndo(endpoint: Endpoint) {
  const client = useQueryClient();
  return useAction({
    mutationFn: (cancelled_at: string) =>
      call("POST /api/v1/endpoints/:id/uncancel-pending", {
        params: { id: endpoint.id },
        body: { cancelled_at },
      }),
    onSuccess: async ({ restored }) => {
      toast("good", CANCEL_PENDING.undone, CANCEL_PENDING.undone_text(restored));
      await refresh(client, endpoint);
    },
    onError: (error) => toast("bad", DRAWER.not_restored, problemWords(error)),
  });
}

const refresh = (client: QueryClient, { id }: Endpoint) =>
  Promise.all([
    client.invalidateQueries({ queryKey: ["endpoint", id] }),
    client.invalidateQueries({ queryKey: ["endpoint-stats", id] }),
  ]);
